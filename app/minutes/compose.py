"""Composes the minutes of a meeting from its record: which parts there are, and in which order."""

from app.minutes.document import Block, Document
from app.minutes.sections import Material
from app.minutes.sections_agenda import discussion, gaps
from app.minutes.sections_end import checking, distribution, rules, signature
from app.minutes.sections_family import family
from app.minutes.sections_meeting import about, attendance, children, quorum_part, spells_in_words
from app.minutes.sections_outcome import dates, decisions, dissents, left_open, views
from app.minutes.sections_plan import interim, plan
from app.minutes.sections_summary import summary
from app.minutes.sections_work import work
from app.models.base import Refused
from app.models.meeting import Meeting
from app.models.minutes import Signer
from app.practice.pack import Pack
from app.practice.working_days import WorkingCalendar

# the name of each part is its place in the tree of sealed minutes, whatever its heading is called
_IN_ORDER = {
    "summary": summary,
    "meeting": about,
    "children": children,
    "attendance": attendance,
    "quorum": quorum_part,
    "discussion": discussion,
    "gaps": gaps,
    "family": family,
    "views": views,
    "decisions": decisions,
    "work": work,
    "plan": plan,
    "dissents": dissents,
    "left-open": left_open,
    "dates": dates,
    "distribution": distribution,
    "rules": rules,
    "signature": signature,
    "checking": checking,
}


def compose(
    meeting: Meeting, pack: Pack, calendar: WorkingCalendar, *, signer: Signer | None, version: int, marked: str
) -> Document:
    """Return the minutes of a meeting whose whole record is loaded, under the protective marking ``marked``.

    They are a draft until the meeting is concluded and there is a ``signer``. Raises ``Refused`` where the pack does
    not have the meeting's type.
    """
    meeting_type = pack.meeting_type(meeting.type_id)
    if meeting_type is None:
        raise Refused("meeting.unknown-type")
    m = Material(meeting, meeting_type, pack, calendar, signer)
    parts: dict[str, tuple[Block, ...]] = {name: tuple(part(m)) for name, part in _IN_ORDER.items()}
    return Document(
        title=meeting_type.label,
        marking=marking(m, marked),
        meeting_reference=meeting.reference,
        version=version,
        status=m.said("status_final" if m.final else "status_draft"),
        header_alert=header_alert(m),
        language=pack.language,
        blocks=tuple(block for blocks in parts.values() for block in blocks),
        parts=tuple((name, len(blocks)) for name, blocks in parts.items()),
    )


def marking(m: Material, marked: str) -> str:
    """Return the protective marking; it says so where the minutes hold restricted parts, or are only a draft."""
    marks = [marked]
    if m.meeting_type.privileged:
        marks.append(m.pack.words("marking", "privileged"))
    if m.restricted:
        marks.append(m.pack.words("marking", "restricted"))
    if not m.final:
        marks.append(m.pack.words("marking", "draft"))
    return ". ".join(marks)


def header_alert(m: Material) -> str:
    """Return what stands at the head of every page where the meeting lacked a quorum, or a plan in it is interim."""
    provisional = sum(not decision.quorate for decision in m.meeting.decisions)
    spells = spells_in_words(m)
    unsure = [m.said("plan_interim_alert")] if interim(m) else []
    if not spells and not provisional:
        return "".join(unsure)
    parts = [spells[0] if spells else m.said("not_quorate")]
    if len(spells) > 1:
        parts.append(m.labelled("further_spells", str(len(spells) - 1)))
    if provisional:
        parts.append(m.labelled("provisional", str(provisional)))
    return ". ".join([*parts, *unsure])
