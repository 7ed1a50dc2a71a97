"""The part of the minutes about the family: how they took part, their own words, who was kept out, complaints."""

from collections.abc import Iterator

from app.minutes.document import Block, Facts, Heading, Table, Text, TextRole
from app.minutes.sections import Material, due_day, lines, note
from app.models.attendance import Attendance
from app.models.participation import Complaint, Exclusion
from app.models.statement import Statement
from app.practice import words
from app.practice.participation import (
    KEPT_OUT,
    Report,
    family_and_beside,
    notice_of,
    own_words,
    reports,
)


def family(m: Material) -> Iterator[Block]:
    """Yield how the family took part, where they do in this type of meeting or anything is on record about it."""
    blocks = [*_people(m), *_words(m), *_exclusions(m), *_reports(m), *_complaints(m)]
    if blocks:
        yield Heading(1, m.said("participation"))
        yield from blocks


def _people(m: Material) -> Iterator[Block]:
    seats = family_and_beside(m.meeting)
    if seats:
        yield Facts(tuple((m.pack.words("capacity", seat.capacity), _part_of(m, seat)) for seat in seats))


def _part_of(m: Material, seat: Attendance) -> str:
    came = "" if seat.came or m.meeting.started_at is None else m.said("did_not_come")
    return lines(seat.name, m.labelled("takes_part", seat.takes_part) if seat.takes_part else "", came)


def _words(m: Material) -> Iterator[Block]:
    said = own_words(m.meeting)
    if not said and not m.meeting_type.family_attend:
        return
    yield Heading(2, m.said("own_words"))
    if not said or m.meeting.started_at is None:
        yield Text(m.said("no_own_words" if m.meeting.started_at else "not_started"))
        return
    restricted = tuple(place for place, statement in enumerate(said) if statement.restricted)
    header = tuple(m.said(key) for key in ("no", "who", "statement"))
    yield Table(header, tuple(_said(m, statement) for statement in said), (0.9, 2.9, 6.2), restricted)


def _said(m: Material, statement: Statement) -> tuple[str, ...]:
    about = m.labelled("about", m.child(statement.child)) if statement.child else ""
    return str(m.statements[statement.id]), lines(m.who(statement.speaker), about), statement.text


def _exclusions(m: Material) -> Iterator[Block]:
    asked = m.meeting.exclusions
    if not asked:
        return
    yield Heading(2, m.said("exclusions"))
    header = tuple(m.said(key) for key in ("who", "exclusion_why", "exclusion_answer"))
    yield Table(header, tuple(_exclusion(m, exclusion) for exclusion in asked), (2, 3.6, 4.4))
    yield from note(m.said("exclusion_evidence"))


def _exclusion(m: Material, exclusion: Exclusion) -> tuple[str, ...]:
    ground = m.pack.participation.ground(exclusion.ground)
    notice = notice_of(exclusion, m.meeting, m.meeting_type, m.pack, m.calendar)
    late = f"{words.weekday_day(notice.due.at)}; {m.said('exclusion_late')}" if notice and notice.late else ""
    why = lines(
        ground.label if ground else exclusion.ground,
        f"{exclusion.asked_by}, {words.moment(exclusion.asked_at)}",
        m.labelled("exclusion_notice", late) if late else "",
    )
    return exclusion.attendance.name, why, lines(*_answer(m, exclusion))


def _answer(m: Material, exclusion: Exclusion) -> Iterator[str]:
    ruling = m.pack.words("ruling", exclusion.ruling)
    yield f"{ruling}: {exclusion.scope}" if exclusion.scope else ruling
    yield exclusion.reason
    if exclusion.legal_advice:
        yield m.labelled("exclusion_advice", exclusion.legal_advice)
    if exclusion.left_at:
        back = f" {m.said('to')} {m.when(exclusion.back_at)}" if exclusion.back_at else ""
        yield m.labelled("exclusion_out", f"{m.when(exclusion.left_at)}{back}")
    if exclusion.views_by:
        yield m.labelled("exclusion_views", exclusion.views_by)
    elif exclusion.ruling in KEPT_OUT:
        yield m.said("exclusion_no_views")
    if exclusion.letter_on:
        yield m.labelled("exclusion_letter", words.day(exclusion.letter_on))
    if exclusion.chair_offered:
        yield m.said("exclusion_offer")


def _reports(m: Material) -> Iterator[Block]:
    found = reports(m.meeting, m.meeting_type, m.pack, m.calendar)
    if not any(report.due or report.attendance.report_asked for report in found):
        return
    yield Heading(2, m.said("reports_before"))
    header = tuple(m.said(key) for key in ("who", "report_came", "report_due"))
    yield Table(header, tuple(_report(m, report) for report in found), (3.4, 3.3, 3.3))


def _report(m: Material, report: Report) -> tuple[str, ...]:
    seat = report.attendance
    came = due_day(seat.report_received) or m.said("report_not_came")
    due = words.weekday_day(report.due.at) if report.due else m.said("no_date")
    return (
        lines(m.who(seat), m.labelled("report_asked_on", due_day(seat.report_asked)) if seat.report_asked else ""),
        lines(
            came,
            m.labelled("working_days_before", words.number(report.days)) if report.days is not None else "",
            m.labelled("report_shared", seat.report_shared) if seat.report_shared else "",
        ),
        lines(due, m.said("report_late") if report.late else ""),
    )


def _complaints(m: Material) -> Iterator[Block]:
    known = [complaint for complaint in m.meeting.case.complaints if complaint.meeting_id == m.meeting.id]
    routes = m.pack.participation.routes
    if not known and not (m.meeting_type.family_attend and routes):
        return
    yield Heading(2, m.said("complaints" if known else "complaint_how"))
    for complaint in known:
        yield Facts(((f"{complaint.who}, {m.labelled('complaint_came', words.day(complaint.received_on))}",
                      lines(*_complaint(m, complaint))),))  # fmt: skip
    if routes:
        first = routes[0]
        within = first.within or _limit_label(m, first.limit)
        yield Text(f"{first.label}: {first.who}. {within}".rstrip(". ") + ".")
    yield Text(m.said("complaint_stands"), TextRole.NOTE)


def _complaint(m: Material, complaint: Complaint) -> Iterator[str]:
    stage = next((one.label for one in m.pack.participation.routes if one.id == complaint.stage), complaint.stage)
    yield m.labelled("complaint_about", complaint.about)
    yield m.labelled("complaint_stage", stage)
    if complaint.due_on:
        yield m.labelled("complaint_due", words.weekday_day(complaint.due_on))
    if complaint.closed_on:
        yield m.labelled("complaint_closed", f"{words.day(complaint.closed_on)}. {complaint.outcome}")


def _limit_label(m: Material, limit_id: str) -> str:
    limit = m.pack.time_limit(limit_id)
    return limit.label if limit else ""
