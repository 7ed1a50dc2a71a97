"""How long cases are kept: what the authority chose, when a case was closed, and what holds it longer."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import exists, select
from sqlalchemy.orm import Session, selectinload

from app.models.base import LONGEST_NAME, Refused, required
from app.models.case import Case
from app.models.copy import Preference
from app.models.disposal import Closure, Disposal, LegalHold
from app.models.meeting import Meeting, State
from app.practice.retention import Kept, Policy, a_policy, keep_until
from app.practice.words import legal_day
from app.services.sitting import Sitting, case_of

_MARKING, _RETENTION = "records.marking", "records.retention"


@dataclass(frozen=True, slots=True)
class Keeping:
    """How one case is kept: when it was closed, until when it is kept and why, and what holds it, the latest first."""

    case: Case
    closed_on: date | None
    kept: Kept
    holds: Sequence[LegalHold]

    @property
    def held(self) -> LegalHold | None:
        """The hold that nobody has lifted yet, if there is one."""
        return next((hold for hold in self.holds if hold.lifted_at is None), None)

    def due(self, today: date) -> bool:
        """Return whether somebody should look at whether the case is to be disposed of."""
        return self.kept.passed(today) and self.held is None


def marking(sitting: Sitting) -> str:
    """Return the protective marking the authority chose for its minutes; empty where that is not decided yet."""
    return _chosen(sitting, _MARKING)


def marking_words(sitting: Sitting) -> str:
    """Return what is to stand where the marking stands: the marking, or that it is not decided yet."""
    return marking(sitting) or sitting.pack.words("marking", "not-decided")


def choose_marking(sitting: Sitting, words: str) -> None:
    """Print this marking on all minutes drawn from now on; raises ``Refused`` where it is empty."""
    _choose(sitting, _MARKING, required(words, "minutes.marking-missing", LONGEST_NAME))


def policy(sitting: Sitting) -> Policy | None:
    """Return the authority's rule for how long cases are kept; None where that is not decided yet."""
    chosen = _chosen(sitting, _RETENTION)
    if not chosen:
        return None
    said = json.loads(chosen)
    return a_policy(sitting.pack.retentions, said["rule"], said["years"], said["policy"])


def choose_policy(sitting: Sitting, rule_id: str, years: int, name: str) -> Policy:
    """Return the rule for how long cases are kept from now on; raises ``Refused`` where it is not whole."""
    chosen = a_policy(sitting.pack.retentions, rule_id, years, name)
    said = {"rule": chosen.rule.id, "years": chosen.years, "policy": chosen.name}
    _choose(sitting, _RETENTION, json.dumps(said, ensure_ascii=False, sort_keys=True))
    return chosen


def close_case(sitting: Sitting, case_id: UUID, closed_on: date) -> None:
    """Note the day the authority closed a case, from which its keeping may be counted.

    Raises ``Refused`` for a day to come, and while one of its meetings is in session or adjourned.
    """
    act = sitting.act()
    if closed_on > legal_day(act.at):
        raise Refused("case.closed-in-future")
    with sitting.store.begin(act, "case.closed", case=case_id) as session:
        case_of(session, case_id)
        require_no_open_meeting(session, case_id)
        closure = _closure(session, case_id)
        if closure is None:
            session.add(
                Closure(id=act.new_id(), case_id=case_id, closed_on=closed_on, noted_at=act.at, noted_by=act.who)
            )
        else:
            closure.closed_on, closure.noted_at, closure.noted_by = closed_on, act.at, act.who


def reopen_case(sitting: Sitting, case_id: UUID) -> None:
    """Take back that a case was closed; raises ``Refused`` where it was not."""
    with sitting.store.begin(sitting.act(), "case.reopened", case=case_id) as session:
        closure = _closure(session, case_id)
        if closure is None:
            raise Refused("case.not-closed")
        session.delete(closure)


def place_hold(sitting: Sitting, case_id: UUID, reason: str) -> LegalHold:
    """Return a new hold: while it is not lifted the case cannot be disposed of. Raises ``Refused`` without a reason."""
    act = sitting.act()
    why = required(reason, "hold.reason-missing")
    with sitting.store.begin(act, "hold.placed", case=case_id) as session:
        case_of(session, case_id)
        hold = LegalHold(id=act.new_id(), case_id=case_id, reason=why, placed_at=act.at, placed_by=act.who)
        session.add(hold)
    return hold


def lift_hold(sitting: Sitting, hold_id: UUID, reason: str) -> None:
    """Lift a hold, and keep who did so and why; raises ``Refused`` without a reason or where it is lifted already."""
    act = sitting.act()
    why = required(reason, "hold.lifting-reason-missing")
    with sitting.store.read() as session:
        known = session.get(LegalHold, hold_id)
    if known is None or known.lifted_at is not None:
        raise Refused("hold.not-there")
    with sitting.store.begin(act, "hold.lifted", case=known.case_id) as session:
        hold = session.get_one(LegalHold, hold_id)
        hold.lifted_at, hold.lifted_by, hold.lifted_reason = act.at, act.who, why


def keeping(sitting: Sitting, case_id: UUID) -> Keeping:
    """Return how a case is kept; raises ``Refused`` where there is no such case."""
    rule = policy(sitting)
    with sitting.store.read() as session:
        return _keeping(session, case_of(session, case_id, [selectinload(Case.children)]), rule)


def all_kept(sitting: Sitting) -> list[Keeping]:
    """Return how each closed case is kept, those whose time ends first at the head; none ever goes by itself."""
    rule = policy(sitting)
    with sitting.store.read() as session:
        closed = select(Case).join(Closure, Closure.case_id == Case.id).options(selectinload(Case.children))
        found = [_keeping(session, case, rule) for case in session.scalars(closed).all()]
    return sorted(found, key=lambda one: (one.kept.until or date.max, one.case.reference))


def disposed(sitting: Sitting) -> Sequence[Disposal]:
    """Return the certificates of the cases that were disposed of, the latest first."""
    with sitting.store.read() as session:
        return session.scalars(select(Disposal).order_by(Disposal.disposed_at.desc())).all()


def require_no_open_meeting(session: Session, case_id: UUID) -> None:
    """Raise ``Refused`` while a meeting of the case is in session or adjourned."""
    running = Meeting.state.in_((State.IN_SESSION, State.ADJOURNED))
    if session.scalar(select(exists().where(Meeting.case_id == case_id, running))):
        raise Refused("case.meeting-open")


def _keeping(session: Session, case: Case, rule: Policy | None) -> Keeping:
    closure = _closure(session, case.id)
    closed_on = closure.closed_on if closure else None
    held = select(LegalHold).where(LegalHold.case_id == case.id).order_by(LegalHold.placed_at.desc())
    kept = keep_until(rule, closed_on, [child.born for child in case.children])
    return Keeping(case, closed_on, kept, session.scalars(held).all())


def _closure(session: Session, case_id: UUID) -> Closure | None:
    return session.scalar(select(Closure).where(Closure.case_id == case_id))


def _chosen(sitting: Sitting, key: str) -> str:
    with sitting.store.read() as session:
        kept = session.get(Preference, key)
    return kept.value if kept else ""


def _choose(sitting: Sitting, key: str, value: str) -> None:
    with sitting.store.begin(sitting.act(), "preference.set") as session:
        kept = session.get(Preference, key)
        if kept is None:
            session.add(Preference(key=key, value=value))
        else:
            kept.value = value
