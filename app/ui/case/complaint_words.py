"""What the part about complaints shows and asks; no Qt."""

from collections.abc import Sequence
from datetime import datetime

from app.models.meeting import Meeting
from app.models.participation import Complaint
from app.practice.arrangements import ComplaintStage
from app.practice.origins import origin
from app.practice.pack import Pack
from app.practice.participation import next_stage
from app.practice.words import counted, day, legal_day, weekday_day
from app.services.diary import far_away
from app.ui.kit.asked import Asked, Kind

FIELDS = {
    "complaint.who-missing": "who", "complaint.about-missing": "about", "complaint.in-future": "day",
    "complaint.meeting-open": "meeting", "complaint.outcome-missing": "outcome", "complaint.closed-before": "day",
}  # fmt: skip


def stage_of(complaint: Complaint, pack: Pack) -> ComplaintStage | None:
    """Return the stage a complaint is on, where the pack still knows it."""
    return next((stage for stage in pack.participation.routes if stage.id == complaint.stage), None)


def line_of(complaint: Complaint, pack: Pack, now: datetime) -> str:
    """Return a complaint as one row: from whom, about which meeting, and where it stands."""
    head = f"{day(complaint.received_on)}, {complaint.who}, about {complaint.meeting.reference}"
    if complaint.closed_on is not None:
        return f"{head}: closed on {day(complaint.closed_on)}"
    stage = stage_of(complaint, pack)
    return f"{head}: {stage.label if stage else complaint.stage}, {_due(complaint, stage, now)}"


def _due(complaint: Complaint, stage: ComplaintStage | None, now: datetime) -> str:
    if complaint.due_on is not None:
        return f"to be answered by {weekday_day(complaint.due_on)}, {far_away(complaint.due_on, now)}"
    within = stage.within if stage else ""
    return f"when: {within[0].lower()}{within[1:]}" if within else "no day is set for the answer"


def told(complaint: Complaint, pack: Pack, now: datetime) -> str:
    """Return everything about a complaint: what it is about, its clock, who answers, what comes next, its outcome."""
    stage, parts = stage_of(complaint, pack), [f"About: {complaint.about}"]
    if complaint.closed_on is not None:
        return "\n".join([*parts, f"Closed on {day(complaint.closed_on)}: {complaint.outcome}"])
    waiting = (legal_day(now) - complaint.received_on).days
    parts.append(f"It came {counted(waiting, 'day')} ago." if waiting > 0 else "It came today.")
    if stage is not None:
        parts.append(f"{stage.label}. Who answers: {stage.who}.")
    due = _due(complaint, stage, now)
    parts.append(f"{due[0].upper()}{due[1:]}.")
    following = next_stage(complaint.stage, pack) if stage else None
    parts.append(f"The next stage: {following.label}." if following else "This is the last stage of the route.")
    return "\n".join(parts)


def route_of(pack: Pack) -> str:
    """Return the stages of a complaint in their order, each with where it comes from."""
    if not pack.participation.routes:
        return "The pack has no route for complaints: use your authority's own procedure."
    return "\n\n".join(
        f"{number}. {stage.label}. {stage.who}.\n{origin(stage, pack)}"
        for number, stage in enumerate(pack.participation.routes, 1)
    )


def asked(meetings: Sequence[Meeting], names: Sequence[str]) -> list[Asked]:
    """Return what is asked about a new complaint; ``names`` say what each of the meetings is called."""
    return [
        Asked("who", "Who complains"),
        Asked("about", "What the complaint is about", Kind.WORDS),
        Asked(
            "meeting", "About which meeting", Kind.CHOICE,
            choices=[(meeting.id, name) for meeting, name in zip(meetings, names, strict=True)],
        ),
        Asked("day", "Day on which it came", hint="For example 3.3.2027. Leave it empty for today."),
    ]  # fmt: skip


def end_asked() -> list[Asked]:
    """Return what is asked when a complaint is closed."""
    return [
        Asked("outcome", "What came of it, and what the person was told", Kind.WORDS),
        Asked("day", "Day on which it was closed", hint="Leave it empty for today."),
    ]
