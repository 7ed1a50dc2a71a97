"""The one place where text that people typed becomes a paragraph of the minutes.

Nothing typed is ever markup, and nothing typed disappears: what cannot be seen, or what no font draws, is printed as
its code point, such as ``[U+200B]``.
"""

import re
import unicodedata
from html import escape

from app.minutes.fonts import BOLD, REGULAR, face_of

# isort: split
from reportlab.lib.styles import ParagraphStyle
from reportlab.platypus import Paragraph  # noqa: TID251  this is the one place

from app.minutes.righttoleft import RUN as RIGHT_TO_LEFT
from app.minutes.righttoleft import lines_as_drawn
from app.minutes.vowels import in_drawn_order

__all__ = ["one_line", "paragraph", "pdf_text", "pieces", "visible"]

# Both text fonts have all of these, so they need no second look. U+00AD, the soft hyphen, is not among them.
_PLAIN = r"\n\t\x20-\x7e\u00a0-\u00ac\u00ae-\u017f\u2010-\u2015\u2018-\u201e\u2022\u2026"
_ALL_PLAIN = re.compile(f"[{_PLAIN}]*")
_ODD = re.compile(f"[^{_PLAIN}]")
_RUN = re.compile(f"(?P<rtl>{RIGHT_TO_LEFT})|[^{_PLAIN}]+")

_PIECE = 3000
_PIECE_LINES = 60

_UNSEEN_CATEGORIES = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})
# Marks and letters that Unicode draws as nothing at all, though their category does not say so.
_UNSEEN = re.compile("[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u3164\ufe00-\ufe0f\uffa0]")


def visible(text: str, bold: bool = False) -> str:
    """Return ``text`` in composed form, with each character that could not be seen replaced by its code point."""
    if text.isascii() and text.isprintable():
        return text
    lines = text.replace("\r\n", "\n").replace("\u2028", "\n").replace("\u2029", "\n")
    composed = unicodedata.normalize("NFC", lines)
    return _ODD.sub(lambda odd: _seen(odd.group(), bold), composed)


def pdf_text(text: str, bold: bool = False) -> str:
    """Return ``text`` as ReportLab markup that draws exactly that text, in fonts that have its letters."""
    if text.isascii() and text.isprintable():
        return escape(text, quote=False)
    markup = escape(visible(text, bold), quote=False)
    if not _ALL_PLAIN.fullmatch(markup):
        markup = _RUN.sub(lambda run: _in_its_fonts(run, bold), markup)
    return markup.replace("\n", "<br/>")


def paragraph(text: str, style: ParagraphStyle, bullet: str | None = None) -> Paragraph:
    """Return ``text`` as a paragraph of ``style``, in one of the two text fonts, after ``bullet``."""
    return Paragraph(pdf_text(text, style.fontName == BOLD), style, bulletText=bullet)


def one_line(text: str, limit: int) -> str:
    """Return ``text`` as it would be seen, on one line, cut to ``limit`` characters with an ellipsis."""
    line = " ".join(visible(text).split())
    return line if len(line) <= limit else line[: limit - 1] + "\u2026"


def pieces(text: str) -> list[str]:
    """Return ``text`` in pieces short enough to lay out quickly, cut at a line end or a space where there is one."""
    if len(text) <= _PIECE and text.count("\n") <= _PIECE_LINES:
        return [text]
    found = []
    while len(text) > _PIECE or text.count("\n") > _PIECE_LINES:
        window = text[:_PIECE]
        if window.count("\n") > _PIECE_LINES:
            window = "\n".join(window.split("\n", _PIECE_LINES)[:_PIECE_LINES]) + "\n"
        cut = max(window.rfind("\n"), window.rfind(" ") if window.count("\n") < 2 else -1) + 1 or len(window)
        found.append(text[:cut].removesuffix("\n"))
        text = text[cut:]
    return [*found, text]


def _seen(character: str, bold: bool) -> str:
    if unicodedata.category(character) in _UNSEEN_CATEGORIES or _UNSEEN.match(character):
        return _code_point(character)
    if unicodedata.category(character) == "Zs":
        return " "
    return character if face_of(character, bold) else _code_point(character)


def _code_point(character: str) -> str:
    return f"[U+{ord(character):04X}]"


def _in_its_fonts(run: re.Match[str], bold: bool) -> str:
    if run["rtl"]:
        return "<br/>".join(_faces(line, bold) for line in lines_as_drawn(run["rtl"], lambda c: bool(face_of(c, bold))))
    return _faces(in_drawn_order(run.group()), bold)


def _faces(text: str, bold: bool) -> str:
    """Return ``text`` cut into runs of one font each."""
    pieces: list[str] = []
    current = ""
    for character in text:
        face = face_of(character, bold) or (BOLD if bold else REGULAR)
        if face != current:
            pieces.append(f'</font><font face="{face}">' if current else f'<font face="{face}">')
            current = face
        pieces.append(character)
    return "".join((*pieces, "</font>"))
