"""Conferences of made-up families, as records: who comes, what is said, thought and decided, for each child."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

Thing = dict[str, Any]

AUTHORITY = "Fernleigh Children's Services"
CHAIR = {
    "id": "chair", "name": "Kate Marsh", "agency": {"sector": "csc", "name": AUTHORITY}, "role": "iro",
    "capacity": "chair",
}  # fmt: skip
WORKER = {
    "id": "csc", "name": "Blair Okello", "agency": {"sector": "csc", "name": AUTHORITY}, "role": "social_worker",
}  # fmt: skip
HEALTH = {
    "id": "health", "name": "Priya Nair",
    "agency": {"sector": "health_community", "name": "Fernshire Community Health"}, "role": "health_visitor",
}  # fmt: skip
NURSERY = {
    "id": "nursery", "name": "Tess Holloway", "agency": {"sector": "early_years", "name": "Lantern Lane Nursery"},
    "role": "manager",
}  # fmt: skip
MOTHER = {"id": "mother", "name": "Alex Sample", "role": "mother", "capacity": "parent"}
FATHER = {"id": "father", "name": "Mo Sample", "role": "father", "capacity": "parent"}
AGENCIES = (WORKER, HEALTH, NURSERY)
KNOWS = {
    "csc": "We have visited nine times and seen the same worry each time.",
    "health": "The weight fell by two lines since June.",
    "nursery": "We see it each Monday morning.",
}


def conference(type_id: str, children: Sequence[Thing], people: Sequence[Thing], **parts: Any) -> Thing:
    """Return the record of a conference about these children, with what it has of each kind."""
    meeting = {
        "type_id": type_id, "method": "telephone", "children": [child["id"] for child in children],
        "attendances": [CHAIR, *people], "difference_read_at": "yes", "views": [], "decisions": [], **parts,
    }  # fmt: skip
    for name, moment in _SAID.items():
        # one after the other, as they are given
        meeting[name] = [{**part, moment: f"{place:04}"} for place, part in enumerate(parts.get(name, ()))]
    return {"case": {"reference": parts["case"], "children": list(children)}, "meeting": meeting}


_SAID = {"answers": "answered_at", "statements": "said_at", "gaps": "noticed_at", "actions": "agreed_at"}


def said(item: str, speaker: Thing, text: str, child: str = "", kind: str = "fact") -> Thing:
    """Return a statement."""
    about = {"child": child} if child else {}
    return {"item_id": item, "speaker": speaker["id"], "text": text, "kind": kind, **about}


def heard(items: Sequence[str], words: str) -> Iterator[Thing]:
    """Give a statement of each agency on each item that hears them all."""
    for item in items:
        for agency in AGENCIES:
            yield said(
                item, agency, f"{words} {KNOWS[agency['id']]}", kind="opinion" if item == "challenge" else "fact"
            )


def views(children: Sequence[Thing], held: Mapping[str, str | Mapping[str, str]]) -> Iterator[Thing]:
    """Give the view of each agency for each child on each question: one for all of them, or one for each."""
    for question, option in held.items():
        for child in children:
            for agency in AGENCIES:
                first = child["name"].split()[0]
                yield {
                    "question_id": question, "child": child["id"], "speaker": agency["id"],
                    "option": option if isinstance(option, str) else option[child["id"]],
                    "reason": f"For {first}: {KNOWS[agency['id']]}",
                }  # fmt: skip


def decided(question: str, child: str, option: str, reason: str, **rest: str) -> Thing:
    """Return a decision for one child."""
    return {"question_id": question, "child": child, "option": option, "reason": reason, **rest}


def decided_for(why: Mapping[str, str], question: str, option: str, begin: str = "", **rest: str) -> list[Thing]:
    """Return the same answer to a question for each of some children, with the reasons of each."""
    return [decided(question, child, option, f"{begin}{reason}", **rest) for child, reason in why.items()]


# what is written on the page of the plan: its category, then a worry, an outcome and an action with their first fields
OUTLINE: Thing = {
    "category": "Neglect",
    "danger": ("There is no meal on most evenings.", "There is a meal each evening."),
    "outcome": ("Three meals a day, each day.", "The weight follows its line.", "One meal a day.", "The food diary."),
    "step": ("Visit on Tuesday and look into the fridge with the mother.", "Blair Okello", "14.1.2027"),
}


def initial(today: date) -> Thing:
    """Return an initial conference about four siblings, two of them twins and one unborn; the first comes last."""
    children = [
        {"id": "robin", "name": "Robin Sample", "born": "2022-03-03"},
        {"id": "wren", "name": "Wren Sample", "born": "2022-03-03"},
        {"id": "lark", "name": "Lark Sample", "born": "2018-06-05"},
        {"id": "unborn", "name": "Unborn Sample", "expected": (today + timedelta(90)).isoformat()},
    ]
    why = {
        "wren": "Wren goes without meals and is alone in the evening.",
        "lark": "Lark cooks for the little ones and misses school for it.",
        "unborn": "The same would begin for the baby on the first day.",
        "robin": "Robin is fed at nursery and by nobody else.",
    }
    harm = dict.fromkeys(why, "likely") | {"wren": "suffering"}
    plan = decided_for(why, "C2", "plan", "No other plan is enough: ")
    like = {"child": "wren", "differs": "Robin eats at nursery, so the fall in weight came later."}
    plan[-1] |= {"reason": plan[0]["reason"], "likeness": like}
    record = conference(
        "icpc", children, [*AGENCIES, MOTHER], case="SAMPLE-0004",
        reason="The enquiry found four children who are often hungry and alone.",
        statements=[*heard(("reports", "challenge"), "Each of us said the same."),
                    said("family", MOTHER, "I want the meals to be the first thing that changes.")],
        answers=[{"prompt_id": "before.met", "text": "The chair met the mother at ten, and Lark with the advocate."},
                 *({"prompt_id": "voice.day", "child": child, "text": f"A day: {day}"} for child, day in why.items())],
        decisions=[*(decided("C1", child, harm[child], words) for child, words in why.items()), *plan,
                   *decided_for(why, "C3", "neglect", "Food and care: "),
                   *decided_for(why, "C4", "lead_only", "Who knows them best: ", person="Blair Okello"),
                   *decided_for(why, "C6", "on", "Soon enough: ", on=(today + timedelta(70)).isoformat())],
        actions=[{"item_id": "plan", "text": "Bring the food parcel on Friday", "owner": "Blair Okello",
                  "agency": WORKER["agency"], "due": (today + timedelta(5)).isoformat(), "child": "robin"}],
    )  # fmt: skip
    turn = sorted(children, key=lambda child: [*why].index(child["id"]))
    record["meeting"] |= {
        "children": [*why],
        "views": [*views(turn, {"harm": harm, "plan": "plan", "category": "neglect"})],
    }
    return record


def transfer(today: date) -> Thing:
    """Return a transfer-in conference about a child whom another authority has on a plan."""
    child = {"id": "robin", "name": "Robin Sample", "born": "2020-03-03"}
    why = {"robin": "The plan was kept for half a year, and the move has undone part of it."}
    return conference(
        "icpc_transfer", [child], [*AGENCIES, MOTHER], case="SAMPLE-0005",
        reason="The family moved here for good, and another authority has Robin on a plan.",
        statements=[*heard(("reports", "challenge"), "What we found here:")],
        answers=[{"prompt_id": "findings.plan", "child": "robin", "text": "Neglect, since spring; meals are kept."}],
        views=[*views([child], {"harm": "likely", "plan": "plan", "category": "neglect"})],
        decisions=[*decided_for(why, "C1", "likely"), *decided_for(why, "C2", "plan", "As before: "),
                   *decided_for(why, "C3", "neglect", "As before: "),
                   *decided_for(why, "C4", "lead_only", "The worker here: ", person="Blair Okello"),
                   *decided_for(why, "T1", "here", "Handed over: ", person="Blair Okello", on=today.isoformat()),
                   *decided_for(why, "C6", "on", "Soon enough: ", on=(today + timedelta(70)).isoformat())],
    )  # fmt: skip


# what is recorded of the father before the review: whom, on which ground, who asks, and what it rests on; then why
# the chair keeps him out of the whole meeting, and how his views reach it instead
EXCLUSION = {
    "who": FATHER["name"], "ground": "Others", "asked_by": "Blair Okello, social care",
    "evidence": "The mother fell silent each time he came in.",
    "reason": "She could not speak in front of him.",
    "views_by": "The social worker reads out his letter.",
}  # fmt: skip
# how far the one outcome of the plan has come, what changed for the child, and how that is known
PROGRESS = ("Partly", "Robin has breakfast on four days of five.", "The nursery counts the breakfasts.")


def review(today: date) -> Thing:
    """Return a review conference about one child, from which the father is kept out."""
    child = {"id": "robin", "name": "Robin Sample", "born": "2020-03-03"}
    why = {"robin": "Breakfast is there and supper is not, so the plan goes on."}
    return conference(
        "rcpc", [child], [*AGENCIES, MOTHER, FATHER], case="SAMPLE-0006", reason="The first review of the plan.",
        statements=[*heard(("reports",), "Since the conference:")],
        answers=[{"prompt_id": "outcomes.changed", "child": "robin", "text": PROGRESS[1]}],
        views=[*views([child], {"harm": "likely", "plan": "plan", "category": "neglect"})],
        decisions=[*decided_for(why, "C1", "likely"), *decided_for(why, "C2", "plan", "Still: "),
                   *decided_for(why, "C3", "neglect", "Still: "),
                   *decided_for(why, "C4", "lead_only", "Who knows them best: ", person="Blair Okello"),
                   *decided_for(why, "C6", "on", "Soon enough: ", on=(today + timedelta(70)).isoformat())],
    )  # fmt: skip
