"""What the page of a child's plan says: what it is worth and why, how long it runs, what changed. No Qt."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from app.models.base import Base
from app.models.plan import Outcome, Plan, Progress
from app.practice import plans
from app.practice.origins import origins_of
from app.practice.pack import Pack
from app.practice.plans import Change, Doubt, Drift, Visits
from app.practice.rule import Rule
from app.practice.words import counted, day, legal_day, listed, number
from app.services.plan_look import AtMeeting, Look, Told
from app.services.planning import Revision
from app.ui.kit.asked import Asked, Kind

_WHY = {
    Doubt.NOT_DECIDED: "The conference that wrote it has not decided that there is a plan.",
    Doubt.DECIDED_OTHERWISE: "The conference that wrote it decided otherwise.",
    Doubt.NO_QUORUM: "The conference that wrote it had no quorum when it decided.",
    Doubt.WRITTEN_SO: "It was written as an interim plan, or when the conference had no quorum.",
    Doubt.NO_CONFERENCE: "A core group, or a change outside a meeting, makes a plan no surer than its conference did.",
}
# a wish must not read as what the plan is
WISH = "What the plan is to be worth"
OVERTAKEN = (
    "The plan was changed elsewhere after you began this draft. Look above at what the revision changes: whatever it "
    "would take out again is there."
)
_DONE = ("not-yet", "partly", "done", "no-longer-needed")


@dataclass(frozen=True, slots=True)
class Section:
    """One part of a plan as it is read: its heading and its rows."""

    heading: str
    rows: Sequence[str]


def standing(look: Look, *, in_meeting: bool) -> str:
    """Return what the child's plan is worth, in words, and where it is interim why; what to do next where none runs."""
    name, pack, found = look.name, look.pack, look.running
    if found is None and not look.history:
        how = (
            "“Write the next revision” begins one" if in_meeting else "A conference makes one: write it in that meeting"
        )
        return f"There is no child protection plan of {name}. {how}."
    if found is None:
        ended = look.history[-1].plan
        why = plans.end_label(ended.end_reason, "end_reason", pack)
        on = day(ended.ended_on or ended.made_at)
        return f"No plan runs. The last one of {name} ended on {on}: {why}. {ended.end_words}"
    made = f"Revision {found.plan.version}, {day(legal_day(found.plan.made_at))}."
    if not any(one.plan.meeting for one in look.history):
        made += " It is as another authority, or an earlier record, told it: no conference here has made it."
    if found.doubt is None:
        return f"{pack.words('plan', found.worth)}. {made}"
    return f"{alert(pack)}. {made} {pack.words('minutes', 'plan_interim_why')} {why_interim(found.doubt)}"


def alert(pack: Pack) -> str:
    """Return what stands before everything of a plan that is interim."""
    return pack.words("minutes", "plan_interim_alert").upper()


def why_interim(doubt: Doubt) -> str:
    """Return why a revision is worth no more than an interim plan."""
    return _WHY[doubt]


def drift(found: Drift) -> list[str]:
    """Return how long a plan has run, which one it is, and each action that was set again."""
    long = counted(found.months, "month") if found.months else "less than a month"
    lines = [f"On a plan for {long}. {_which(found.plans)}"]
    if found.age is not None:
        lines.append(f"{found.age.label}: ask what has to be different now.")
    return lines + [f"Set {counted(one.times, 'time')} since {day(one.first)}: “{one.text}”" for one in found.repeated]


def _which(plans_so_far: int) -> str:
    return (
        "It is the child's first plan."
        if plans_so_far == 1
        else f"It is plan number {number(plans_so_far)} of this child."
    )


def visits(plan: Plan, found: Visits | None) -> list[str]:
    """Return how often the child is seen, when last, when last alone, and when the next visit is due."""
    if plan.visit_every is None:
        lines = ["The plan does not say how often the child is seen."]
    else:
        lines = [f"To be seen at least every {counted(plan.visit_every, 'working day')}."]
    if found is None:
        return [*lines, "The next visit cannot be counted: the calendar of working days does not reach it."]
    lines.append(f"Last seen {day(found.last)}." if found.last else "No visit is recorded in the chronology.")
    lines.append(f"Last seen alone {day(found.alone)}." if found.alone else "Not recorded as seen alone.")
    if found.due:
        lines.append(f"Next visit due by {day(found.due)}{': overdue' if found.overdue else ''}.")
    return lines


