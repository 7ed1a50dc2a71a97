"""From the record to the minutes: nothing that was said, asked, decided or objected to is left out."""

import re
import unicodedata
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest

from app.minutes.compose import compose
from app.minutes.document import Document, Facts, Heading, Listing, SignaturePanel, Table, Text, TextRole
from app.minutes.pages import comparable_text, page_count, page_text
from app.minutes.pdf import draw
from app.minutes.text import visible
from app.models.attendance import Presence
from app.models.base import Refused
from app.models.gap import Gap, GapState
from app.models.meeting import Meeting
from app.practice.pack import Pack, Several
from app.practice.working_days import england
from tests.golden.accept import GOLDEN, as_text
from tests.minutes.told import CALENDAR, MARKED, PACK, START, Told, a_child, a_full_meeting, a_signer, minutes_of

HOSTILE = {
    "markup": "<b>bold</b> &amp; </para><a href='x'>y</a> <!-- -->",
    "templates": "${who} {0} {m.meeting} %s %(x)s $child =1+1 ../../etc/passwd",
    "unseen": "a\u200bb c\u202ed \x07 e\u00ade",
    "lines": "one\n\n\ttwo\r\nthree",
    "scripts": "Łukasz Владимир 王小明 Ngọc 👶",
}


def strings_of(document: Document) -> Iterator[str]:
    for block in document.blocks:
        match block:
            case Heading() | Text():
                yield block.text
            case Facts():
                yield from (cell for row in block.rows for cell in row)
            case Table():
                yield from block.header
                yield from (cell for row in block.rows for cell in row)
            case Listing():
                yield from block.items
            case SignaturePanel():
                yield from (block.name, block.role, block.text)


def whole(document: Document) -> str:
    return "\n".join(strings_of(document))


def table_after(document: Document, heading: str) -> Table:
    """Return the first table below a heading."""
    blocks = iter(document.blocks)
    assert any(isinstance(block, Heading) and block.text == heading for block in blocks), heading
    return next(block for block in blocks if isinstance(block, Table))


def texts_of(meeting: Meeting) -> Iterator[str]:
    """Yield every text that somebody typed into the record of a meeting."""
    yield from (meeting.reason, meeting.reference, meeting.case.reference, meeting.venue)
    for child in meeting.children:
        yield from (child.name, child.known_as, child.address, child.whereabouts, child.setting, child.gp)
    for person in meeting.case.people:
        yield from (person.name, person.relation, person.address, person.note, person.address_withheld_from)
    for a in meeting.attendances:
        yield from (a.name, a.note, a.report_shared)
    for s in meeting.statements:
        yield from (s.text, s.source)
    for g in meeting.gaps:
        yield from (g.question, g.answer, g.owner)
    yield from (answer.text for answer in meeting.answers)
    for v in meeting.views:
        yield from (v.reason, v.would_change)
    for d in meeting.decisions:
        yield from (d.reason, d.departure, d.person, d.detail, d.quorum_note)
    for x in meeting.dissents:
        yield from (x.words, x.preferred, x.risk)
    for action in meeting.actions:
        yield from (action.text, action.owner)
    for reason in meeting.clearances:
        yield from (reason.sentence, reason.reason)


def bare(text: str) -> str:
    """Return a text in the form in which ``comparable_text`` gives those of pages."""
    drop = dict.fromkeys(map(ord, "-\u00ad\u2010\u2011\ufffe\uffff\u0002"))
    return "".join(unicodedata.normalize("NFKC", visible(text)).translate(drop).split())


def is_in(text: str, pages: str) -> bool:
    """Return whether a text is on the pages, in one piece or in two where a page ends inside it."""
    wanted = bare(text)
    return wanted in pages or any(wanted[:at] in pages and wanted[at:] in pages for at in range(1, len(wanted)))


@pytest.mark.parametrize("words", ["", *HOSTILE.values()], ids=["plain", *HOSTILE])
def test_every_text_of_the_record_is_on_the_pages_as_it_was_typed(words):
    told = a_full_meeting(words)
    told.conclude()
    document = minutes_of(told, a_signer())
    in_document = whole(document)
    pages = comparable_text(draw(document))
    typed = [text for text in texts_of(told.meeting) if text]
    assert len(typed) >= 90
    for text in typed:
        assert text in in_document, text
        assert is_in(text, pages), text


def test_words_that_are_drawn_in_another_order_than_they_are_typed_are_in_the_minutes():
    told = a_full_meeting("محمد אברהם अमित")
    told.conclude()
    document = minutes_of(told, a_signer())
    for text in texts_of(told.meeting):
        assert text in whole(document)
    assert page_count(draw(document)) > 3


