"""The minutes as they are looked at before they are signed: their pages as pictures and text, then the signing."""

from dataclasses import dataclass
from uuid import UUID

from app.models.minutes import Minutes
from app.services import sealing
from app.services.sitting import Sitting


class NotSealed(Exception):
    """The minutes could not be signed, and nothing was sealed; the text is one sentence."""


@dataclass(frozen=True, slots=True)
class Page:
    """One page: its text, and its picture as rows of pixels, four bytes each (blue, green, red, one unused)."""

    number: int
    width: int
    height: int
    stride: int
    pixels: bytes
    text: str


def pages(pdf: bytes) -> int:
    """Return how many pages the PDF has."""
    from app.minutes.pages import page_count

    return page_count(pdf)


def page(pdf: bytes, number: int, scale: float) -> Page:
    """Return page ``number``, counted from one, at ``scale`` pixels a point (72 points an inch)."""
    from app.minutes.pages import page_image, page_text

    image = page_image(pdf, number - 1, scale)
    text = page_text(pdf, number - 1)
    return Page(number, image.width, image.height, image.stride, image.pixels, text)


def sign_seen(sitting: Sitting, meeting_id: UUID, seen: bytes) -> Minutes:
    """Return the sealed minutes, which say exactly what the PDF ``seen`` says.

    Raises ``Refused`` where the record has changed since, ``NotSealed`` where the signature could not be made.
    """
    from app.minutes.signing import NotSigned

    try:
        return sealing.seal(sitting, meeting_id, preview=seen)
    except NotSigned as fault:
        raise NotSealed(str(fault)) from fault
