"""The parts of the minutes about the meeting itself: when and how, the children, who came, and the quorum."""

from collections.abc import Iterator

from app.minutes.document import Block, Facts, Heading, Listing, Table, Text, TextRole
from app.minutes.sections import Material, beside, lines, note
from app.models.attendance import Attendance, Authority, Capacity, Invitation
from app.models.case import Child, Person, Sex
from app.models.conduct import QuorumAnswer
from app.practice import words
from app.practice.chairing import answered, model_of
from app.practice.invitations import considered, not_yet_invited
from app.practice.quorum import MAKES_QUORUM, holders, kind_label, others, quorum, stands_for

_CHILD_FACTS = (
    "ethnicity",
    "first_language",
    "faith",
    "disability",
    "communication",
    "legal_status",
    "address",
    "whereabouts",
    "setting",
    "gp",
    "nhs_number",
)


def about(m: Material) -> Iterator[Block]:
    """Yield when, where and how the meeting was held, who chaired and who took the minutes."""
    meeting, chair = m.meeting, m.meeting.chair
    takers = [a.name for a in meeting.attendances if a.capacity is Capacity.MINUTE_TAKER]
    read_at = meeting.difference_read_at
    rows = [
        ("reference", meeting.reference),
        ("case", meeting.case.reference),
        ("type", m.meeting_type.label),
        ("held", _held(m)),
        ("follows", _before(m)),
        ("method", m.pack.words("methods", meeting.method)),
        ("venue", meeting.venue),
        ("chair", f"{chair.name}, {m.role(chair)}".removesuffix(", ") if chair else m.said("no_chair")),
        ("declaration", lines(*_declared(m), chair.note if chair else "") or m.said("not_recorded")),
        ("minute_taker", words.listed(takers) or m.said("no_minute_taker")),
        ("difference", m.labelled("read_at", m.when(read_at)) if read_at else m.said("not_read")),
    ]
    yield Heading(1, m.said("meeting"))
    yield Facts(tuple((m.said(key), value) for key, value in rows if value))
    yield Heading(1, m.said("reason"))
    yield Text(meeting.reason or m.said("not_recorded"))


def _declared(m: Material) -> list[str]:
    """Return what the chair's model of independence means, each answer, what it does, and who agreed to it."""
    given = answered(m.meeting, m.meeting_type, m.pack)
    model = model_of(m.meeting, m.meeting_type, m.pack)
    if not given or model is None:
        return []
    found = [f"{model.label}. {model.means}"]
    for one in given:
        found.append(f"{one.asked.question} {m.said('yes' if one.given.answer else 'declared_no')}.")
        found.append(one.asked.says if one.effect != "nothing" else "")
        found.append(m.labelled("agreed_by", one.given.agreed_by) if one.given.agreed_by else "")
        found.append(one.given.note)
    return found


def _before(m: Material) -> str:
    following = m.meeting.following
    if following is None:
        return ""
    earlier = following.earlier
    kind = m.pack.meeting_type(earlier.type_id)
    day = words.day(earlier.started_at or earlier.planned_at)
    said = ", ".join((earlier.reference, kind.label if kind else earlier.type_id, day))
    return m.labelled("converted", said) if following.converted else said


def _held(m: Material) -> str:
    started, ended = m.meeting.started_at, m.meeting.concluded_at
    if started is None:
        return m.labelled("planned", words.moment(m.meeting.planned_at))
    begun = f"{words.weekday_day(started)}, {words.clock(started)}"
    return f"{begun} {m.said('to')} {m.when(ended)}" if ended else f"{begun}, {m.said('not_ended')}"


def children(m: Material) -> Iterator[Block]:
    """Yield a block for each child, then the household and the network."""
    yield Heading(1, m.said("children"))
    for child in m.meeting.children:
        yield Heading(2, child.name)
        yield Facts(tuple(_child_rows(m, child)))
    people = m.meeting.case.people
    yield Heading(2, m.said("household"))
    if not people:
        yield Text(m.said("nobody_named"))
        return
    header = ("name", "relation", "responsibility", "lives")
    rows = tuple(_person_row(m, p) for p in people)
    restricted = tuple(place for place, p in enumerate(people) if p.address_withheld_from)
    yield Table(tuple(m.said(key) for key in header), rows, (3, 2.4, 2.4, 3.4), restricted)


def _child_rows(m: Material, child: Child) -> Iterator[tuple[str, str]]:
    day = words.legal_day(m.meeting.started_at or m.meeting.planned_at)
    if child.known_as:
        yield m.said("known_as"), child.known_as
    age = child.age_on(day)
    if child.born and age is not None:
        yield m.said("born"), f"{words.day(child.born)} ({m.labelled('age', words.counted(age, 'year'))})"
    elif child.unborn:
        yield m.said("expected"), words.day(child.expected) if child.expected else m.said("not_recorded")
    else:
        yield m.said("born"), m.said("not_recorded")
    if child.sex is not Sex.NOT_RECORDED:
        yield m.said("sex"), m.pack.words("sex", child.sex)
    missing = [] if child.sex is not Sex.NOT_RECORDED else [m.said("sex")]
    for name in _CHILD_FACTS:
        value = getattr(child, name)
        if value:
            yield m.said(name), value
        else:
            missing.append(m.said(name))
    if missing:
        yield m.said("not_recorded"), ", ".join(missing)