def test_a_text_is_kept_where_the_pack_has_no_words_of_its_own():
    told = a_full_meeting()
    told.conclude()
    document = minutes_of(told, a_signer(), PACK.model_copy(update={"wording": {}}))
    for text in texts_of(told.meeting):
        assert text in whole(document), text


class Words(dict[str, dict[str, str]]):
    """Wording that keeps in mind what it was asked for and did not have."""

    def __init__(self) -> None:
        super().__init__()
        self.missing: set[str] = set()

    def get(self, table, default=None):
        words = self

        class Keys(dict[str, str]):
            def get(self, key, default=None):
                found = PACK.wording.get(table, {}).get(key)
                if found is None:
                    words.missing.add(f"{table}.{key}")
                return found or default

        return Keys()


def test_the_national_pack_has_every_word_the_minutes_ask_for():
    words = Words()
    pack = PACK.model_copy(update={"wording": words})
    for told in (a_full_meeting(), Told(a_child("Robin Sample", 1)), Told(a_child("Robin Sample", 1), start=False)):
        minutes_of(told, None, pack)
        if told.meeting.started_at:
            told.conclude()
        minutes_of(told, a_signer(), pack)
    assert words.missing == set()
    source = "".join(path.read_text("utf-8") for path in Path("app/minutes").glob("sections*.py"))
    for key in re.findall(r'm\.(?:said|labelled)\("(\w+)"', source):
        assert PACK.wording["minutes"].get(key), key


def test_the_first_page_says_what_was_decided_who_disagrees_and_who_does_what():
    told = a_full_meeting()
    told.conclude()
    document = minutes_of(told, a_signer())
    first = document.blocks[: document.blocks.index(Heading(1, "The meeting"))]
    tables = [block for block in first if isinstance(block, Table)]
    assert tables[0].header == ("What was decided", "Robin", "Baby")
    assert tables[0].rows[0][1:] == ("Met", "Not met")
    assert [row[0] for row in tables[1].rows] == [
        "Dissent: Dana Cole, Little Oaks Nursery",
        "Reservation: Dana Cole, Little Oaks Nursery",
    ]
    assert "Visit Robin at her grandmother's" in tables[2].rows[0][1]
    last = first[-1]
    assert isinstance(last, Facts)
    assert "Tuesday 5 January 2027: Initial child protection conference (Robin)" in last.rows[0][1]
    assert any(isinstance(b, Facts) and "Dissents: 1. Reservations: 1." in b.rows[-2] for b in first[:1])
    text = " ".join(page_text(draw(document), 0).split())
    assert "What was decided" in text


def test_decisions_for_five_children_stand_in_tables_of_three():
    told = Told(*(a_child(f"{name} Sample", n) for n, name in enumerate(("Ash", "Bay", "Cy", "Dee", "Eve"), 1)))
    told.seat("Amina Okafor", "csc", "Social care")
    for child in told.meeting.children:
        told.decide("D1", child, "met", f"Reason for {child.first_name}.")
    tables = [b.header for b in minutes_of(told).blocks if isinstance(b, Table)]
    assert tables[:2] == [("What was decided", "Ash", "Bay", "Cy"), ("What was decided", "Dee", "Eve")]


def test_statements_are_numbered_as_printed_and_decisions_name_those_they_rest_on():
    told = a_full_meeting()
    document = minutes_of(told)
    tables = [block for block in document.blocks if isinstance(block, Table) and block.header[-1] == "What was said"]
    rows = [row for table in tables for row in table.rows]
    assert [row[0].split("\n")[0] for row in rows] == [str(n) for n in range(1, len(told.meeting.statements) + 1)]
    printed = {row[-1].replace("RESTRICTED\n", "").split("\n")[0]: row[0].split("\n")[0] for row in rows}
    for decision in told.meeting.decisions:
        numbers = sorted(int(printed[ground.statement.text]) for ground in decision.grounds)
        line = f"Statements: {', '.join(map(str, numbers)) or 'none named'}"
        assert any(decision.reason in cell and line in cell for cell in strings_of(document))


def test_restricted_words_are_marked_in_their_place_and_at_the_head_of_each_page():
    told = a_full_meeting()
    told.conclude()
    document = minutes_of(told, a_signer())
    assert any(cell.startswith("RESTRICTED\nTwo calls") for cell in strings_of(document))
    assert document.marking == "Official: sensitive. Child protection. Restricted: for the named recipients only"
    open_meeting = Told(a_child("Robin Sample", 1))
    open_meeting.state("concern", "", "Nothing that anybody may not hear.")
    open_meeting.conclude()
    assert minutes_of(open_meeting, a_signer()).marking == "Official: sensitive. Child protection"


