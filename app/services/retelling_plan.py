"""The plans of a record as the acts that made them; their lines get ids for the keys they have in the file."""

from collections.abc import Callable, Mapping
from uuid import UUID

from app.models.plan import Carrier, Done, Plan, Standing
from app.services import planning
from app.services.plan_draft import LISTS, SAME, Aim, Danger, Draft, If, Member, Rule, Task
from app.services.retelling import Entry, OutOfStep, Told, day
from app.services.sitting import Sitting
from app.sharing.course import PLAN_LISTS, moment

LINES = "lines"


def stood_before(told: Told, sitting: Sitting, said: Entry) -> UUID:
    """Return the id of the plan that stood when the meeting began: the one the store has, or else taken over."""
    child = told.named("children", said["child"])
    known = planning.history(sitting, child)
    made = next((plan for plan in known if plan.made_at == moment(said["made_at"]) and _says(plan, said)), None)
    if made is None and known:
        raise OutOfStep("is none of the plans that the store has for this child")
    made = made or planning.take_over(sitting, child, _draft(told, sitting, said))
    _keep(told, said, made)
    return made.id


def plan(told: Told, sitting: Sitting, said: Entry) -> UUID:
    """Return the id of a revision made in the meeting; raises ``OutOfStep`` where it cannot be worth what it says."""
    child, here = told.named("children", said["child"]), told.meeting_id
    if said["standing"] == Standing.ENDED:
        reason, words = said.get("end_reason", ""), said.get("end_words", "")
        made = planning.end(sitting, child, reason, words, meeting_id=here, on=day(said, "ended_on"))
    else:
        made = planning.revise(sitting, child, _draft(told, sitting, said), meeting_id=here)
    if made.standing != said["standing"]:
        raise OutOfStep(f'is worth no more than "{made.standing}" by what the record says of the meeting')
    _keep(told, said, made)
    return made.id


def progress(told: Told, sitting: Sitting, said: Entry) -> UUID:
    """Return the id of what was found of an outcome or action."""
    child, line = told.named("children", said["child"]), told.named(LINES, said["line"])
    made = planning.note_progress(
        sitting,
        told.meeting_id,
        child,
        line,
        Done(said["done"]),
        change=said.get("change", ""),
        evidence=said.get("evidence", ""),
    )
    return made.id


RETELL_PLANS: Mapping[str, Callable[[Told, Sitting, Entry], UUID]] = {"plans": plan, "progress": progress}


def _says(known: Plan, said: Entry) -> bool:
    return all(
        [getattr(entry, text) for entry in getattr(known, name)] == [line[text] for line in said.get(name, [])]
        for name, text in PLAN_LISTS.items()
    )


def _keep(told: Told, said: Entry, made: Plan) -> None:
    for name in LISTS:
        for line, entry in zip(said.get(name, []), getattr(made, name), strict=True):
            told.ids[LINES, line["line"]] = entry.line


def _draft(told: Told, sitting: Sitting, said: Entry) -> Draft:
    def key(line: Entry, name: str = "line") -> str:
        written = line.get(name, "")
        return str(told.ids.get((LINES, written), written))

    def lines(name: str) -> list[Entry]:
        return list(said.get(name, []))

    facts = {name: said[name] for name in (*SAME, "earlier", "version") if name in said}
    return Draft(
        **facts,
        standing=Standing(said["standing"]),
        started_on=day(said, "started_on"),
        dangers=[Danger(x["text"], x.get("safety_goal", ""), key=key(x)) for x in lines("dangers")],
        bottom_lines=[Rule(x["text"], x.get("if_broken", ""), key=key(x)) for x in lines("bottom_lines")],
        outcomes=[
            Aim(
                x["text"], x.get("benefit", ""), x.get("baseline", ""), x.get("indicator", ""), day(x, "target"),
                key(x, "danger"), key=key(x),
            )
            for x in lines("outcomes")
        ],
        steps=[
            Task(
                x["text"], x["owner"], day(x, "due"), Carrier(x.get("carrier", Carrier.AGENCY)),
                told.agency(sitting, x), x.get("evidence", ""), key(x, "outcome"), key=key(x),
            )
            for x in lines("steps")
        ],
        contingencies=[
            If(x["text"], x.get("action", ""), x.get("owner", ""), x.get("within", ""), key=key(x))
            for x in lines("contingencies")
        ],
        core_group=[
            Member(x["name"], x.get("role", ""), told.agency(sitting, x), key=key(x)) for x in lines("core_group")
        ],
    )  # fmt: skip
