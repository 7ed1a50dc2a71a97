"""Writes the minutes of the full test meeting as text, to be read and accepted: ``python -m tests.golden.accept``."""

from collections.abc import Iterator
from pathlib import Path
from typing import assert_never

from app.minutes.document import Block, Facts, Heading, Listing, PageBreak, SignaturePanel, Table, Text
from tests.minutes.told import a_full_meeting, a_signer, minutes_of

GOLDEN = Path(__file__).with_name("minutes.txt")


def as_text() -> str:
    """Return the minutes block by block, as a person reviewing a change wants to read them."""
    told = a_full_meeting()
    told.conclude()
    document = minutes_of(told, a_signer())
    head = (document.title, document.marking, document.meeting_reference, document.status, document.header_alert)
    return "\n".join([*head, *(line for block in document.blocks for line in _lines(block))]) + "\n"


def _lines(block: Block) -> Iterator[str]:
    match block:
        case Heading():
            yield f"\n{'#' * block.level} {block.text}"
        case Text():
            yield f"[{block.role}] {block.text}"
        case Facts():
            yield from (f"{label} | {_one_line(value)}" for label, value in block.rows)
        case Table():
            yield from (" | ".join(_one_line(cell) for cell in row) for row in (block.header, *block.rows))
        case Listing():
            yield from (f"* {item}" for item in block.items)
        case PageBreak():
            yield "---"
        case SignaturePanel():
            yield f"[signature] {block.name}, {block.role}\n{block.text}"
        case _:
            assert_never(block)


def _one_line(text: str) -> str:
    return text.replace("\n", " / ")


if __name__ == "__main__":
    GOLDEN.write_text(as_text(), "utf-8")