def test_a_meeting_that_lost_its_quorum_says_so_at_the_head_of_every_page():
    told = a_full_meeting()
    police = told.people["Ray Hollis"]
    police.leave(START + timedelta(minutes=28))
    Presence(id=told.new(), attendance=police, arrived_at=START + timedelta(minutes=40))
    decision = told.meeting.decisions[0]
    decision.quorate, decision.quorum_note = False, "Not quorate: Police left 10:58"
    told.conclude()
    document = minutes_of(told, a_signer())
    assert document.header_alert == "Not quorate: Police left 10:58 (10:58 to 11:10). Provisional decisions: 1"
    assert Text("Not quorate: Police left 10:58 (10:58 to 11:10)", TextRole.WARNING) in document.blocks
    assert any(
        cell == f"Met\n{told.meeting.decisions[0] and 'Provisional - inquorate'}" for cell in strings_of(document)
    )
    pdf = draw(document)
    for page in range(page_count(pdf)):
        assert "Not quorate: Police left" in " ".join(page_text(pdf, page).split())


def under_quorum(**changes: object) -> Pack:
    """Return the pack with another quorum rule for its first meeting type."""
    kind = PACK.meeting_types[0]
    changed = kind.model_copy(update={"quorum": kind.quorum.model_copy(update=changes)})
    return Pack(**(dict(PACK) | {"meeting_types": (changed, *PACK.meeting_types[1:])}))


def test_the_minutes_say_who_made_up_the_number_of_other_agencies():
    told = a_full_meeting()
    told.conclude()
    others = Several(count=2, label="two other agencies in direct contact with the child")
    document = minutes_of(told, a_signer(), under_quorum(all_of=("csc",), several=(others,)))
    [cell] = [
        value
        for block in document.blocks
        if isinstance(block, Facts)
        for name, value in block.rows
        if name == "Two other agencies in direct contact with the child"
    ]
    assert "Ray Hollis" in cell
    assert "Quorate throughout" in whole(document)


def test_a_meeting_that_needs_no_quorum_says_that_and_not_that_it_was_quorate():
    told = a_full_meeting()
    told.conclude()
    document = minutes_of(told, a_signer(), under_quorum(all_of=(), several=(), label="No quorum is needed"))
    assert "No quorum is needed" in whole(document)
    assert "Quorate throughout" not in whole(document)


def test_a_quorate_meeting_has_nothing_at_its_head():
    told = a_full_meeting()
    told.conclude()
    document = minutes_of(told, a_signer())
    assert document.header_alert == ""
    assert Text("Quorate throughout") in document.blocks


def test_a_meeting_nobody_came_to_is_not_quorate_from_start_to_end():
    told = Told(a_child("Robin Sample", 1))
    told.meeting.conclude(START)
    assert minutes_of(told, a_signer()).header_alert.startswith("Not quorate: Social care not here")


def test_minutes_are_a_draft_until_the_meeting_is_concluded_and_somebody_can_sign():
    told = a_full_meeting()
    for document in (minutes_of(told), minutes_of(told, a_signer())):
        assert document.status == "draft, not signed"
        assert document.marking.endswith("Draft: not agreed")
        assert SignaturePanel("Draft, not signed", "", "Nobody vouches for this text yet.") in document.blocks
        assert "How to check these minutes" not in whole(document)
    told.conclude()
    assert minutes_of(told).status == "draft, not signed"
    document = minutes_of(told, a_signer())
    assert document.status == "valid only when signed"
    panel = next(block for block in document.blocks if isinstance(block, SignaturePanel))
    assert (panel.name, panel.role) == ("Amina Okafor", "Team manager, Northmoor Children's Services")
    assert a_signer().fingerprint in panel.text
    last = " ".join(page_text(draw(document), page_count(draw(document)) - 1).split())
    for words in ("Amina Okafor", "How to check these minutes", "chairside verify", "certified or signed", "no proof"):
        assert words in last


def test_views_show_the_last_round_first_the_tally_as_advisory_and_who_gave_none():
    told = a_full_meeting()
    document = minutes_of(told)
    table = table_after(document, "Views of the agencies")
    assert [(row[0].split("\n")[0], row[1]) for row in table.rows] == [
        ("Little Oaks Nursery", "Met"),
        ("Northmoor Community Health", "Met"),
        ("Northmoor Police", "Met"),
        ("Northmoor Children's Services", "No view recorded"),
    ]
    assert Text("View tally (advisory); the decision is the chair's: Met 3") in document.blocks
    assert any("Round: 1" in cell for cell in strings_of(document))


def test_each_dissent_is_quoted_and_counted():
    told = a_full_meeting()
    document = minutes_of(told)
    quotes = [b.text for b in document.blocks if isinstance(b, Text) and b.role is TextRole.QUOTE]
    assert quotes == [dissent.words for dissent in told.meeting.dissents]
    assert "Not read back" in whole(document)
    told.meeting.dissents.clear()
    assert Text("No dissent and no reservation was recorded.") in minutes_of(told).blocks


