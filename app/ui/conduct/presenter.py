"""How a meeting is held, in words: the chair's independence, the quorum, and what is decided provisionally. No Qt."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.models.conduct import Declaration, QuorumAnswer
from app.models.decision import Decision
from app.models.meeting import Meeting, State
from app.practice import arrangements
from app.practice.arrangements import ChairModel
from app.practice.carrying_on import held_at
from app.practice.chairing import Answered, model_of, undeclared
from app.practice.children import called
from app.practice.origins import origin_under, origins_of
from app.practice.pack import MeetingType, Pack
from app.practice.questions import DecisionQuestion
from app.practice.quorum import lost_since, quorum
from app.practice.words import clock, counted, day, listed, moment

_EFFECTS = {
    "nothing": "A yes changes nothing.",
    "note": "A yes is printed in the minutes.",
    "agreement": "A yes needs a second manager who agrees that the meeting goes ahead.",
    "block": "With a yes the minutes cannot be signed until somebody else has confirmed the meeting.",
}


@dataclass(frozen=True, slots=True)
class Line:
    """One row of a list: what it stands for, and its words."""

    key: Any
    text: str


def models(meeting_type: MeetingType, pack: Pack) -> list[ChairModel]:
    """Return the models of a chair's independence that may be chosen for a type of meeting."""
    return [model for name in meeting_type.chair_models if (model := pack.chair_model(name)) is not None]


def chair_summary(meeting: Meeting, meeting_type: MeetingType, pack: Pack) -> str:
    """Return how far the chair's declarations are, and what to do next."""
    model = model_of(meeting, meeting_type, pack)
    if model is None:
        return "This kind of meeting asks its chair for no declaration."
    if meeting.declarations:
        left = len(undeclared(meeting, meeting_type, pack))
        return f"{counted(left, 'question')} not answered yet." if left else "Every question is answered."
    return "Nothing is declared yet. Choose how this chair is independent, then answer each question."


def model_words(model: ChairModel, meeting: Meeting, pack: Pack) -> str:
    """Return what a model means, and what becomes of the answers under another one."""
    others = {one.model for one in meeting.declarations} - {model.id}
    labels = [found.label for name in sorted(others) if (found := pack.chair_model(name)) is not None]
    gone = f" An answer here takes out the answers given as “{listed(labels)}”." if labels else ""
    return f"{model.means}{gone}"


def question_lines(model: ChairModel, meeting: Meeting) -> list[Line]:
    """Return the questions of a model, each with its answer and what that does, or with what a yes would do."""
    given = {one.question_id: one for one in meeting.declarations if one.model == model.id}
    return [
        Line(asked.id, f"{asked.question}\n{_state(asked, given.get(asked.id))}") for asked in model.declarations
    ]  # fmt: skip


def _state(asked: arrangements.Declaration, given: Declaration | None) -> str:
    return answer_words(Answered(asked, given)) if given else f"Not answered yet. {before_answering(asked)}"


def question_origin(model: ChairModel, pack: Pack) -> str:
    """Return where the questions of a model come from: from the model itself, and from the law that it rests on."""
    law = pack.flag(model.flag)
    return "\n\n".join([origin_under(model, pack), *([origins_of([law], pack)] if law else [])])


def before_answering(asked: arrangements.Declaration) -> str:
    """Return what a yes does, said before anybody answers."""
    return f"{_EFFECTS[asked.if_yes]} A no changes nothing."


def agreement_hint(asked: arrangements.Declaration) -> str:
    """Return whose name a yes asks for; empty where it asks for none."""
    return {
        "agreement": "Needed: a second manager, not the chair.",
        "block": "Who confirmed the meeting in the chair's place. This can be added later.",
    }.get(asked.if_yes, "")


def answer_words(one: Answered) -> str:
    """Return an answer and what it does."""
    note = f" Note: {one.given.note}" if one.given.note else ""
    return f"{_answer(one)}{note}"


def _answer(one: Answered) -> str:
    by = one.given.agreed_by
    match one.effect:
        case "agreement":
            return f"Yes. {one.asked.says} Agreed by: {by}."
        case "block" if by:
            return f"Yes. {by} has confirmed the meeting, so the minutes can be signed."
        case "block":
            return f"Yes. {one.asked.says} Nobody has confirmed it yet."
        case "note":
            return f"Yes. The minutes say: {one.asked.says}"
        case "nothing":
            return "Yes. It changes nothing." if one.given.answer else "No. The minutes say so."


def may_be_agreed(model: ChairModel, meeting: Meeting, question_id: str) -> bool:
    """Whether somebody may agree to what the chair answered to a question, now or after the meeting."""
    asked = model.declaration(question_id)
    given = next((one for one in meeting.declarations if one.question_id == question_id), None)
    if asked is None or given is None or not given.answer or meeting.state is State.SEALED:
        return False
    return asked.if_yes in ("agreement", "block")


