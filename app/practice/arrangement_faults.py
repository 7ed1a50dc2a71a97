"""Whether what a pack says of the chair, the law, the family, the plan and its documents fits together."""

from collections.abc import Iterator, Sequence

from app.practice.contents import Contents, PackFinding, repeated
from app.practice.rule import Rule


def arrangement_faults(contents: Contents) -> Iterator[PackFinding]:
    """Give what is wrong in the files on the chair, the law, the family's part, the plan and the documents."""
    for file, name, rules in _lists(contents):
        yield from repeated(file, name, "id", [rule.id for rule in rules])
    yield from _chair_faults(contents)
    yield from _flag_faults(contents)
    yield from _route_faults(contents)
    yield from _plan_faults(contents)
    for place, document in enumerate(contents.documents or (), 1):
        for name in document.only_if:
            if getattr(document.gives, name, "-") == "-":
                where = f"documents[{place}].only_if.{name}"
                yield PackFinding("distribution.toml", None, where, "is for somebody who is given something")


def _lists(contents: Contents) -> Iterator[tuple[str, str, Sequence[Rule]]]:
    yield "chairs.toml", "models", contents.chair_models or ()
    yield "flags.toml", "flags", contents.flags or ()
    yield "distribution.toml", "documents", contents.documents or ()
    if contents.participation:
        yield "participation.toml", "grounds", contents.participation.grounds
        yield "participation.toml", "routes", contents.participation.routes
    if contents.plan:
        yield "plan.toml", "categories", contents.plan.categories
        yield "plan.toml", "end_reasons", contents.plan.end_reasons
        yield "plan.toml", "vague", contents.plan.vague
        yield "plan.toml", "ages", contents.plan.ages


def _chair_faults(contents: Contents) -> Iterator[PackFinding]:
    models = contents.chair_models or ()
    if models and sum(model.default for model in models) != 1:
        yield PackFinding("chairs.toml", None, "models", "must hold one model that is the default")
    for place, model in enumerate(models, 1):
        asked = [declaration.id for declaration in model.declarations]
        yield from repeated("chairs.toml", f"models[{place}].declarations", "id", asked)
        for number, declaration in enumerate(model.declarations, 1):
            if declaration.if_yes != "nothing" and not declaration.says:
                where = f"models[{place}].declarations[{number}].says"
                yield PackFinding("chairs.toml", None, where, "is missing: a yes must say what it means")


def _flag_faults(contents: Contents) -> Iterator[PackFinding]:
    """Give each flag that is not there, and each that nothing rests on: it would be printed nowhere."""
    if contents.flags is None or contents.chair_models is None or not contents.meetings or not contents.every_meeting:
        return
    known = {flag.id for flag in contents.flags}
    for place, model in enumerate(contents.chair_models, 1):
        if model.flag and model.flag not in known:
            yield PackFinding("chairs.toml", None, f"models[{place}].flag", f'names the flag "{model.flag}", unknown')
    used = {model.flag for model in contents.chair_models}
    used |= {question.flag for _, meeting in contents.meetings for question in meeting.decisions}
    for place, flag in enumerate(contents.flags, 1):
        if flag.id not in used:
            yield PackFinding("flags.toml", None, f"flags[{place}]", "is named by no decision and no model of a chair")


def _route_faults(contents: Contents) -> Iterator[PackFinding]:
    known = None if contents.time_limits is None else {limit.id for limit in contents.time_limits}
    for place, stage in enumerate(contents.participation.routes if contents.participation else (), 1):
        if not stage.limit and not stage.within:
            reason = "is missing: a stage says by when, as a limit or in words"
            yield PackFinding("participation.toml", None, f"routes[{place}].within", reason)
        if stage.limit and known is not None and stage.limit not in known:
            reason = f'names the time limit "{stage.limit}", unknown'
            yield PackFinding("participation.toml", None, f"routes[{place}].limit", reason)


def _plan_faults(contents: Contents) -> Iterator[PackFinding]:
    if contents.plan is None:
        return
    terms = [word.term.casefold() for word in contents.plan.vague]
    yield from repeated("plan.toml", "vague", "word", terms)
    months = [age.months for age in contents.plan.ages]
    if months != sorted(set(months)):
        yield PackFinding("plan.toml", None, "ages", "must stand in the order of their months, each number once")
