"""When the window locks by itself, and what its lock screen may know."""

from sqlalchemy import exists, select

from app.models.base import Refused
from app.models.copy import Preference
from app.models.meeting import Meeting, State
from app.services.opening import CannotOpen
from app.services.sitting import Sitting
from app.store.faults import StoreDamaged, StoreMissing
from app.vault.errors import HeaderDamaged, NoVault

LEAST, USUAL, MOST = 1, 5, 15
_KEY = "lock.idle-minutes"


def idle_minutes(sitting: Sitting) -> int:
    """Return after how many minutes without a key or the mouse the window locks."""
    with sitting.store.read() as session:
        chosen = session.get(Preference, _KEY)
    # written by whoever has the data key, so it may be anything; the longest that is allowed stays the longest
    typed = chosen.value if chosen is not None else ""
    return min(max(int(typed), LEAST), MOST) if typed.isascii() and typed.isdigit() else USUAL


def set_idle_minutes(sitting: Sitting, minutes: int) -> None:
    """Have the window lock after so many minutes; raises ``Refused`` outside 1 to 15."""
    if not LEAST <= minutes <= MOST:
        raise Refused("lock.idle-minutes", least=str(LEAST), most=str(MOST))
    with sitting.store.begin(sitting.act(), "preference.set") as session:
        chosen = session.get(Preference, _KEY)
        if chosen is None:
            session.add(Preference(key=_KEY, value=str(minutes)))
        else:
            chosen.value = str(minutes)


def is_meeting_running(sitting: Sitting) -> bool:
    """Return whether any meeting is in session."""
    with sitting.store.read() as session:
        return bool(session.scalar(select(exists().where(Meeting.state == State.IN_SESSION))))


def is_damage(failure: CannotOpen) -> bool:
    """Return whether a store cannot be opened because something of it is damaged or gone, so that a backup can help."""
    return isinstance(failure.__cause__, StoreDamaged | StoreMissing | HeaderDamaged | NoVault)
