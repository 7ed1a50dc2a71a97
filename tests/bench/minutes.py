"""The row about minutes: forty pages from the record, against ReportLab alone drawing the same pages."""

import json
from collections.abc import Iterator
from html import escape
from io import BytesIO
from itertools import zip_longest
from typing import Any

from app import resources
from app.minutes import look
from app.minutes.compose import compose
from app.minutes.document import (
    Block,
    Document,
    Facts,
    Heading,
    Listing,
    PageBreak,
    SignaturePanel,
    Table,
    Text,
    TextRole,
)
from app.minutes.fonts import REGULAR
from app.minutes.pages import page_count
from app.minutes.pdf import draw
from app.models.meeting import Meeting
from app.services import exchange, opening
from app.services.meetings import load
from app.services.sitting import Sitting
from tests.bench.row import Row, ratio_row
from tests.bench.stores import a_sitting

# isort: split
from reportlab.platypus import PageBreak as NewPage
from reportlab.platypus import Paragraph, SimpleDocTemplate, Spacer
from reportlab.platypus import Table as Grid

PAGES = 40
_HEADER, _FOOTER = 75, 16


def forty_pages(runs: int = 7) -> Row:
    """Composing and drawing the minutes of a long meeting, against drawing the same words with ReportLab alone."""
    with a_sitting() as sitting:
        opening.introduce(sitting, "Morgan Ellery", "Team manager", "Fernleigh Children's Services")
        meeting = load(sitting, exchange.import_record(sitting, _long_record()).id)
        record = exchange.export_meeting(sitting, meeting.id)
        document = _composed(sitting, meeting)

        def ours() -> bytes:
            return draw(_composed(sitting, meeting), {"record.json": record})

        ours_pages, plain_pages = page_count(ours()), page_count(_plain(document))
        row = ratio_row("minutes of 40 pages", 1.3, ours, lambda: _plain(document), runs)
    note = f"{ours_pages} pages, {plain_pages} by ReportLab alone"
    return Row(row.name, row.ratio, row.budget, row.medians, note)


def _composed(sitting: Sitting, meeting: Meeting) -> Document:
    pack = sitting.pack_of(meeting)
    days, person = sitting.calendar_of(pack), opening.signer(sitting)
    return compose(meeting, pack, days, signer=person, version=1, marked="Restricted")


def _long_record() -> bytes:
    """The full sample with everything that was said in it said again, until it fills as many pages as a long day."""
    record = json.loads(resources.folder("sample", "full.json").read_text(encoding="utf-8"))
    said = record["meeting"]["statements"]
    again = [{key: value for key, value in one.items() if key != "id"} for one in said]
    record["meeting"]["statements"] = said + again * 2
    return json.dumps(record).encode()


def _plain(document: Document) -> bytes:
    """The same words in the same fonts and styles, as a script makes them that does nothing else."""
    out = BytesIO()

    def frame(canvas: Any, template: Any) -> None:
        canvas.setFont(REGULAR, look.FOOTER_SIZE)
        canvas.drawString(look.SIDE, look.PAGE[1] - look.HEAD, document.marking)
        canvas.drawRightString(look.SIDE + look.WIDTH, look.PAGE[1] - look.HEAD, document.meeting_reference)
        canvas.line(look.SIDE, look.FOOT - _FOOTER, look.SIDE + look.WIDTH, look.FOOT - _FOOTER)
        canvas.drawRightString(look.SIDE + look.WIDTH, look.FOOT - 2 * _FOOTER, f"Page {template.page}")

    template = SimpleDocTemplate(
        out, pagesize=look.PAGE, leftMargin=look.SIDE, rightMargin=look.SIDE, topMargin=_HEADER,
        bottomMargin=look.FOOT, pageCompression=1, initialFontName=REGULAR,
    )  # fmt: skip
    template.build([flowable for block in document.blocks for flowable in _flowables(block)], frame, frame)
    return out.getvalue()


def _flowables(block: Block) -> Iterator[Any]:
    match block:
        case Heading():
            yield _words(block.text, look.HEADINGS[block.level - 1])
        case Text(role=TextRole.QUOTE):
            yield from _apart(Grid([[_words(block.text, look.QUOTE)]], [look.WIDTH], style=look.QUOTE_TABLE))
        case Text(role=TextRole.WARNING):
            yield from _apart(Grid([[_words(block.text, look.WARNING)]], [look.WIDTH], style=look.BOX_TABLE))
        case Text():
            yield _words(block.text, look.NOTE if block.role is TextRole.NOTE else look.NORMAL)
        case Facts():
            rows = [[_words(label, look.CELL_LABEL), _words(value, look.CELL_TEXT)] for label, value in block.rows]
            yield from (
                _apart(Grid(rows, [look.WIDTH * 0.31, look.WIDTH * 0.69], style=look.FACTS_TABLE, splitInRow=1))
                if rows
                else ()
            )
        case Table():
            shares = block.widths or (1.0,) * len(block.header)
            widths = [look.WIDTH * share / sum(shares) for share in shares]
            head = [[_words(cell, look.CELL_HEAD) for cell in block.header]]
            rows = [
                [_words(c, look.CELL_TEXT) for _, c in zip_longest(widths, cells, fillvalue="")] for cells in block.rows
            ]
            yield from _apart(Grid(head + rows, widths, style=look.ROWS_TABLE, repeatRows=1, splitInRow=1))
        case Listing():
            for number, item in enumerate(block.items, 1):
                bullet = f"{number}." if block.numbered else "\u2022"
                yield Paragraph(_marked(item), look.LISTED, bulletText=bullet)
        case PageBreak():
            yield NewPage()
        case SignaturePanel():
            lines = [(block.name, look.PANEL_NAME), (block.role, look.CELL_TEXT), (block.text, look.CELL_TEXT)]
            yield from _apart(Grid([[_words(*line)] for line in lines], [look.WIDTH], style=look.PANEL_TABLE))


def _apart(flowable: Any) -> Iterator[Any]:
    yield Spacer(0, 4)
    yield flowable
    yield Spacer(0, 9)


def _words(text: str, style: Any) -> Paragraph:
    return Paragraph(_marked(text), style)


def _marked(text: str) -> str:
    return escape(text).replace("\n", "<br/>")
