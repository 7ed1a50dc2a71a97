"""A case over the time of its meetings: what is left open, and how the agencies saw it."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from app.models.action import Action
from app.models.case import Case, Child
from app.models.gap import Gap
from app.models.meeting import Meeting
from app.models.view import View
from app.practice import carrying_on, looking_back
from app.practice.carrying_on import Carried
from app.practice.looking_back import OverTime
from app.services.sitting import Sitting, case_of


def left_open(sitting: Sitting, case_id: UUID) -> tuple[list[Carried[Action]], list[Carried[Gap]]]:
    """Return the actions and gaps that all meetings of a case left open, the latest first."""
    with sitting.store.read() as session:
        case = case_of(session, case_id, [selectinload(Case.children)])
        held = session.scalars(
            select(Meeting)
            .where(Meeting.case_id == case_id, Meeting.started_at.is_not(None))
            .options(
                selectinload(Meeting.actions).options(selectinload(Action.agency), selectinload(Action.child)),
                selectinload(Meeting.gaps).options(selectinload(Gap.agency), selectinload(Gap.child)),
            )
        ).all()
    return carrying_on.left_open(held, case.children)


def views_over_time(sitting: Sitting, case_id: UUID) -> list[tuple[Child, list[OverTime]]]:
    """Return each child of a case with the questions that agencies gave a view on, the one asked last first."""
    with sitting.store.read() as session:
        case = case_of(session, case_id, [selectinload(Case.children)])
        held = session.scalars(
            select(Meeting)
            .where(Meeting.case_id == case_id, Meeting.started_at.is_not(None))
            .options(selectinload(Meeting.views).options(selectinload(View.agency), selectinload(View.child)))
        ).all()
    found = [(child, looking_back.over_time(held, sitting.type_of, child)) for child in case.children]
    return [(child, questions) for child, questions in found if questions]