def quorum_words(meeting: Meeting, meeting_type: MeetingType, pack: Pack, now: datetime) -> str:
    """Return the state of the quorum, since when it is missing, and what to do next."""
    rule = meeting_type.quorum
    if not rule.needed:
        return "This kind of meeting needs no quorum."
    if meeting.state is State.PREPARED:
        return "The meeting has not started. Whether there is a quorum is said as soon as people arrive."
    until = meeting.concluded_at or now
    state = quorum(meeting, meeting_type, pack, until)
    since = lost_since(meeting, meeting_type, pack, until)
    if since is None:
        return f"{state.words}."
    told = any(answer.given_at >= since for answer in meeting.quorum_answers)
    next_step = "It is recorded what we do without it." if told else "Record what we do without it."
    ended = (
        "So it ended." if meeting.concluded_at else f"Until there is one, every decision is provisional. {next_step}"
    )
    return f"{state.words}. Without a quorum since {clock(since)}. {ended}"


def quorum_origin(meeting_type: MeetingType, pack: Pack) -> str:
    """Return where the quorum comes from, with what may be done without it, and the time for meeting again."""
    rule = meeting_type.quorum
    again = pack.time_limit(rule.if_inquorate.reconvene_limit)
    told = origins_of([rule, *([again] if again else [])], pack)
    return f"The choices without a quorum, and the grounds for going on, are part of the rule of the quorum.\n\n{told}"


def rule_words(meeting_type: MeetingType) -> str:
    """Return who the quorum needs, in one sentence; empty where nobody is needed."""
    return f"A quorum is: {meeting_type.quorum.label}." if meeting_type.quorum.needed else ""


def quorum_missing(meeting: Meeting, meeting_type: MeetingType, pack: Pack, now: datetime) -> bool:
    """Whether the meeting goes on now without the quorum it needs."""
    return meeting.state is State.IN_SESSION and not quorum(meeting, meeting_type, pack, now).quorate


def quorum_unanswered(meeting: Meeting, meeting_type: MeetingType, pack: Pack, now: datetime) -> bool:
    """Whether the quorum is missing and nobody has recorded what is done without it."""
    since = lost_since(meeting, meeting_type, pack, now) if meeting.open else None
    choices = meeting_type.quorum.if_inquorate.choices
    return since is not None and bool(choices) and not any(one.given_at >= since for one in meeting.quorum_answers)


def new_date_words(meeting_type: MeetingType, pack: Pack) -> str:
    """Return within which time there is to be another meeting; empty where no limit says so."""
    limit = pack.time_limit(meeting_type.quorum.if_inquorate.reconvene_limit)
    if limit is None:
        return ""
    within = counted(limit.count, limit.unit.replace("-", " ").removesuffix("s"))
    return f"{limit.label}: within {within} of this meeting."


def senior_words(meeting_type: MeetingType, before: Meeting | None) -> str:
    """Return who must agree, where the meeting before had no quorum either; else that nobody need."""
    if before is None:
        return "Only needed where the meeting before had no quorum either."
    who = meeting_type.quorum.if_inquorate.sign_off
    return f"Needed: the meeting before, {before.reference}, had no quorum either. Who must agree: {who}."


def answer_lines(answers: Sequence[QuorumAnswer], pack: Pack) -> list[Line]:
    """Return what the chair did each time there was no quorum, the oldest first."""
    return [
        Line(
            one.id,
            f"{clock(one.given_at)}  {pack.words('without_quorum', one.choice)}: {one.reason}"
            + (f" Agreed by: {one.agreed_by}." if one.agreed_by else ""),
        )
        for one in answers
    ]


def provisional_lines(meeting: Meeting, meeting_type: MeetingType) -> list[Line]:
    """Return the decisions that were made without a quorum, each with who was missing."""
    allowed = meeting_type.quorum.if_inquorate.allowed_decisions
    named = called(meeting.children)
    return [
        Line(
            made.id,
            f"{named[made.child.id]}: {decision_words(made, meeting_type)}\n"
            f"Decided at {clock(made.decided_at)}. {made.quorum_note}."
            + (" This may be decided without a quorum." if made.question_id in allowed else ""),
        )
        for made in meeting.decisions
        if not made.quorate
    ]


def option_words(made: Decision, question: DecisionQuestion | None) -> str:
    """Return the option that was chosen, with the date, the person and the details it asked for."""
    option = question.option(made.option) if question else None
    parts = [day(made.on) if made.on else "", made.person, made.detail]
    extra = "; ".join(part for part in parts if part)
    return (option.label if option else made.option) + (f" [{extra}]" if extra else "")


def decision_words(made: Decision, meeting_type: MeetingType) -> str:
    """Return the question of a decision, as its type of meeting asks it, and what was chosen."""
    question = meeting_type.decision(made.question_id)
    return f"{question.question if question else made.question_id} {option_words(made, question)}."


def conversion_words(meeting: Meeting, into: Meeting | None, label: str) -> str:
    """Return what turning a consultation into the meeting it calls for does, and from when the clock runs."""
    if into is not None:
        return f"This consultation was turned into {into.reference} already: go on there."
    began = "began" if meeting.started_at else "is planned"
    return (
        f"A consultation is advice. Where that is not enough, turn it into: {label}. Its children, its people and what "
        f"was said go along. The clock goes on running from {moment(held_at(meeting))}, when the consultation {began}, "
        "and not from now."
    )
