"""The one sentence a person reads for each thing that can go wrong."""

import traceback

from app.cli.answer import Stopped
from app.models.base import Refused
from app.practice.finding import fill
from app.practice.limits import CannotCount
from app.practice.reading import BadPack
from app.practice.working_days import CalendarTooShort
from app.services.counting import national_pack
from app.services.exchange import BadRecord
from app.services.keeping import NotWritten
from app.services.opening import CannotOpen
from app.services.place import CannotMove
from app.services.sitting import SaveFault

TELLING = (Stopped, CannotOpen, CannotMove, NotWritten, BadRecord, BadPack, CalendarTooShort, CannotCount, SaveFault)


def faults_of(error: Exception) -> list[dict[str, str]]:
    """Return each fault of a refused record with its path; none for any other error."""
    return (
        [{"path": fault.path, "fault": fault.sentence} for fault in error.faults]
        if isinstance(error, BadRecord)
        else []
    )


def sentence_of(error: Exception) -> str:
    """Return the sentence; for what nobody foresaw, where it happened and nothing of what was typed."""
    match error:
        case Refused():
            return fill(national_pack().words("refusal", error.rule), error.words)
        case _ if isinstance(error, TELLING) or type(error).__name__ == "NotSigned":
            return str(error)
        case OSError():
            why = error.strerror or "unknown reason"
            return f"The file or folder could not be used ({why}): check its name and try again."
        case _:
            place = traceback.extract_tb(error.__traceback__)[-1]
            where = f"{place.filename.rsplit('/', 1)[-1]}, line {place.lineno}"
            return f"Something unexpected happened ({type(error).__name__} in {where}); nothing was half-written."