def _person_row(m: Material, person: Person) -> tuple[str, ...]:
    withheld = person.address_withheld_from
    return (
        lines(person.name, m.labelled("born", words.day(person.born)) if person.born else "", person.note),
        person.relation,
        m.pack.words("responsibility", person.responsibility),
        lines(
            m.said("in_household" if person.in_household else "elsewhere"),
            person.address,
            f"{m.said('restricted')}. {m.labelled('withheld', withheld)}" if withheld else "",
        ),
    )


def attendance(m: Material) -> Iterator[Block]:
    """Yield everybody who was asked or came, when they were there, and for whom they could decide."""
    yield Heading(1, m.said("attendance"))
    people = sorted(m.meeting.attendances, key=lambda a: (not a.came, a.invitation, a.position))
    if not people:
        yield Text(m.said("nobody_named"))
        return
    header = tuple(m.said(key) for key in ("name_role", "agency", "authority", "presence"))
    yield Table(header, tuple(_attendance_row(m, a) for a in people), (2.8, 2.6, 2.5, 3))
    yield from _invitations(m)


def _attendance_row(m: Material, a: Attendance) -> tuple[str, ...]:
    part = "" if a.capacity is Capacity.PRACTITIONER else m.pack.words("capacity", a.capacity)
    asked = a.authority is not Authority.NOT_ASKED or (a.came and a.counts)
    return (
        lines(
            a.name,
            m.role(a),
            part if part != m.role(a) else "",
            m.labelled("substitute_for", a.substitute_for.name) if a.substitute_for else "",
        ),
        a.agency.name if a.agency else "",
        m.pack.words("can_decide", a.authority) if asked else "",
        lines(
            _stay(m, a),
            a.note if not a.chairs else "",
            m.labelled("report_received", words.day(a.report_received)) if a.report_received else "",
            m.labelled("report_shared", a.report_shared) if a.report_shared else "",
        ),
    )


def _stay(m: Material, a: Attendance) -> str:
    if not a.came:
        unsaid = a.invitation is Invitation.INVITED and m.meeting.started_at is not None
        return m.said("did_not_come") if unsaid else m.pack.words("invitation", a.invitation)
    return lines(*_stays(m, a))


def _stays(m: Material, a: Attendance) -> list[str]:
    return [
        f"{m.when(p.arrived_at)} {m.said('to')} {m.when(p.left_at)}"
        if p.left_at
        else m.labelled("since", m.when(p.arrived_at))
        for p in sorted(a.presences, key=lambda p: p.arrived_at)
    ]


def _invitations(m: Material) -> Iterator[Block]:
    meeting = m.meeting
    triggers = considered(m.meeting_type, meeting.children, meeting.circumstances)
    named = [trigger.label for trigger in triggers if trigger.id in meeting.circumstances]
    if named:
        yield from note(m.labelled("circumstances", "; ".join(named)))
    absent = [t for t in not_yet_invited(triggers, meeting.attendances, m.pack) if t.sectors]
    if absent:
        yield from note(m.said("nobody_from"))
        yield Listing(tuple(f"{', '.join(t.invite)} ({t.label})" for t in absent))


def quorum_part(m: Material) -> Iterator[Block]:
    """Yield the rule, who made the quorum, and each spell without one."""
    rule = m.meeting_type.quorum
    yield Heading(1, m.said("quorum"))
    rows = [(m.said("quorum_rule"), rule.label)]
    for need in rule.all_of:
        there = [a for a in m.meeting.attendances if _makes(m, a, need)]
        stays = [beside(a.name, ", ".join(_stays(m, a))) for a in there]
        rows.append((kind_label(need, m.pack), lines(*stays) or m.said("nobody")))
    came = [a for a in m.meeting.attendances if a.came]
    for several in rule.several:
        seats = [a for unit in others(came, rule, several, m.pack) for a in unit.people]
        stays = [beside(a.name, ", ".join(_stays(m, a))) for a in seats]
        rows.append((several.label[:1].upper() + several.label[1:], lines(*stays) or m.said("nobody")))
    filled = holders(came, rule, m.pack)
    for place, post in enumerate(rule.posts):
        stay = beside(filled[place].name, ", ".join(_stays(m, filled[place]))) if place in filled else m.said("nobody")
        rows.append((post.label[:1].upper() + post.label[1:], stay))
    yield Facts(tuple(rows))
    if m.meeting.started_at is None or m.until is None:
        yield Text(m.said("not_started"))
        return
    if rule.needed and not m.spells:
        yield Text(m.said("quorate_throughout"))
    for text in spells_in_words(m):
        yield Text(text, TextRole.WARNING)
    if m.meeting.quorum_answers:
        yield Facts(tuple(_without_quorum(m, answer) for answer in m.meeting.quorum_answers))
    if rule.needed and m.meeting.concluded_at is None:
        yield Text(m.labelled("quorum_now", quorum(m.meeting, m.meeting_type, m.pack, m.until).words))


def _without_quorum(m: Material, answer: QuorumAnswer) -> tuple[str, str]:
    agreed = m.labelled("agreed_by", answer.agreed_by) if answer.agreed_by else ""
    what = m.pack.words("without_quorum", answer.choice)
    return m.labelled("without_quorum", m.when(answer.given_at)), lines(what, answer.reason, agreed)


def _makes(m: Material, a: Attendance, need: str) -> bool:
    return a.came and a.capacity in MAKES_QUORUM and need in stands_for(a, m.pack)


def spells_in_words(m: Material) -> list[str]:
    """Return each spell without a quorum, such as "Not quorate: Police left 10:58 (10:58 to 11:20)"."""
    return [f"{state.words} ({m.when(begin)} {m.said('to')} {m.when(end)})" for begin, end, state in m.spells]
