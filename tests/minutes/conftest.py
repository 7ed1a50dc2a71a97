"""Minutes to draw and to sign, and a chair to sign them."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from app.minutes.document import (
    Block,
    Document,
    Facts,
    Heading,
    Listing,
    SignaturePanel,
    Table,
    Text,
    TextRole,
)
from app.minutes.identity import Identity, make_identity
from app.minutes.pdf import draw
from app.minutes.signing import SignedPdf, seal_pdf

AT = datetime(2026, 12, 10, 11, 20, tzinfo=UTC)
SEAL = {
    "meeting": "019b0000-0000-7000-8000-000000000001",
    "reference": "NM-2026-0114",
    "version": 1,
    "marking": "Restricted",
    "dissents": 1,
    "audit": {"sequence": 812, "head": "ab" * 32},
    "merkle_root": "cd" * 32,
    "leaf_count": 31,
}


def minutes_of(*blocks: Block, header_alert: str = "") -> Document:
    return Document(
        title="Record of an initial strategy discussion",
        marking="Restricted: children's records",
        meeting_reference="NM-2026-0114",
        version=1,
        status="sealed",
        header_alert=header_alert,
        blocks=blocks,
    )


@pytest.fixture(scope="session")
def minutes() -> Callable[..., Document]:
    return minutes_of


@pytest.fixture(scope="session")
def at() -> datetime:
    return AT


@pytest.fixture(scope="session")
def seal_fields() -> dict[str, object]:
    return dict(SEAL)


@pytest.fixture(scope="session")
def chair() -> Identity:
    return make_identity("Amina Okafor", "Team manager", "Northmoor Children's Services", AT, (11, 12))


@pytest.fixture(scope="session")
def drawn() -> bytes:
    document = minutes_of(
        Heading(1, "About this meeting"),
        Facts((("Meeting", "NM-2026-0114"), ("Held", "10 December 2026, 10:30 to 10:52"))),
        Text("Police left at 10:58.", TextRole.WARNING),
        Heading(1, "Who was there"),
        Table(("Name", "Agency"), (("Amina Okafor", "Social care"), ("Ray Hollis", "Police")), (2, 3)),
        Heading(2, "In the child's words"),
        Text("The man was cross.", TextRole.QUOTE),
        Text("Not asked: paediatric opinion.", TextRole.NOTE),
        Listing(("Threshold met", "Joint enquiry"), numbered=True),
        SignaturePanel("Amina Okafor", "Team manager", "Signed electronically."),
        header_alert="NOT QUORATE: police left at 10:58",
    )
    return draw(document, {"record.json": b'{"format": "a record"}'})


@pytest.fixture(scope="session")
def signed(drawn: bytes, chair: Identity) -> SignedPdf:
    return seal_pdf(drawn, chair, AT, SEAL)
