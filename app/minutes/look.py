"""How the minutes look: A4, black on white, thin rules, and nothing that only a colour says."""

from app.minutes.fonts import BOLD, REGULAR, ready

# isort: split
from reportlab.lib.colors import Color, black, white
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle

PAGE = A4
SIDE = 62.0
WIDTH = PAGE[0] - 2 * SIDE
HEAD = 34.0
HEADER_GAP = 3.0
FOOT = 62.0
RULE = Color(0.62, 0.62, 0.62)
PAPER = white
SOFT = Color(0.25, 0.25, 0.25)
CELL = 4.5
TABLE_START = 84.0  # a table begins on a page only where its header and two lines fit

ready()


def _style(
    name: str, size: float, leading: float, *, bold: bool = False, before: float = 0, after: float = 0, **more: object
) -> ParagraphStyle:
    font = BOLD if bold else REGULAR
    return ParagraphStyle(
        name,
        fontName=font,
        bulletFontName=font,
        fontSize=size,
        bulletFontSize=size,
        leading=leading,
        spaceBefore=before,
        spaceAfter=after,
        splitLongWords=1,
        allowWidows=0,
        allowOrphans=0,
        **more,
    )


TITLE = _style("title", 23, 29, bold=True, after=3)
UNDER_TITLE = _style("under title", 11, 15, textColor=SOFT, after=12)
HEADINGS = (
    _style("heading 1", 15.5, 20, bold=True, before=20, after=7),
    _style("heading 2", 12.5, 17, bold=True, before=14, after=5),
    _style("heading 3", 11.5, 16, bold=True, before=10, after=3),
)
NORMAL = _style("normal", 11.5, 16.5, after=7)
NOTE = _style("note", 10, 14, after=6, textColor=SOFT)
QUOTE = _style("quote", 11.5, 16.5)
WARNING = _style("warning", 11.5, 16.5, bold=True)
LISTED = _style("listed", 11.5, 16.5, after=4, leftIndent=22, bulletIndent=4)
CELL_TEXT = _style("cell", 10.5, 14.5)
CELL_LABEL = _style("label", 10.5, 14.5, bold=True)
FACTS_CELLS = (CELL_LABEL, CELL_TEXT)
CELL_HEAD = _style("column", 10, 13.5, bold=True)
MARKING = _style("marking", 10.5, 14, bold=True)
REFERENCE = _style("reference", 10.5, 14, alignment=2)
ALERT = _style("alert", 11, 15, bold=True)
FOOTER_SIZE = 9.0
FOOTER = _style("footer", FOOTER_SIZE, 12)
PANEL_NAME = _style("signer", 13, 17, bold=True)

_FRAME = [
    ("FONTNAME", (0, 0), (-1, -1), REGULAR),
    ("LEFTPADDING", (0, 0), (-1, -1), CELL),
    ("RIGHTPADDING", (0, 0), (-1, -1), CELL),
    ("TOPPADDING", (0, 0), (-1, -1), CELL),
    ("BOTTOMPADDING", (0, 0), (-1, -1), CELL + 1),
    ("VALIGN", (0, 0), (-1, -1), "TOP"),
]
HEADER_TABLE = [*_FRAME, ("LEFTPADDING", (0, 0), (0, -1), 0), ("RIGHTPADDING", (-1, 0), (-1, -1), 0)]
FACTS_TABLE = [*_FRAME, ("LEFTPADDING", (0, 0), (0, -1), 0), ("LINEBELOW", (0, 0), (-1, -1), 0.4, RULE)]
ROWS_TABLE = [
    *_FRAME,
    ("LINEBELOW", (0, 0), (-1, -1), 0.4, RULE),
    ("LINEABOVE", (0, 0), (-1, 0), 1, black),
    ("LINEBELOW", (0, 0), (-1, 0), 1, black),
]
QUOTE_TABLE = [*_FRAME, ("LINEBEFORE", (0, 0), (0, -1), 2, SOFT), ("LEFTPADDING", (0, 0), (-1, -1), 12)]
BOX_TABLE = [*_FRAME, ("BOX", (0, 0), (-1, -1), 1.2, black), ("LEFTPADDING", (0, 0), (-1, -1), 9)]
PANEL_TABLE = [
    *_FRAME,
    ("BOX", (0, 0), (-1, -1), 0.8, black),
    ("LEFTPADDING", (0, 0), (-1, -1), 12),
    ("TOPPADDING", (0, 0), (0, 0), 11),
    ("BOTTOMPADDING", (0, -1), (0, -1), 12),
]
