"""Names in Hebrew and Arabic letters, put into the order and the joined forms in which they are drawn.

ReportLab draws from left to right and joins nothing. Within one stretch of right-to-left words the letters are
therefore turned round here, and Arabic letters get their joined forms from Unicode's compatibility characters, which
turn back into the plain letters under NFKC. A long stretch becomes several lines of its own. Stretches on both sides
of a number or of a Latin word are each right in themselves, but keep the order in which they were typed.
"""

import unicodedata
from collections.abc import Callable
from functools import cache

# Letters and marks of the right-to-left blocks, without digits and signs of numbers, which run from left to right.
_LETTER = "[\u0590-\u065f\u066d-\u06ef\u06fa-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]"
RUN = f"{_LETTER}(?:[ '\u2019-]?{_LETTER})*"
_LONGEST_LINE = 32
_FORMS = ("<isolated>", "<initial>", "<medial>", "<final>")


@cache
def _joined_forms() -> dict[str, dict[str, str]]:
    """Return for each Arabic letter its drawn form by place: isolated, initial, medial or final."""
    forms: dict[str, dict[str, str]] = {}
    for code in (*range(0xFB50, 0xFC00), *range(0xFE80, 0xFEF5)):
        place, *letters = unicodedata.decomposition(chr(code)).split() or [""]
        if place in _FORMS and len(letters) == 1:
            forms.setdefault(chr(int(letters[0], 16)), {}).setdefault(place, chr(code))
    return forms


def lines_as_drawn(run: str, drawable: Callable[[str], bool]) -> list[str]:
    """Return ``run`` as lines that read rightly when their characters are drawn from left to right.

    A joined form is used only if ``drawable`` says that a font has it. Spaces become spaces that do not break.
    """
    lines: list[list[str]] = [[]]
    for word in run.split(" "):
        if lines[-1] and sum(map(len, lines[-1])) + len(word) > _LONGEST_LINE:
            lines.append([])
        lines[-1].append(_word_as_drawn(word, drawable))
    return ["\u00a0".join(reversed(words)) for words in lines]


def _word_as_drawn(word: str, drawable: Callable[[str], bool]) -> str:
    clusters: list[str] = []
    for character in _joined(word, drawable):
        if clusters and unicodedata.combining(character):
            clusters[-1] += character
        else:
            clusters.append(character)
    return "".join(reversed(clusters))


def _joined(word: str, drawable: Callable[[str], bool]) -> str:
    """Return ``word`` with each Arabic letter in the form its neighbours ask for."""
    forms = _joined_forms()
    letters = [place for place, character in enumerate(word) if not unicodedata.combining(character)]
    drawn = list(word)
    for at, place in enumerate(letters):
        before = forms.get(word[letters[at - 1]], {}) if at else {}
        after = forms.get(word[letters[at + 1]], {}) if at + 1 < len(letters) else {}
        own = forms.get(word[place], {})
        joins_before = "<final>" in own and "<initial>" in before
        joins_after = "<initial>" in own and "<final>" in after
        wanted = _FORMS[(3 if joins_before else 0) if not joins_after else (2 if joins_before else 1)]
        form = own.get(wanted, "")
        if form and drawable(form):
            drawn[place] = form
    return "".join(drawn)
