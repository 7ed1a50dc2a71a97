"""What the minutes say, page by page, before anybody decides how it looks.

Every string is the text as people typed it. Nothing here is markup, and nobody escapes anything before the writer does.
"""

from dataclasses import dataclass, field
from enum import StrEnum


class TextRole(StrEnum):
    """How a piece of running text is meant."""

    NORMAL = "normal"
    NOTE = "note"
    QUOTE = "quote"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading; level 1 is a part of the minutes, 2 and 3 lie below it. It also enters the PDF's outline.

    ``whole`` names what stands below it, up to the next heading, where that is only to be given out as one: a dissent.
    """

    level: int
    text: str
    whole: str = ""


@dataclass(frozen=True, slots=True)
class Text:
    """Running text; a line break in it is kept."""

    text: str
    role: TextRole = TextRole.NORMAL


@dataclass(frozen=True, slots=True)
class Facts:
    """Labels with what belongs to each, in two columns."""

    rows: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A table whose header is repeated on each page; ``widths`` are shares of the page's width, equal when empty.

    ``restricted`` holds the numbers, from 0, of the rows that are for named recipients only.
    """

    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    widths: tuple[float, ...] = ()
    restricted: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Listing:
    """A list, numbered from 1 or with bullets."""

    items: tuple[str, ...]
    numbered: bool = False


@dataclass(frozen=True, slots=True)
class PageBreak:
    """What follows starts on a new page."""


@dataclass(frozen=True, slots=True)
class SignaturePanel:
    """Who signs, as what, and the words that go with it, kept together on one page."""

    name: str
    role: str
    text: str


Block = Heading | Text | Facts | Table | Listing | PageBreak | SignaturePanel


@dataclass(frozen=True, slots=True)
class Document:
    """One version of one meeting's minutes.

    ``marking`` (the protective marking) and ``header_alert`` (what a reader must not miss, such as a meeting that was
    not quorate; empty when there is nothing) stand at the head of every page. ``parts`` names the parts of the minutes,
    each with how many of the blocks are its own.
    """

    title: str
    marking: str
    meeting_reference: str
    version: int
    status: str
    header_alert: str = ""
    language: str = "en-GB"
    blocks: tuple[Block, ...] = field(default=())
    parts: tuple[tuple[str, int], ...] = ()
