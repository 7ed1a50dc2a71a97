"""Three conferences in the real window, by key presses only, and what is in the store and in the minutes afterwards."""

import json
import subprocess
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from app.cli.door import main
from app.models.attendance import Capacity
from app.models.participation import Ruling
from app.models.plan import Done
from app.practice.words import day, legal_day
from app.services import cases, diary, entries, exchange, meetings, planning, sealing, table
from app.services.meetings import find, load
from app.services.opening import introduce, open_store
from app.services.sitting import Sitting
from tests.builders import a_store_of
from tests.journeys.conference_by_keys import BACK, ConferenceByKeys, Hands
from tests.journeys.conferences import (
    AUTHORITY,
    CHAIR,
    EXCLUSION,
    FATHER,
    OUTLINE,
    PROGRESS,
    Thing,
    initial,
    review,
    transfer,
)
from tests.journeys.screen import Program, Screen
from tests.journeys.short_by_keys import NEXT, england, told
from tests.journeys.strokes import Stroke, Words, keys, line
from tests.services.holding import prepared
from tests.services.planned import CHOSEN, VIEWS, finish, make

pytestmark = pytest.mark.window

PASSPHRASE = "seven lamps along the quiet river"
PICTURES = Path("out") / "window-conferences"
LATER = "The first core group writes it, in nine days."
LEFT_OPEN = "Refer for speech therapy."
MEETING = r"^[A-Z]+-\d{4}-\d+ - Chairside$"
Camera = Callable[[str], None]


def now() -> datetime:
    return datetime.now(UTC)


def opened(store: Path) -> Sitting:
    return open_store(store, PASSPHRASE, now)


@pytest.fixture
def store(tmp_path: Path) -> Path:
    """The folder of a closed store in which the chair of the conferences signs."""
    folder = tmp_path / "store"
    a_store_of(folder, PASSPHRASE)
    (tmp_path / "passphrase.txt").write_text(f"{PASSPHRASE}\n", encoding="utf-8")
    sitting = opened(folder)
    introduce(sitting, CHAIR["name"], "Independent reviewing officer or conference chair", AUTHORITY)
    sitting.close()
    return folder


def pictures(screen: Screen, journey: str) -> Camera:
    """A camera whose pictures are numbered, under the name of a journey."""
    for old in PICTURES.glob(f"{journey}-*.png"):
        old.unlink()
    taken = 0

    def take(name: str) -> None:
        nonlocal taken
        taken += 1
        screen.shot(PICTURES / f"{journey}-{taken:02}-{name}.png")

    return take


def go_in(window: Program) -> Hands:
    window.wait("^Locked")
    hands = Hands(window)
    hands.press(*line(PASSPHRASE))
    window.wait("^Home")
    return hands


def hold(hands: Hands, played: ConferenceByKeys, take: Camera, besides: dict[str, list[Stroke]]) -> None:
    """Take the agenda item by item, with what else is pressed on some of them before they are done."""
    for item, (_, strokes) in zip(played.type.agenda, played.items(), strict=True):
        hands.press(*strokes[:-1])
        if item.id in besides or item.decisions or item.views:
            hands.look()
            take(item.id)
        for stroke in besides.get(item.id, ()):
            if stroke == BACK:
                take(f"{item.id}-page")
            hands.press(stroke)
        hands.press(strokes[-1])


def to_signed(window: Program, hands: Hands, take: Camera) -> None:
    """From the closing page, where nothing is left to mend, to minutes that are signed, and out of the program."""
    hands.look()
    take("closing")
    hands.press(NEXT)
    window.wait("^Minutes of .* which marking")
    hands.press(keys("Return"))
    window.wait("^Minutes of .* ready to sign")
    take("minutes")
    hands.press(NEXT)
    window.wait("^Minutes of .* signed")
    hands.press(keys("ctrl+q"))
    assert window.ended() == 0


def record_of(sitting: Sitting, reference: str) -> Thing:
    """Return what the store holds of a meeting."""
    found: Thing = json.loads(exchange.export_meeting(sitting, find(sitting, reference)))
    return found


def minutes_of(store: Path, reference: str) -> str:
    """Return the text of the signed minutes as another program reads it, once they are verified."""
    signed, authority = store.parent / "signed.pdf", store.parent / "authority.pem"
    options = ["--store", str(store), "--passphrase-file", str(store.parent / "passphrase.txt")]
    assert main(["minutes", reference, "-o", str(signed), *options]) == 0
    sitting = opened(store)
    authority.write_bytes(sealing.authority(sitting))
    sitting.close()
    assert main(["verify", str(signed), "--trust", str(authority)]) == 0
    assert main(["check", *options]) == 0
    read = subprocess.run(["pdftotext", "-raw", str(signed), "-"], capture_output=True, text=True, check=True)
    return " ".join(read.stdout.split())


