"""What a pack says of the chair, of the law, of the family's part, of the plan and of who is given which document."""

from collections.abc import Mapping
from datetime import date
from typing import Literal

from pydantic import Field

from app.practice.rule import Id, Part, Rule, Words


class Declaration(Part):
    """A question to the chair about their independence, and what a yes does.

    ``agreement`` asks for a second manager's agreement and a note in the minutes, ``block`` keeps the minutes from
    being signed, ``note`` prints ``says``.
    """

    id: Id
    question: Words
    if_yes: Literal["nothing", "note", "agreement", "block"]
    says: str = ""


class ChairModel(Rule):
    """One way in which a chair is independent; ``means`` is printed in the minutes.

    ``flag`` is a part of the law that it rests on.
    """

    label: Words
    means: Words
    default: bool = False
    flag: Id = ""
    declarations: tuple[Declaration, ...] = ()

    def declaration(self, declaration_id: str) -> Declaration | None:
        """Return the question with that id, if there is one."""
        return next((asked for asked in self.declarations if asked.id == declaration_id), None)


class Flag(Rule):
    """A part of the law that may not be in force yet; ``state`` is printed wherever something rests on it.

    ``in_force`` is the day from which it is known to apply, None as long as none is known.
    """

    label: Words
    law: Words
    in_force: date | None = None
    state: Words


class ExclusionGround(Rule):
    """A ground on which somebody may be kept out of all or part of a conference."""

    label: Words
    detail: Words


class ComplaintStage(Rule):
    """One stage of the family's complaint: who answers it, and by when, as a time limit or in words."""

    label: Words
    who: Words
    limit: Id = ""
    within: str = ""


class Participation(Part):
    """The family's part: the grounds for keeping somebody out, and the stages of a complaint in their order."""

    grounds: tuple[ExclusionGround, ...] = ()
    routes: tuple[ComplaintStage, ...] = ()

    def ground(self, ground_id: str) -> ExclusionGround | None:
        """Return the ground with that id, if there is one."""
        return next((ground for ground in self.grounds if ground.id == ground_id), None)


class PlanCategory(Rule):
    """A category of abuse under which a child is on a plan; ``code`` is that of the national return."""

    label: Words
    code: str = ""


class EndReason(Rule):
    """Why a plan ends; some reasons need no conference, once all agencies were asked."""

    label: Words
    without_conference: bool = False


class VagueWord(Rule):
    """A word in an action that nobody can check; it is pointed out, and blocks nothing."""

    term: Words
    why: Words
    instead: tuple[Words, ...] = ()


class PlanAge(Rule):
    """An age of a plan, in calendar months, from which it is pointed out."""

    label: Words
    months: int = Field(ge=1, le=240)
    level: Literal["amber", "red", "black"]


class MostActions(Rule):
    """How many actions a plan may have before their number is pointed out."""

    label: Words
    count: int = Field(ge=1, le=100)


class PlanRules(Part):
    """What a plan is made of and what is pointed out in it."""

    categories: tuple[PlanCategory, ...] = ()
    end_reasons: tuple[EndReason, ...] = ()
    vague: tuple[VagueWord, ...] = ()
    ages: tuple[PlanAge, ...] = ()
    most_actions: MostActions | None = None

    def category(self, category_id: str) -> PlanCategory | None:
        """Return the category with that id, if there is one."""
        return next((category for category in self.categories if category.id == category_id), None)

    def end_reason(self, reason_id: str) -> EndReason | None:
        """Return the reason for ending a plan with that id, if there is one."""
        return next((reason for reason in self.end_reasons if reason.id == reason_id), None)


# full, restricted section only, both, outcome only, only what they were not excluded from, fit for their age, nothing
Share = Literal["F", "R", "FR", "O", "P", "A", "-"]


class Gives(Part):
    """What each kind of recipient is given of a document."""

    attended: Share
    absent: Share
    referrer: Share
    parents: Share
    excluded: Share
    child: Share
    advocate: Share
    family: Share
    legal: Share


class Document(Rule):
    """Who is given what of one kind of document; ``only_if`` says in words on what condition somebody is."""

    label: Words
    gives: Gives
    only_if: Mapping[str, Words] = {}
