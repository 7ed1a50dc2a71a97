"""Which of the program's fonts draws a character; each font is read when the first character needs it."""

from bisect import bisect_right
from functools import cache

from app.minutes import own_settings

# isort: split
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFError, TTFont

from app.resources import folder

__all__ = ["BOLD", "REGULAR", "face_of", "ready"]

REGULAR = "NotoSans-Regular"
BOLD = "NotoSans-Bold"
_SIGNS = "DejaVuSans"
_EAST_ASIAN = "WenQuanYiMicroHei"
_BOLD_OF = {REGULAR: BOLD, _SIGNS: "DejaVuSans-Bold"}

# First code point of each block and the font for it; "" is left to the fonts with signs and rarer letters.
_BLOCKS: tuple[tuple[int, str], ...] = (
    (0x0000, ""),
    (0x0530, "NotoSansArmenian-Regular"),
    (0x0590, "NotoSansHebrew-Regular"),
    (0x0600, "NotoSansArabic-Regular"),
    (0x0700, ""),
    (0x0750, "NotoSansArabic-Regular"),
    (0x0780, ""),
    (0x08A0, "NotoSansArabic-Regular"),
    (0x0900, "NotoSansDevanagari-Regular"),
    (0x0980, "NotoSansBengali-Regular"),
    (0x0A00, "NotoSansGurmukhi-Regular"),
    (0x0A80, "NotoSansGujarati-Regular"),
    (0x0B00, ""),
    (0x0B80, "NotoSansTamil-Regular"),
    (0x0C00, "NotoSansTelugu-Regular"),
    (0x0C80, "NotoSansKannada-Regular"),
    (0x0D00, "NotoSansMalayalam-Regular"),
    (0x0D80, "NotoSansSinhala-Regular"),
    (0x0E00, "NotoSansThai-Regular"),
    (0x0E80, "NotoSansLao-Regular"),
    (0x0F00, ""),
    (0x1000, "NotoSansMyanmar-Regular"),
    (0x10A0, "NotoSansGeorgian-Regular"),
    (0x1100, _EAST_ASIAN),
    (0x1200, "NotoSansEthiopic-Regular"),
    (0x13A0, ""),
    (0x1780, "NotoSansKhmer-Regular"),
    (0x1800, ""),
    (0x1C90, "NotoSansGeorgian-Regular"),
    (0x1CC0, ""),
    (0x2D00, "NotoSansGeorgian-Regular"),
    (0x2D30, ""),
    (0x2D80, "NotoSansEthiopic-Regular"),
    (0x2DE0, ""),
    (0x2E80, _EAST_ASIAN),
    (0xA000, ""),
    (0xA8E0, "NotoSansDevanagari-Regular"),
    (0xA900, ""),
    (0xAB00, "NotoSansEthiopic-Regular"),
    (0xAB30, ""),
    (0xAC00, _EAST_ASIAN),
    (0xD800, ""),
    (0xF900, _EAST_ASIAN),
    (0xFB00, ""),
    (0xFB13, "NotoSansArmenian-Regular"),
    (0xFB1D, "NotoSansHebrew-Regular"),
    (0xFB50, "NotoSansArabic-Regular"),
    (0xFE00, ""),
    (0xFE70, "NotoSansArabic-Regular"),
    (0xFF00, _EAST_ASIAN),
)
_STARTS = [start for start, _ in _BLOCKS]


@cache
def _letters(face: str) -> frozenset[int]:
    """Return the code points ``face`` draws, once it is registered for drawing."""
    name = "WenQuanYiMicroHei.ttc" if face == _EAST_ASIAN else f"{face}.ttf"
    try:
        font = TTFont(face, str(folder("fonts", name)), shapable=False)
    except TTFError as broken:
        raise FileNotFoundError("a font of the program is missing; please install Chairside again") from broken
    pdfmetrics.registerFont(font)
    pdfmetrics.registerFontFamily(face, normal=face, bold=face, italic=face, boldItalic=face)
    return frozenset(code for code, glyph in font.face.charToGlyph.items() if glyph)


def ready() -> None:
    """Register the two fonts that every document uses."""
    own_settings.check()
    _letters(REGULAR)
    _letters(BOLD)


@cache
def face_of(character: str, bold: bool = False) -> str | None:
    """Return the name of a registered font that draws ``character``, or None if there is none.

    Only the Basic Multilingual Plane is tried: beyond it the text could not be copied out of the PDF again.
    """
    code = ord(character)
    if code > 0xFFFF:
        return None
    of_the_script = _BLOCKS[bisect_right(_STARTS, code) - 1][1]
    for face in (REGULAR, of_the_script, _SIGNS, _EAST_ASIAN):
        if not face:
            continue
        drawn_by = _BOLD_OF.get(face, face) if bold else face
        if code in _letters(drawn_by):
            return drawn_by
    return None