def because(capsys: pytest.CaptureFixture[str], start: date, count: str, unit: str, roll: str) -> str:
    """Return how the command that counts days explains a date."""
    capsys.readouterr()
    options = ["--from", start.isoformat(), "--count", count, "--unit", unit, "--roll", roll, "--json"]
    assert main(["deadlines", *options]) == 0
    return str(json.loads(capsys.readouterr().out)["because"])


def names_of(record: Thing) -> dict[str, str]:
    """Return the first name of each child of a record by its id."""
    return {child["id"]: child["name"].split()[0] for child in record["case"]["children"]}


def decisions_of(record: Thing) -> dict[tuple[str, str], Any]:
    """Return the decisions of a record by question and child."""
    names = names_of(record)
    return {(made["question_id"], names[made["child"]]): made for made in record["meeting"]["decisions"]}


def test_an_initial_conference_about_four_siblings_decides_for_each_of_them_by_keys_alone(store, screen):
    wanted = initial(legal_day(now()))
    played, take = ConferenceByKeys(wanted, england()), pictures(screen, "siblings")
    with Program(screen, store) as window:
        hands = go_in(window)
        set_up = played.set_up()
        hands.press(*set_up[:-1])
        take("set-up")
        hands.press(NEXT)
        reference = window.wait(MEETING).removesuffix(" - Chairside")
        besides = {"introduce": [*played.declare(), *played.turn()], "plan": [*played.write(OUTLINE), BACK]}
        hold(hands, played, take, besides)
        # the second child's plan is written from the list of what is left, and of the others it says why not
        hands.press(keys("Return"), *played.draft(OUTLINE), keys("alt+r"), BACK, keys("ctrl+e"))
        hands.press(keys("alt+b"), Words(LATER), keys("alt+k"))
        to_signed(window, hands, take)

    sitting = opened(store)
    found = record_of(sitting, reference)
    meeting = load(sitting, find(sitting, reference))
    plans = {child.first_name: planning.standing_plan(sitting, child.id) for child in meeting.children}
    sitting.close()
    for part, things in told(wanted).items():
        assert told(found)[part] == things
    assert [names_of(found)[child] for child in found["meeting"]["children"]] == ["Wren", "Lark", "Unborn", "Robin"]
    assert [one["answer"] for one in found["meeting"]["declarations"]] == [False, False]
    [differs] = [made["likeness"]["differs"] for made in wanted["meeting"]["decisions"] if "likeness" in made]
    like = decisions_of(found)["C2", "Robin"]["likeness"]
    assert (names_of(found)[like["child"]], like["differs"]) == ("Wren", differs)
    assert [name for name, plan in plans.items() if plan is not None] == ["Wren", "Lark"]
    assert [clearance["reason"] for clearance in found["meeting"]["clearances"]] == [LATER, LATER]
    assert [made.get("likeness") for made in decisions_of(found).values()].count(None) == 19
    said = minutes_of(store, reference)
    for made in wanted["meeting"]["decisions"]:
        assert made["reason"] in said
    assert differs in said


def test_a_transfer_in_conference_takes_over_the_plan_of_another_authority_by_keys_alone(store, screen, capsys):
    today = legal_day(now())
    wanted = transfer(today)
    played, take = ConferenceByKeys(wanted, england()), pictures(screen, "transfer")
    since = (today - timedelta(200)).isoformat()
    plan = OUTLINE | {"why": "Meals were missed all spring.", "since": since, "earlier": 1}
    with Program(screen, store) as window:
        hands = go_in(window)
        hands.press(*played.prepare())
        window.wait("^Home")
        hands.press(keys("alt+c"), keys("Return"))
        window.wait("^SAMPLE-0005")
        hands.press(*played.notify((today - timedelta(10)).isoformat(), "The letter of Otherborough came."))
        hands.look()
        take("case")
        hands.press(*played.take_over(plan))
        take("plan")
        hands.press(BACK, keys("alt+Left"))
        window.wait("^Home")
        take("home")
        hands.press(keys("Return"))
        window.wait("^Start a meeting")
        take("start")
        hands.press(NEXT)
        reference = window.wait(MEETING).removesuffix(" - Chairside")
        hold(hands, played, take, {"introduce": played.declare(), "findings": [keys("ctrl+shift+h"), BACK]})
        to_signed(window, hands, take)

    sitting = opened(store)
    found = record_of(sitting, reference)
    meeting = load(sitting, find(sitting, reference))
    [taken] = planning.history(sitting, meeting.children[0].id)
    dates = {one.label: one for one in diary.dates_of_all(sitting)}
    sitting.close()
    assert told(found) == told(wanted)
    assert (taken.meeting_id, taken.started_on.isoformat(), taken.earlier) == (None, since, 1)
    assert ([one.text for one in taken.outcomes], taken.why) == ([OUTLINE["outcome"][0]], plan["why"])
    assert dates["Transfer-in conference"].kept_on == today
    said = minutes_of(store, reference)
    for label, count, unit in (("First core group", "10", "working-days"), ("First review conference", "3", "months")):
        assert dates[label].because == because(capsys, today, count, unit, "back" if unit == "months" else "none")
        assert label in said
        assert day(dates[label].when) in said


