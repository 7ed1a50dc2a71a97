"""Who should be asked to come, and why."""

import re
from collections.abc import Collection

from app.models.attendance import Attendance, Invitation
from app.models.case import Child
from app.practice.pack import Circumstance, InviteTrigger, MeetingType, Pack
from app.practice.quorum import Quorum, quorum_among, stands_for
from app.practice.words import listed


def applies(trigger: InviteTrigger, children: Collection[Child], said: Collection[str]) -> bool:
    """Return whether a trigger holds for these children; ``said`` are the ids of those the chair said apply."""
    match trigger.when:
        case Circumstance.ALWAYS:
            return True
        case Circumstance.CHILD_UNBORN:
            return any(child.unborn for child in children)
        case Circumstance.CHILD_LOOKED_AFTER:
            return any(re.search(r"(?<!not )looked after", child.legal_status, re.IGNORECASE) for child in children)
        case Circumstance.SEVERAL_CHILDREN:
            return len(children) > 1
        case Circumstance.ASKED:
            return trigger.id in said


def considered(meeting_type: MeetingType, children: Collection[Child], said: Collection[str]) -> list[InviteTrigger]:
    """Return the triggers that hold, in the pack's order."""
    return [trigger for trigger in meeting_type.invites if applies(trigger, children, said)]


def not_yet_invited(
    triggers: Collection[InviteTrigger], attendances: Collection[Attendance], pack: Pack
) -> list[InviteTrigger]:
    """Return the triggers none of whose sectors has anybody on the list yet."""
    there = frozenset().union(*(stands_for(attendance, pack) for attendance in attendances))
    return [trigger for trigger in triggers if not there.intersection(trigger.sectors)]


def forecast_quorum(meeting_type: MeetingType, attendances: list[Attendance], pack: Pack) -> Quorum:
    """Return what the quorum would be if everybody invited came; those who sent apologies are not counted on."""
    coming = [a for a in attendances if a.invitation is Invitation.INVITED]
    return quorum_among(coming, meeting_type.quorum, pack)


def expected(state: Quorum) -> str:
    """Return in words what ``forecast_quorum`` found."""
    if state.quorate and not state.present:
        return f"{state.label}."
    if state.quorate:
        return f"Quorate if everybody on the list comes: {listed(state.present)}."
    labels = listed([missing.label for missing in state.missing], "or")
    return f"Not quorate: nobody from {labels} is on the list. The meeting can start, and they can still come."
