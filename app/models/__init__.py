"""The record: mapped classes, one file per noun.

Every file is imported here, so that each class can name the others whichever is imported first.
"""

from app.models import (  # noqa: F401  (imported so that SQLAlchemy knows every name)
    action,
    agency,
    answer,
    attendance,
    audit,
    case,
    conduct,
    copy,
    deadline,
    decision,
    disposal,
    dissent,
    event,
    gap,
    meeting,
    minutes,
    participation,
    plan,
    statement,
    unfinished,
    view,
    work,
)
