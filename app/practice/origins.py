"""Where a rule comes from, as the screens say it to whoever asks."""

from collections.abc import Iterable

from app.practice.pack import Pack
from app.practice.rule import Rule
from app.practice.rule_lines import words_of
from app.practice.words import day


def origin(rule: Rule, pack: Pack) -> str:
    """Return where a rule of the pack comes from, how binding it is, and when that was last looked at."""
    sources = {source.key: source.title for source in pack.sources}
    binding = pack.words("minutes", f"authority.{rule.authority}")
    titles = "; ".join(sources.get(key, key) for key in rule.source)
    unread = [source.title for source in pack.sources if source.key in rule.source and source.standing == "not-read"]
    note = f" {rule.note}" if rule.note else ""
    note += f" Not confirmed in the sources read: {'; '.join(unread)}." if unread else ""
    return f"Where this comes from: {binding}. {titles}. Reviewed {day(rule.reviewed)}.{note}"


def origins_of(rules: Iterable[Rule], pack: Pack) -> str:
    """Return where several rules come from, each by its name; those that come from the same place share a paragraph."""
    named: dict[str, list[str]] = {}
    for rule in rules:
        named.setdefault(origin(rule, pack), []).append(words_of(rule))
    return "\n\n".join(f"{'; '.join(dict.fromkeys(names))}: {told}" for told, names in named.items())


def origin_under(owner: Rule, pack: Pack) -> str:
    """Return where something comes from that has no source of its own: that it has none, and whose part it is."""
    return f"No source of its own is given for this. It is part of: {words_of(owner)}. {origin(owner, pack)}"
