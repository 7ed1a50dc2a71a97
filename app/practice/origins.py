"""Where a rule comes from, as the screens say it to whoever asks."""

from app.practice.pack import Pack
from app.practice.rule import Rule
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
