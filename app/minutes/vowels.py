"""Vowel signs that are typed after their consonant but drawn before it, as in Devanagari, Bengali, Tamil or Burmese.

ReportLab draws characters in the order it gets them, and the sign in the wrong place makes another name: Amit would
read as Amati. Consonants are not joined into conjuncts; the sign that shows a missing vowel is drawn instead.
"""

import re
import unicodedata

# Signs with a part on both sides of the consonant; Unicode decomposes each into its parts, the left one first.
_TWO_SIDED = re.compile("[\u09cb\u09cc\u0bca-\u0bcc\u0d4a-\u0d4c\u0dda\u0ddc-\u0dde]")
_LEFT = "[\u093f\u09bf\u09c7\u09c8\u0a3f\u0abf\u0bc6-\u0bc8\u0d46-\u0d48\u0dd9\u0ddb\u1031\u17c1-\u17c3]"
_BELOW = "[\u093c\u09bc\u0a3c\u0abc\u103a-\u103e]*"
_SYLLABLE = re.compile(rf"(?P<consonant>[^\W\d_]{_BELOW})(?P<sign>{_LEFT})")


def in_drawn_order(text: str) -> str:
    """Return ``text`` with each such sign, or its left part, before the consonant it belongs to."""
    parted = _TWO_SIDED.sub(lambda sign: unicodedata.normalize("NFD", sign.group()), text)
    return _SYLLABLE.sub(r"\g<sign>\g<consonant>", parted)
