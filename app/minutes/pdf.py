"""Draws a document as a PDF. The same document gives the same bytes, so what was previewed is what gets signed."""

from collections.abc import Callable, Iterator, Mapping
from io import BytesIO
from itertools import count
from types import MappingProxyType
from typing import Any

from app.minutes import look
from app.minutes.fonts import REGULAR

# isort: split
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.platypus import BaseDocTemplate, Frame, PageTemplate
from reportlab.platypus.flowables import CallerMacro

from app.minutes.document import Document, Heading
from app.minutes.finishing import finished
from app.minutes.flow import Flowable, boxed, flowables, grid
from app.minutes.text import one_line, paragraph

_TOTAL = "PagesInAll"
_NOTHING: Mapping[str, bytes] = MappingProxyType({})
_HEADER_LIMIT = 240
_FOOTER_LIMIT = 90
_TITLE_LIMIT = 200


def draw(document: Document, attachments: Mapping[str, bytes] = _NOTHING) -> bytes:
    """Return the PDF of ``document``, with ``attachments`` embedded under their names.

    Raises ValueError if a table's row has more cells than its header, or if an attachment is of no known kind.
    """
    header = _Header(document)
    out = BytesIO()
    template = BaseDocTemplate(
        out,
        pagesize=look.PAGE,
        title=_title(document),
        author="",
        lang=document.language,
        invariant=1,
        pageCompression=1,
        initialFontName=REGULAR,
        allowSplitting=1,
    )
    height = look.PAGE[1] - header.depth - look.FOOT
    frame = Frame(
        look.SIDE, look.FOOT, look.WIDTH, height, leftPadding=0, rightPadding=0, topPadding=0, bottomPadding=0
    )
    template.addPageTemplates(PageTemplate("page", [frame], onPage=header.draw))
    template.afterFlowable = _enter_outline(template)
    template.build(list(_story(document)))
    return finished(out.getvalue(), title=_title(document), language=document.language, attachments=attachments)


def _title(document: Document) -> str:
    return one_line(f"{document.title}, {document.meeting_reference}", _TITLE_LIMIT)


class _Header:
    """What stands at the head and the foot of every page."""

    def __init__(self, document: Document) -> None:
        self._marking = paragraph(one_line(document.marking, _HEADER_LIMIT), look.MARKING)
        self._reference = paragraph(one_line(document.meeting_reference, _FOOTER_LIMIT), look.REFERENCE)
        row = grid([[self._marking, self._reference]], (0.6, 0.4), look.HEADER_TABLE)
        self._parts = [row]
        if document.header_alert:
            self._parts.append(boxed([paragraph(one_line(document.header_alert, _HEADER_LIMIT), look.ALERT)]))
        self._heights = [part.wrap(look.WIDTH, look.PAGE[1])[1] for part in self._parts]
        self.depth = look.HEAD + sum(self._heights) + len(self._parts) * look.HEADER_GAP + 20
        words = f"{document.meeting_reference}, version {document.version}, {document.status}"
        self._footer = paragraph(one_line(words, _FOOTER_LIMIT), look.FOOTER)
        self._footer.wrap(look.WIDTH - 100, look.FOOT)

    def draw(self, canvas: Any, template: Any) -> None:
        top = look.PAGE[1] - look.HEAD
        canvas.setStrokeColor(look.RULE)
        canvas.setLineWidth(0.6)
        for part, height in zip(self._parts, self._heights, strict=True):
            top -= height + look.HEADER_GAP
            part.drawOn(canvas, look.SIDE, top)
        if len(self._parts) == 1:
            canvas.line(look.SIDE, top, look.SIDE + look.WIDTH, top)
        line = look.FOOT - 16
        canvas.line(look.SIDE, line, look.SIDE + look.WIDTH, line)
        self._footer.drawOn(canvas, look.SIDE, line - 6 - self._footer.height)
        page = f"Page {template.page} of "
        right = look.SIDE + look.WIDTH - stringWidth("000", REGULAR, look.FOOTER_SIZE)
        canvas.setFont(REGULAR, look.FOOTER_SIZE)
        canvas.drawRightString(right, line - 15, page)
        canvas.saveState()
        canvas.translate(right, line - 15)
        canvas.doForm(_TOTAL)
        canvas.restoreState()


def _count_pages(macro: Any) -> None:
    """Fill in the number of pages, which each footer has left open, once the last page is reached."""
    canvas = macro.canv
    total = str(canvas.getPageNumber())
    canvas.beginForm(_TOTAL)
    canvas.setFont(REGULAR, look.FOOTER_SIZE)
    canvas.drawString(0, 0, total)
    canvas.endForm()


def _enter_outline(template: Any) -> Callable[[Flowable], None]:
    deepest = -1
    places = count(1)

    def enter(flowable: Flowable) -> None:
        nonlocal deepest
        heading: Heading | None = getattr(flowable, "heading", None)
        if heading is None:
            return
        level = min(max(heading.level, 1) - 1, deepest + 1)
        deepest = level
        key = f"heading-{next(places)}"
        template.canv.bookmarkHorizontal(key, 0, flowable.height)
        template.canv.addOutlineEntry(one_line(heading.text, _TITLE_LIMIT), key, level)

    return enter


def _story(document: Document) -> Iterator[Flowable]:
    yield paragraph(document.title, look.TITLE)
    yield paragraph(f"{document.meeting_reference}, version {document.version}, {document.status}", look.UNDER_TITLE)
    for block in document.blocks:
        yield from flowables(block)
    yield CallerMacro(drawCallable=_count_pages)