def test_a_gap_nobody_asked_about_is_printed_as_not_asked():
    told = a_full_meeting()
    rows = table_after(minutes_of(told), "What is not known").rows
    assert [(row[0], row[2]) for row in rows] == [("G1", "Asked"), ("G2", "Not asked"), ("G3", "Answered")]
    assert rows[0][3] == "Northmoor Community Health\n11 December 2026"
    assert rows[1][3] == "Nobody\nNo date"
    assert Text("Nobody has taken these on: G2", TextRole.WARNING) in minutes_of(told).blocks


def test_a_question_of_the_agenda_without_an_answer_is_printed_as_not_answered():
    told = a_full_meeting()
    text = whole(minutes_of(told))
    assert "4. Where is the child now: Who can get to the child, and what would stop them?" in text
    assert "Questions answered: 2 of 3." in text
    assert "Robin: The grandmother.\nNot answered for: Baby" in text
    for item in PACK.meeting_types[0].agenda:
        assert item.title in text


def test_each_date_explains_itself():
    told = a_full_meeting()
    told.conclude()
    row = next(r for r in table_after(minutes_of(told, a_signer()), "Next dates").rows if "conference" in r[0])
    assert row[1] == "Tuesday 5 January 2027"
    why = next(c for c in strings_of(minutes_of(told, a_signer())) if c.startswith("15 working days after"))
    assert "Boxing Day" in why
    assert "Statutory guidance" in why


def test_a_date_beyond_the_years_known_is_said_in_words():
    told = a_full_meeting()
    told.conclude()
    short = england(date(2026, 1, 1), date(2026, 12, 12), "short")
    document = compose(told.meeting, PACK, short, signer=None, version=1, marked=MARKED)
    assert "end on 12 December 2026" in whole(document)
    assert "Friday 11 December 2026" in whole(document)


def test_what_was_left_open_stands_with_the_chairs_reason():
    told = a_full_meeting()
    told.conclude()
    rows = table_after(minutes_of(told, a_signer()), "What was still open at the end").rows
    assert rows[0][:2] == (told.meeting.clearances[0].sentence, told.meeting.clearances[0].reason)


def test_an_unborn_child_has_an_expected_date_of_birth():
    assert ("Expected date of birth", "4 May 2027") in [
        row for block in minutes_of(a_full_meeting()).blocks if isinstance(block, Facts) for row in block.rows
    ]


def test_children_who_share_a_first_name_are_told_apart():
    told = Told(a_child("Sam Poole", 1), a_child("Sam Marsh", 2))
    told.state("concern", "", "One of them was seen.", told.meeting.children[1])
    assert any(cell.endswith("Fact, Sam Marsh") for cell in strings_of(minutes_of(told)))


def test_a_meeting_that_goes_on_the_next_day_gives_the_day_with_the_time():
    told = Told(a_child("Robin Sample", 1))
    told.state("concern", "", "First day.")
    told.state("concern", "", "Second day.").said_at = START + timedelta(days=1)
    text = whole(minutes_of(told))
    assert "11 December 2026, 10:30" in text


def test_entries_under_an_item_of_another_agenda_are_not_lost():
    told = Told(a_child("Robin Sample", 1))
    told.state("an-item-that-was", "", "Said under an older agenda.")
    Gap(
        id=told.new(), meeting=told.meeting, item_id="gone", question="Asked under another.", noticed_at=told.now,
        state=GapState.REFUSED,
    )  # fmt: skip
    text = whole(minutes_of(told))
    assert "an-item-that-was" in text
    assert "Said under an older agenda." in text
    assert "Refused" in text


def test_a_meeting_that_is_only_prepared_has_minutes_too():
    told = Told(a_child("Robin Sample", 1), start=False)
    told.seat("Amina Okafor", "csc", "Social care")
    document = minutes_of(told)
    assert "The meeting has not started." in whole(document)
    assert document.header_alert == ""
    assert page_count(draw(document)) >= 2


def test_a_type_the_pack_does_not_have_is_refused():
    told = Told(a_child("Robin Sample", 1))
    told.meeting.type_id = "another"
    with pytest.raises(Refused, match=r"meeting\.unknown-type"):
        compose(told.meeting, PACK, CALENDAR, signer=None, version=1, marked=MARKED)


def test_the_same_record_gives_the_same_bytes():
    told = a_full_meeting()
    told.conclude()
    assert draw(minutes_of(told, a_signer())) == draw(minutes_of(told, a_signer()))


def test_the_minutes_read_as_the_ones_that_were_accepted():
    """Where the new wording is right, ``python -m tests.golden.accept`` accepts it."""
    assert as_text() == GOLDEN.read_text("utf-8")
