"""What a meeting asks: the items of its agenda with their prompts, what the agencies are asked, what is decided."""

from typing import Final, Literal

from pydantic import Field

from app.practice.rule import Id, Part, Rule, Words

SPEAKERS: Final = frozenset({"chair", "all", "referrer"})

Shown = Literal[
    "attendance", "opening-statement", "children", "gaps", "dissents", "actions", "closing", "carried-on", "plan",
    "progress", "reports", "participation", "enquiry", "medical", "interview", "court", "dates", "chair-declarations",
    "confidential", "order",
]  # fmt: skip


class ChildIs(Part):
    """Which children something is asked of, as the record tells: born or not, living or not, from and under an age.

    What the record does not say speaks for asking. An unborn child is under any age.
    """

    born: bool | None = None
    living: bool | None = None
    from_months: int | None = Field(default=None, ge=0, le=216)
    under_months: int | None = Field(default=None, ge=1, le=216)


class Prompt(Rule):
    """A question the chair must establish an answer to; it is answered with words, never with a tick.

    ``when`` says in words what brings the question up, and ``if_child`` what of the record does: where no child is so,
    it is not asked. A question without them is always asked.
    """

    text: Words
    when: str = ""
    if_child: ChildIs | None = None
    per_child: bool = False


class Option(Part):
    """One permitted answer to a question, what must be said with it, and what work or record follows from it.

    One that ``needs_quorum`` cannot be chosen without a quorum, not even provisionally. Work that is ``joint`` is done
    by social care and the police together.
    """

    id: Id
    label: Words
    needs: tuple[Literal["date", "person", "detail"], ...] = ()
    leads_to: Literal["", "enquiry", "medical", "interview", "court", "plan", "plan-end", "conference"] = ""
    needs_quorum: bool = False
    joint: bool = False


class Condition(Part):
    """True for a child whose decision ``decision`` is one of ``options``."""

    decision: Id
    options: tuple[Id, ...] = Field(min_length=1)


class DecisionQuestion(Rule):
    """What the chair decides for each child, with the options there are; once for all of them if not ``per_child``.

    It must be answered before the meeting is concluded where ``required``, or for a child of whom ``required_when`` is
    true. ``flag`` is a part of the law that it rests on; an ``interim`` question may be decided provisionally. The date
    of the answer is when what the limits in ``fixes`` ask for is planned.
    """

    question: Words
    options: tuple[Option, ...] = Field(min_length=2)
    per_child: bool = True
    required: bool = False
    required_when: tuple[Condition, ...] = ()
    guidance: tuple[Words, ...] = ()
    flag: Id = ""
    interim: bool = False
    fixes: tuple[Id, ...] = ()

    def option(self, option_id: str) -> Option | None:
        """Return the option with that id, if there is one."""
        return next((option for option in self.options if option.id == option_id), None)


class ViewQuestion(Rule):
    """What each counted agency is asked about each child, and the decision its answers lead to.

    An option's ``id`` is the id of the option of ``decision`` it would choose, or one of its own, such as ``unsure``.
    """

    question: Words
    options: tuple[Option, ...] = Field(min_length=2)
    decision: Id

    def option(self, option_id: str) -> Option | None:
        """Return the option with that id, if there is one."""
        return next((option for option in self.options if option.id == option_id), None)


class AgendaItem(Rule):
    """One step of the agenda: its purpose, what to ask, who speaks, what is decided and which lists it shows.

    ``record`` says in words what must be on record when it is done. ``speakers`` names sectors, kinds or ``SPEAKERS``.
    What is entered at a ``confidential`` item is restricted unless somebody says otherwise; an ``optional`` one may be
    passed over.
    """

    title: Words
    minutes: int = Field(ge=0, le=240)
    purpose: Words
    record: str = ""
    speakers: tuple[Id, ...] = ()
    hears: Literal["", "each-agency"] = ""
    prompts: tuple[Prompt, ...] = ()
    views: tuple[Id, ...] = ()
    decisions: tuple[Id, ...] = ()
    shows: tuple[Shown, ...] = ()
    confidential: bool = False
    optional: bool = False
