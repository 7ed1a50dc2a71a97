"""The pages of a PDF as pixels and as text, for the preview and for comparing what two versions say."""

import threading
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from pypdfium2 import PDFIUM_INFO, PdfDocument, PdfiumError

# Which reader finds the text; another version of it may cut words or order letters otherwise.
READER = f"pdfium {PDFIUM_INFO.build}"

# The library behind pypdfium2 is not safe to enter from two threads.
_ONE_AT_A_TIME = threading.RLock()
# Characters that a reader of PDF text adds or drops at the end of a line.
_LINE_END = dict.fromkeys(map(ord, "-\u00ad\u2010\u2011\ufffe\uffff\u0002"))


class PageUnreadable(Exception):
    """These bytes are not a PDF whose pages can be shown."""


@dataclass(frozen=True, slots=True)
class PageImage:
    """One page as rows of pixels, four bytes each: blue, green, red and one unused; ``stride`` is a row's bytes."""

    width: int
    height: int
    stride: int
    pixels: bytes


def page_count(pdf: bytes) -> int:
    """Return how many pages ``pdf`` has; raises PageUnreadable if it cannot be opened."""
    with opened(pdf) as document:
        return len(document)


def page_image(pdf: bytes, index: int, scale: float) -> PageImage:
    """Return page ``index``, counted from 0, at ``scale`` pixels a point (72 points an inch).

    Raises PageUnreadable if the PDF cannot be opened or has no such page.
    """
    with opened(pdf) as document:
        if not 0 <= index < len(document):
            raise PageUnreadable("there is no such page")
        bitmap = document[index].render(scale=scale, prefer_bgrx=True)
        return PageImage(bitmap.width, bitmap.height, bitmap.stride, bytes(bitmap.buffer))


def page_text(pdf: bytes, index: int) -> str:
    """Return the text of page ``index``, counted from 0, with its line ends as the reader found them.

    Raises PageUnreadable if the PDF cannot be opened or has no such page.
    """
    with opened(pdf) as document:
        if not 0 <= index < len(document):
            raise PageUnreadable("there is no such page")
        return _text(document, index)


def comparable_text(pdf: bytes) -> str:
    """Return the text of all pages without what depends on layout: spaces, line ends, hyphens, composed forms."""
    with opened(pdf) as document:
        return comparable("".join(_text(document, index) for index in range(len(document))))


def comparable(text: str) -> str:
    """Return ``text`` without what depends on layout."""
    return "".join(unicodedata.normalize("NFKC", text).translate(_LINE_END).split())


@contextmanager
def opened(pdf: bytes) -> Iterator[PdfDocument]:
    """Open ``pdf`` for the length of a ``with``; raises PageUnreadable if that cannot be done."""
    with _ONE_AT_A_TIME:
        try:
            document = PdfDocument(pdf)
            try:
                yield document
            finally:
                document.close()
        except PdfiumError as unreadable:
            raise PageUnreadable("the file is not a PDF that can be read") from unreadable


def _text(document: PdfDocument, index: int) -> str:
    page = document[index].get_textpage()
    text: str = page.get_text_range()
    return text
