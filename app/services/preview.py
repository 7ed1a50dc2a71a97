"""The pages of minutes as pictures and as text, for whoever looks at them before they sign."""

from dataclasses import dataclass


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