def sections(look: Look, found: Revision) -> Iterator[Section]:
    """Yield what a revision says, part by part: first how long it runs and how visits are kept, then its own words."""
    plan, pack = found.plan, look.pack
    if look.drift is not None:
        yield Section("How long, and what comes back", drift(look.drift))
    yield Section("Visits", visits(plan, look.visits))
    mark = f" ({pack.words('minutes', 'plan_interim_alert')})" if found.doubt else ""
    for part in ("dangers", "outcomes", "steps", "contingencies", "bottom_lines", "core_group"):
        rows = [entry_words(plan, entry, part, pack) for entry in getattr(plan, part)]
        if part == "steps" and rows:
            rows = _resting(plan, pack, rows)
        yield Section(pack.words("plan", part) + mark, rows or ["Nothing is written here yet."])
    # what it is worth stands above, with the reason
    facts = [(name, plans.said(plan, plan, name, pack)) for name in plans.FACTS if name != "standing"]
    yield Section("What else it says" + mark, [f"{pack.words('plan', name)}: {said}" for name, said in facts if said])


def _resting(plan: Plan, pack: Pack, rows: list[str]) -> list[str]:
    resting = {step.line for step in plans.resting_on(plan)}
    said = pack.words("minutes", "plan_resting")
    return [f"{row}\n{said}." if step.line in resting else row for step, row in zip(plan.steps, rows, strict=True)]


def entry_words(plan: Plan, entry: Base, part: str, pack: Pack) -> str:
    """Return one entry of a plan: what it says, and below that each further thing by its name."""
    said = {name: plans.said(plan, entry, name, pack) for name in plans.PARTS[part]}
    return in_rows(part, said, pack)


def in_rows(part: str, said: Mapping[str, str], pack: Pack) -> str:
    """Return what an entry of a plan says, by the names of its facts: the first alone, the others below it."""
    head, *rest = said
    named = [f"{pack.words('plan', f'{part}.{name}')}: {said[name].rstrip('.')}" for name in rest if said[name]]
    return "\n".join([said[head], *(["; ".join(named)] if named else [])])


def revision(found: Revision, pack: Pack) -> str:
    """Return one row of the history: number, day, worth, and how much it changed."""
    plan = found.plan
    how = "the first of its plan" if found.changes is None else counted(len(found.changes), "change")
    label = alert(pack) if found.doubt else pack.words("plan", found.worth)
    return f"Revision {plan.version}, {day(legal_day(plan.made_at))}: {label}, {how}"


def changed(found: Revision, pack: Pack) -> str:
    """Return what a revision changed, one thing a line, and why it is interim where it is."""
    lines = [why_interim(found.doubt)] if found.doubt else []
    if found.changes is None:
        lines.append("It is the first revision of its plan, so there is nothing before it.")
    else:
        lines += [change(one, pack) for one in found.changes]
    return "\n".join(lines)


def change(one: Change, pack: Pack) -> str:
    """Return one thing that two revisions say differently, as a sentence."""
    name = pack.words("plan", ".".join(part for part in (one.part, one.field) if part))
    if one.part and not one.field:
        return f"{name}: {'new' if one.now else 'left out'}: “{one.about}”"
    about = f" of “{one.about}”" if one.about and one.about not in (one.was, one.now) else ""
    if not one.was or not one.now:
        return f"{name}{about}: {f'now “{one.now}”' if one.now else f'no longer “{one.was}”'}"
    return f"{name}{about}: was “{one.was}”, now “{one.now}”"


def to_come(found: Revision, pack: Pack) -> tuple[str, list[str]]:
    """Return what the revision somebody writes would be worth, and each thing it would change."""
    said = f"Saved now, it is revision {found.plan.version}. {_worth(found, pack)}"
    if found.doubt is Doubt.WRITTEN_SO:
        said += f" With a quorum, what is chosen under “{WISH}” counts: change it in the facts of the plan."
    if found.changes is None:
        return f"{said} It is the first revision of this plan.", []
    return said, [change(one, pack) for one in found.changes] or ["Nothing is different from the plan as it stands."]


def _worth(found: Revision, pack: Pack) -> str:
    if found.doubt:
        return f"{alert(pack)}. {why_interim(found.doubt)}"
    return f"{pack.words('plan', found.worth)}."


