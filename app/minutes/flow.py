"""Turns each block of a document into what ReportLab lays out on pages.

Long texts go in as pieces, one under the other: laying out one very long paragraph takes time that grows with the
square of its length.
"""

from collections.abc import Iterator, Sequence
from itertools import zip_longest
from typing import Any, assert_never

from app.minutes import look

# isort: split
from reportlab.platypus import CondPageBreak, KeepTogether, Spacer
from reportlab.platypus import PageBreak as NewPage
from reportlab.platypus import Table as Grid

from app.minutes.document import Block, Facts, Heading, Listing, PageBreak, SignaturePanel, Table, Text, TextRole
from app.minutes.text import one_line, paragraph, pieces

__all__ = ["Flowable", "boxed", "flowables", "grid"]

_PARAGRAPHS = {TextRole.NORMAL: look.NORMAL, TextRole.NOTE: look.NOTE}
_FACTS_SHARES = (0.31, 0.69)
_COLUMN_LIMIT = 200  # a column's heading is repeated on each page, so it must leave room for the rows

Flowable = Any  # ReportLab has no types
Rows = list[list[Flowable]]


def flowables(block: Block) -> Iterator[Flowable]:
    """Yield what draws ``block``; raises ValueError if a table's row has more cells than its header."""
    match block:
        case Heading():
            yield from _heading(block)
        case Text(role=TextRole.QUOTE):
            yield from _apart(_column([(block.text, look.QUOTE)], look.QUOTE_TABLE))
        case Text(role=TextRole.WARNING):
            yield from _apart(_column([(block.text, look.WARNING)], look.BOX_TABLE))
        case Text():
            for piece in pieces(block.text):
                yield paragraph(piece, _PARAGRAPHS[block.role])
        case Facts():
            rows = [row for label, value in block.rows for row in _row((label, value), look.FACTS_CELLS)]
            yield from _apart(_framed(rows, _FACTS_SHARES, look.FACTS_TABLE))
        case Table():
            yield from _apart(_table(block))
        case Listing():
            for number, item in enumerate(block.items, 1):
                yield from _listed(item, f"{number}." if block.numbered else "\u2022")
        case PageBreak():
            yield NewPage()
        case SignaturePanel():
            lines = [(block.name, look.PANEL_NAME), (block.role, look.CELL_TEXT), (block.text, look.CELL_TEXT)]
            yield from _apart(
                KeepTogether([_column([line for line in lines if line[0]] or lines[:1], look.PANEL_TABLE)])
            )
        case _:
            assert_never(block)


def grid(rows: Rows, shares: Sequence[float], style: list[Any], repeat: int = 0) -> Flowable:
    """Return ``rows`` as a table as wide as the page, the first ``repeat`` of them at the head of each page."""
    widths = [look.WIDTH * share / sum(shares) for share in shares]
    return Grid(rows, colWidths=widths, style=style, repeatRows=repeat, splitInRow=1)


def boxed(lines: list[Flowable]) -> Flowable:
    """Return ``lines`` in a box as wide as the page."""
    return grid([[line] for line in lines], (1,), look.BOX_TABLE)


def _heading(block: Heading) -> Iterator[Flowable]:
    style = look.HEADINGS[min(max(block.level, 1), len(look.HEADINGS)) - 1]
    # a heading at the foot of a page, with what it heads on the next, sends the reader looking
    yield CondPageBreak(style.spaceBefore + style.leading + (150 if block.level == 1 else 80))
    for number, piece in enumerate(pieces(block.text)):
        drawn = paragraph(piece, style)
        if not number:
            drawn.heading = block
        yield drawn


def _listed(item: str, bullet: str) -> Iterator[Flowable]:
    for number, piece in enumerate(pieces(item)):
        yield paragraph(piece, look.LISTED, bullet=None if number else bullet)


def _table(block: Table) -> Flowable | None:
    columns = len(block.header)
    if any(len(row) > columns for row in block.rows):
        raise ValueError("a row of a table has more cells than its header")
    head = [[paragraph(one_line(cell, _COLUMN_LIMIT), look.CELL_HEAD) for cell in block.header]]
    body = [row for cells in block.rows for row in _row(cells, (look.CELL_TEXT,) * columns)]
    return _framed(head + body, block.widths or (1.0,) * columns, look.ROWS_TABLE, repeat=1)


def _row(cells: Sequence[str], styles: Sequence[Any]) -> Rows:
    """Return one row, or several when a cell is long; all but the first are marked as continuing it."""
    columns = [pieces(cell) for cell in cells] + [[""]] * (len(styles) - len(cells))
    rows: Rows = []
    for number, texts in enumerate(zip_longest(*columns)):
        row = [paragraph(text, style) if text else "" for text, style in zip(texts, styles, strict=True)]
        rows.append(_Continued(row) if number else row)
    return rows


class _Continued(list[Flowable]):
    """A row that goes on with the row before it, so no rule is drawn between the two."""


def _framed(rows: Rows, shares: Sequence[float], style: list[Any], repeat: int = 0) -> Flowable | None:
    if not rows or not rows[0]:
        return None
    open_ends = [number for number, row in enumerate(rows[1:]) if isinstance(row, _Continued)]
    rules = [("LINEBELOW", (0, number), (-1, number), 0.6, look.PAPER) for number in open_ends]
    return grid([list(row) for row in rows], shares, style + rules, repeat)


def _column(lines: Sequence[tuple[str, Any]], style: list[Any]) -> Flowable | None:
    rows = [[paragraph(piece, look_of)] for text, look_of in lines for piece in pieces(text)]
    return grid(rows, (1,), style) if rows else None


def _apart(flowable: Flowable | None) -> Iterator[Flowable]:
    if flowable is not None:
        yield CondPageBreak(look.TABLE_START)
        yield Spacer(0, 4)
        yield flowable
        yield Spacer(0, 9)
