"""Pages for the preview: pixels and text, without a file on the disk."""

import pytest

from app.minutes.pages import PageUnreadable, page_count, page_image, page_text


def test_a_page_becomes_rows_of_pixels(drawn):
    image = page_image(drawn, 0, 2.0)
    assert (image.width, image.height) == (1191, 1684)
    assert image.stride >= image.width * 4
    assert len(image.pixels) == image.stride * image.height
    assert image.pixels[:3] == b"\xff\xff\xff"
    assert min(image.pixels) == 0


def test_a_pages_text_can_be_read(drawn):
    assert page_count(drawn) == 1
    assert "Who was there" in page_text(drawn, 0)


@pytest.mark.parametrize("index", [-1, 1, 99])
def test_a_page_that_is_not_there_is_refused(drawn, index):
    with pytest.raises(PageUnreadable):
        page_image(drawn, index, 1.0)
    with pytest.raises(PageUnreadable):
        page_text(drawn, index)


@pytest.mark.parametrize("content", [b"", b"x", b"%PDF-1.7\n%%EOF"])
def test_what_is_no_pdf_has_no_pages(content):
    with pytest.raises(PageUnreadable):
        page_count(content)
