"""Where a rule comes from, as the screens say it."""

from app.practice.origins import origin
from tests.builders import national_pack

PACK = national_pack()


def test_every_ground_and_stage_says_its_source_how_binding_it_is_and_when_it_was_reviewed() -> None:
    for rule in (*PACK.participation.grounds, *PACK.participation.routes):
        words = origin(rule, PACK)
        assert words.startswith("Where this comes from: Local example. ")
        assert "Reviewed 1 November 2026." in words
        titles = {source.key: source.title for source in PACK.sources}
        assert all(titles[key] in words for key in rule.source)
        assert words.endswith(rule.note) or "Not confirmed in the sources read" in words
