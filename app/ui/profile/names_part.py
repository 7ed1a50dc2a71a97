"""A part of the page that writes local rules: whose they are, what they are called, which version, last reviewed."""

from collections.abc import Mapping
from datetime import date

from app.models.base import Refused
from app.practice.finding import fill
from app.services import profile_folder, profiling
from app.services.profile_folder import Named
from app.services.sitting import Sitting
from app.ui.kit.days import NoSuchDay, read_day, written
from app.ui.kit.field import LineField
from app.ui.kit.page import Group


class NamesPart(Group):
    """Four fields; what is wrong is said beside the one it is about."""

    def __init__(self, sitting: Sitting) -> None:
        self._sitting = sitting
        self._id = ""
        self.fields = {
            "partnership": LineField(self.tr("&Partnership")),
            "label": LineField(self.tr("What you ca&ll them"), self.tr("Such as: Riverbank local rules.")),
            "version": LineField(self.tr("Vers&ion"), self.tr("Such as 2027.1. Change it each time you save.")),
            "reviewed": LineField(self.tr("All of it last &reviewed on")),
        }
        super().__init__(*self.fields.values())

    @property
    def typed(self) -> dict[str, str]:
        """What is typed, with the name that the files keep."""
        return {"id": self._id, **{key: field.text for key, field in self.fields.items()}}

    def show_typed(self, typed: Mapping[str, str]) -> None:
        """Show what was typed before."""
        self._id = typed.get("id", "")
        for key, field in self.fields.items():
            field.text = typed.get(key, "")

    def show_names(self, named: Named | None, today: date) -> None:
        """Show what local rules say of themselves; for new ones a version and a day."""
        new = Named("", "", f"{today.year}.1", today)
        one = named or new
        self.show_typed({
            "id": one.id, "partnership": one.partnership, "label": one.label, "version": one.version,
            "reviewed": written(one.reviewed),
        })  # fmt: skip

    def named(self) -> Named | None:
        """Return what the rules say of themselves; None, with a sentence beside the field, where that is not whole."""
        typed, today = self.typed, profiling.today_of(self._sitting)
        try:
            reviewed = read_day(typed.pop("reviewed"), today)
            return profile_folder.whole(Named(**typed, reviewed=reviewed), today)
        except NoSuchDay as wrong:
            self.fields["reviewed"].say(str(wrong))
        except Refused as refused:
            sentence = fill(self._sitting.pack.words("refusal", refused.rule), refused.words)
            self.fields[refused.words["field"]].say(sentence)
        return None