def a_review(store: Path, wanted: Thing) -> None:
    """Hold a conference through the services that puts the child on a plan, and prepare the review of it."""
    [child] = wanted["case"]["children"]
    sitting = opened(store)
    case = cases.open_case(sitting, wanted["case"]["reference"])
    kept = cases.add_child(sitting, case.id, child["name"], born=date.fromisoformat(child["born"]))
    held = prepared(sitting, case.id, [kept], "icpc", VIEWS, CHOSEN)
    seat(sitting, held.meeting, wanted)
    meetings.start(sitting, held.meeting)
    for person in held.loaded().attendances:
        table.arrive(sitting, person.id)
    entries.record_action(sitting, held.meeting, "plan", LEFT_OPEN, owner="Priya Nair")
    make(held)
    finish(held)
    made = meetings.prepare(
        sitting, case.id, "rcpc", [kept.id], planned_at=now(), reason=wanted["meeting"]["reason"], follows=held.meeting
    )
    seat(sitting, made.id, wanted)
    sitting.close()


def seat(sitting: Sitting, meeting: UUID, wanted: Thing) -> None:
    """Invite everybody of a record to a meeting."""
    for person in wanted["meeting"]["attendances"]:
        agency = person.get("agency", {})
        table.invite(
            sitting, meeting, person["name"], sector=agency.get("sector", ""), agency=agency.get("name", ""),
            role=person["role"], capacity=Capacity(person.get("capacity", "practitioner")),
        )  # fmt: skip


def test_a_review_from_which_a_parent_is_kept_out_tells_what_changed_by_keys_alone(store, screen):
    wanted = review(legal_day(now()))
    a_review(store, wanted)
    played, take = ConferenceByKeys(wanted, england()), pictures(screen, "review")
    with Program(screen, store) as window:
        hands = go_in(window)
        hands.press(keys("Return"))
        window.wait("^Start a meeting")
        hands.press(keys("ctrl+shift+b"))
        reference = window.wait("^Before ").removesuffix(" - Chairside").removeprefix("Before ")
        hands.press(*played.exclude(EXCLUSION))
        hands.look()
        take("before")
        hands.press(BACK)
        window.wait("^Start a meeting")
        take("start")
        hands.press(NEXT)
        window.wait(f"^{reference}")
        besides = {
            "introduce": played.declare(), "background": [keys("ctrl+shift+h"), keys("alt+o"), BACK],
            "outcomes": [*played.tell(PROGRESS), BACK],
        }  # fmt: skip
        hold(hands, played, take, besides)
        to_signed(window, hands, take)

    sitting = opened(store)
    found = record_of(sitting, reference)
    meeting = load(sitting, find(sitting, reference))
    sitting.close()
    assert told(found) | {"actions": []} == told(wanted)
    [carried_on] = meeting.actions
    assert (carried_on.text, carried_on.done_at is not None) == (LEFT_OPEN, True)
    [father] = [seat for seat in meeting.attendances if seat.name == FATHER["name"]]
    [kept_out] = meeting.exclusions
    assert (kept_out.attendance, kept_out.ruling, father.presences) == (father, Ruling.FOR_ALL, [])
    assert (kept_out.reason, kept_out.views_by) == (EXCLUSION["reason"], EXCLUSION["views_by"])
    [progress] = meeting.progress
    assert (progress.done, progress.change, progress.evidence) == (Done.PARTLY, *PROGRESS[1:])
    said = minutes_of(store, reference)
    for text in (EXCLUSION["reason"], EXCLUSION["views_by"], *PROGRESS[1:]):
        assert text in said
    assert EXCLUSION["evidence"] not in said
