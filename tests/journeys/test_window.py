"""The real window, driven by nothing but key presses, and what is in the store afterwards."""

import json
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from app import resources
from app.cli.door import main
from app.services import exchange, sealing
from app.services.meetings import find, load
from app.services.opening import open_store
from app.services.unfinished import kept
from tests.journeys.screen import LOOK, PATIENCE, NotSeen, Program, Screen
from tests.journeys.short_by_keys import NEXT, ByKeys, england, told
from tests.journeys.strokes import keys, line

pytestmark = pytest.mark.window

PASSPHRASE = "seven lamps along the quiet river"
PICTURES = Path("out") / "window"
SHORT: Mapping[str, Any] = json.loads(resources.folder("sample", "short.json").read_text(encoding="utf-8"))
LAST, POWER_BACK = "This one was typed and nobody saw it saved.", "The power is back."
MEETING = r"^[A-Z]+-\d{4}-\d+ - Chairside$"


@pytest.fixture
def store(tmp_path: Path) -> Path:
    """The folder of a new store, in which nobody has given their name yet."""
    (tmp_path / "passphrase.txt").write_text(f"{PASSPHRASE}\n", encoding="utf-8")
    assert command("new-store", tmp_path / "store", "--recovery-key-out", str(tmp_path / "recovery.txt")) == 0
    return tmp_path / "store"


def command(name: str, store: Path, *words: str) -> int:
    """Run a command on the store, the way a person does in a terminal."""
    secret = store.parent / "passphrase.txt"
    return main([name, *words, "--store", str(store), "--passphrase-file", str(secret)])


def come_in(window: Program, played: ByKeys) -> None:
    """From the start of the program to the home page of a store in which nobody gave their name before."""
    window.wait("^Locked")
    window.press(*line(PASSPHRASE))
    window.wait("^First start")
    window.press(*played.chair())
    window.wait("^Home")


def pictures(screen: Screen) -> Callable[[str], None]:
    """A camera whose pictures are numbered, for people to look at."""
    for old in PICTURES.glob("*.png"):
        old.unlink()
    taken = 0

    def take(name: str) -> None:
        nonlocal taken
        taken += 1
        screen.shot(PICTURES / f"{taken:02}-{name.lower().replace(' ', '-')}.png")

    return take


def test_key_presses_alone_take_the_short_sample_from_launch_to_sealed_minutes(store, screen, tmp_path, capsys):
    played, take = ByKeys(SHORT, england()), pictures(screen)
    with Program(screen, store) as window:
        window.wait("^Locked")
        take("locked")
        come_in(window, played)
        take("home")
        window.press(*played.set_up()[:-1])
        window.wait("^New meeting")
        take("set up")
        window.press(NEXT)
        reference = window.wait(MEETING).removesuffix(" - Chairside")
        for number, (_, strokes) in enumerate(played.items(), 1):
            window.press(*strokes[:-1])
            take(f"item {number}")
            window.press(strokes[-1])
        take("closing page")
        window.press(*played.conclude())
        window.wait("^Minutes of .* which marking")
        take("which marking")
        window.press(*played.marking())
        window.wait("^Minutes of .* ready to sign")
        take("minutes")
        window.press(*played.seal())
        window.wait("^Minutes of .* signed")
        take("signed minutes")
        window.press(keys("ctrl+q"))
        assert window.ended() == 0

    capsys.readouterr()
    assert command("list", store, "--json") == 0
    cases = json.loads(capsys.readouterr().out)["cases"]
    assert [(m["reference"], m["state"]) for case in cases for m in case["meetings"]] == [(reference, "sealed")]
    signed, authority = tmp_path / "signed.pdf", tmp_path / "authority.pem"
    assert command("minutes", store, reference, "-o", str(signed)) == 0
    sitting = open_store(store, PASSPHRASE, lambda: datetime.now(UTC))
    authority.write_bytes(sealing.authority(sitting))
    typed = json.loads(exchange.export_meeting(sitting, find(sitting, reference)))
    sitting.close()
    assert main(["verify", str(signed), "--trust", str(authority)]) == 0
    assert command("check", store) == 0
    wanted, found = told(SHORT), told(typed)
    for part, things in wanted.items():
        assert found[part] == things


def test_a_window_killed_in_the_middle_of_typing_loses_nothing_that_it_showed_as_saved(store, screen):
    played = ByKeys(SHORT, england())
    said = [f"Statement {number} of the things that were said before the power went." for number in range(1, 7)]
    with Program(screen, store) as window:
        come_in(window, played)
        window.press(*played.set_up())
        reference = window.wait(MEETING).removesuffix(" - Chairside")
        window.press(NEXT)
        for text in said:
            shown_after(screen, lambda text=text: window.press(*line(text)))
        window.press(*line(LAST))
        window.kill()
    saved, half = found_in(store, reference)
    with Program(screen, store) as window:
        window.wait("^Locked")
        window.press(*line(PASSPHRASE))
        window.wait(f"^{reference}")
        shown_after(screen, lambda: window.press(*line(POWER_BACK)))
        window.press(keys("ctrl+q"))
        assert window.ended() == 0

    sitting = open_store(store, PASSPHRASE, lambda: datetime.now(UTC))
    meeting = load(sitting, find(sitting, reference))
    second = sitting.type_of(meeting).agenda[1].id
    sitting.close()
    assert saved[: len(said)] == said
    assert any(text.startswith(half) for text in (said[-1], LAST))
    assert found_in(store, reference) == ([*saved, f"{half}{POWER_BACK}"], "")
    assert {statement.item_id for statement in meeting.statements} == {second}
    assert command("check", store) == 0


def found_in(store: Path, reference: str) -> tuple[list[str], str]:
    """Return what was said in a meeting and the line that stood half typed, as the store has them."""
    sitting = open_store(store, PASSPHRASE, lambda: datetime.now(UTC))
    meeting = load(sitting, find(sitting, reference))
    said = [statement.text for statement in meeting.statements]
    words = kept(sitting).words.get(f"meeting:{meeting.id}")
    sitting.close()
    return said, json.loads(words)["line"] if words else ""


def shown_after(screen: Screen, press: Callable[[], None]) -> None:
    """Press keys that record something, and wait until the list of what was recorded shows it."""
    before = screen.part(*STREAM)
    press()
    end = time.monotonic() + PATIENCE
    while screen.part(*STREAM) == before:
        if time.monotonic() > end:
            raise NotSeen("what was typed did not appear in the list of what was recorded")
        time.sleep(LOOK)


# where that list is on the screen, well within its edges: left, top, width and height in hundredths
STREAM = (25, 51, 45, 40)