def origins(look: Look, *, ending: bool) -> str:
    """Return where the rules come from by which a plan is made and counted; by which it ends, if ``ending``.

    Where no plan runs, they are those of the last one, and why it ended.
    """
    rules = look.pack.plan
    plan = (look.running or look.history[-1]).plan if look.history else None
    kind = look.pack.meeting_type(plan.meeting.type_id) if plan and plan.meeting else None
    age = look.drift.age if look.drift else None
    found: list[Rule | None] = [
        rules.category(plan.category) if plan else None, kind.quorum if kind else None, age, rules.most_actions,
        *plans.visit_limits(look.pack),
        *(rules.end_reasons if ending else [rules.end_reason(plan.end_reason) if plan else None]),
    ]  # fmt: skip
    return origins_of((rule for rule in found if rule is not None), look.pack)


def no_progress(at: AtMeeting | None, look: Look) -> str:
    """Return why there is nothing to tell of progress here, and what to do; empty where there is."""
    if at is None:
        return "Progress is told in a core group or a review conference: open this page from that meeting."
    if not at.about_child:
        return f"This meeting is not about {look.name}, so nothing is told of this plan here."
    if not at.works_on_plans:
        return f"In this kind of meeting nothing is told of a plan's progress: {at.label}."
    if not at.told:
        return f"No plan of {look.name} stood when this meeting began, so there is no progress to tell of."
    return "" if at.in_session else "The meeting is not in session, so what was told stands as it is."


def told_words(told: Told, pack: Pack) -> str:
    """Return one row of the progress: what it is, how far it has come and what changed, now and as last told."""
    kind = "outcomes.text" if isinstance(told.entry, Outcome) else "steps.text"
    lines = [f"{pack.words('plan', kind)}: {told.entry.text}"]
    if told.before is not None:
        lines.append(f"On {day(legal_day(told.before.noted_at))}: {_progress_words(told.before, pack)}")
    asked = "what changed for the child" if isinstance(told.entry, Outcome) else "whether it was done"
    now = _progress_words(told.progress, pack) if told.progress else f"Not told yet: {asked}?"
    return "\n".join([*lines, now])


def _progress_words(found: Progress, pack: Pack) -> str:
    said = (pack.words("plan", found.done), found.change, found.evidence)
    return ". ".join(part.rstrip(".") for part in said if part) + "."


def told_so_far(at: AtMeeting) -> str:
    """Return how much of the plan's progress has been told, in one sentence."""
    missing = [one for one in at.told if one.progress is None]
    outcomes = sum(isinstance(one.entry, Outcome) for one in missing)
    if not missing:
        return "Something is told of every outcome and action."
    left = [counted(outcomes, "outcome")] if outcomes else []
    left += [counted(len(missing) - outcomes, "action")] if len(missing) > outcomes else []
    return f"Still to tell: {listed(left)}."


def progress_asked(told: Told, name: str, pack: Pack) -> list[Asked]:
    """Return what is asked of one outcome or action."""
    change = f"What changed for {name}" if isinstance(told.entry, Outcome) else f"What changed for {name} by it"
    return [
        Asked("done", "How far it has come", Kind.CHOICE, choices=[(one, pack.words("plan", one)) for one in _DONE]),
        Asked(
            "change", change, Kind.WORDS, hint="What is different in their day; coming to appointments is no change."
        ),
        Asked("evidence", "How it is known"),
    ]


def end_asked(pack: Pack, today: date) -> list[Asked]:
    """Return what is asked of somebody who ends a plan."""
    reasons = [(one.id, one.label) for one in pack.plan.end_reasons]
    return [
        Asked("reason", "Why it ends", Kind.CHOICE, choices=reasons),
        Asked("words", "What has changed, or how it is known", Kind.WORDS),
        Asked("on", "Day on which it ends", hint=f"Today is {day(today)}."),
    ]


def ended(plan: Plan, name: str) -> str:
    """Return what happened when a plan was ended."""
    return f"The plan of {name} ended on {day(plan.ended_on or plan.made_at)}. Its history stays below."


def saved(found: Revision, pack: Pack) -> str:
    """Return what happened when a revision was saved."""
    return f"Revision {found.plan.version} of the plan is saved. {_worth(found, pack)}"


def taken_over(name: str) -> str:
    """Return what a draft becomes where no plan was made here and no meeting is open."""
    return (
        f"Outside a meeting no first plan of {name} is made here. What you save is recorded as the plan that another "
        "authority, or an earlier record, says there is."
    )
