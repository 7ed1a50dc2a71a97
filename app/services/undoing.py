"""Taking an act back, until the meeting is concluded. Nothing is lost by it: the trail keeps both."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models.audit import AuditEntry
from app.models.base import Refused
from app.models.meeting import State
from app.services.sitting import Sitting, meeting_of
from app.store.trail import changes_of, reverse

# moving along the agenda and the states of the meeting are not taken back by undo
UNDOABLE = (
    "action.done", "action.owned", "action.recorded", "attendance.arrived", "attendance.invited", "attendance.left",
    "attendance.noted", "attendance.substituted", "chair.agreed", "chair.declared", "children.ordered",
    "circumstance.said", "decision.made", "difference.read", "dissent.read-back",
    "dissent.recorded", "exclusion.asked", "exclusion.back", "exclusion.heard", "exclusion.left", "exclusion.noted",
    "exclusion.ruled", "gap.owned", "gap.recorded", "plan.ended", "plan.revised", "progress.noted", "prompt.answered",
    "quorum.answered", "statement.amended", "statement.recorded", "view.recorded", "work.ended", "work.gone-on",
    "work.planned", "work.step-added", "work.step-done", "work.step-open",
)  # fmt: skip
UNDO, REDO = "act.undone", "act.redone"


def undo(sitting: Sitting, meeting_id: UUID) -> str:
    """Take back the last act that is not taken back yet and return its kind; raises ``Refused`` where there is none."""
    with sitting.store.read() as session:
        standing, _ = _stacks(session, meeting_id)
    if not standing:
        raise Refused("undo.nothing")
    return _reverse(sitting, meeting_id, standing[-1], standing[-1], UNDO)


def redo(sitting: Sitting, meeting_id: UUID) -> str:
    """Do again the act that was last taken back and return its kind; raises ``Refused`` where there is none."""
    with sitting.store.read() as session:
        _, undone = _stacks(session, meeting_id)
    if not undone:
        raise Refused("redo.nothing")
    act_seq, by = undone[-1]
    return _reverse(sitting, meeting_id, by, act_seq, REDO)


def _reverse(sitting: Sitting, meeting_id: UUID, seq: int, act_seq: int, kind: str) -> str:
    act = sitting.act()
    with sitting.store.begin(act, kind, meeting_id, undoes=act_seq) as session:
        meeting = meeting_of(session, meeting_id)
        if meeting.state is not State.PREPARED and not meeting.open:
            raise Refused("meeting.already-concluded")
        entry = session.get_one(AuditEntry, seq)
        if entry.payload is None:
            raise Refused("undo.nothing" if kind == UNDO else "redo.nothing")
        reverse(session, entry)
        return session.get_one(AuditEntry, act_seq).kind


def _stacks(session: Session, meeting_id: UUID) -> tuple[list[int], list[tuple[int, int]]]:
    """Return the acts that stand, and those taken back since the last new one, each with what took it back.

    All are numbers of entries of the trail.
    """
    wanted = (*UNDOABLE, UNDO, REDO)
    rows = session.execute(
        select(AuditEntry.seq, AuditEntry.kind)
        .where(AuditEntry.meeting_id == meeting_id, AuditEntry.kind.in_(wanted))
        .order_by(AuditEntry.seq)
    )
    standing: list[int] = []
    undone: list[tuple[int, int]] = []
    for seq, kind in rows:
        if kind == UNDO:
            undone.append((standing.pop(), seq))
        elif kind == REDO:
            standing.append(undone.pop()[0])
        else:
            standing.append(seq)
            undone.clear()
    return standing, undone


def wordings(sitting: Sitting, meeting_id: UUID, record_id: UUID) -> list[tuple[str, str, str]]:
    """Return when, by which kind of act and to what text a record of the meeting was changed, the oldest first."""
    found: list[tuple[str, str, str]] = []
    with sitting.store.read() as session:
        for entry in session.scalars(
            select(AuditEntry).where(AuditEntry.meeting_id == meeting_id).order_by(AuditEntry.seq)
        ):
            for change in changes_of(entry.payload):
                after = change["after"] or {}
                text = after.get("text") or after.get("words") or after.get("question") or after.get("reason")
                if change["id"] == record_id.hex and (text or change["op"] == "delete"):
                    found.append((entry.at.isoformat(), entry.kind, text or ""))
    return found
