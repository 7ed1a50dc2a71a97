"""What every journey in the real window needs."""

from collections.abc import Iterator

import pytest

from tests.journeys.screen import Screen


@pytest.fixture
def screen() -> Iterator[Screen]:
    """A laptop's screen."""
    with Screen() as one:
        yield one
