"""Whatever fails, and whatever of the record it carries, neither the log nor a sentence about it repeats a word."""

import importlib
import inspect
import json
import pkgutil
import subprocess
import threading
from collections.abc import Callable, Iterator
from datetime import date
from functools import cache

import jsonschema
import keyring.errors
import pydantic
import pytest
import sqlalchemy as sa
import sqlcipher3.dbapi2 as sqlcipher
from sqlalchemy.exc import DBAPIError

import app
from app.cli import sentences
from app.practice.contents import PackFinding
from app.sharing.fault import Fault
from app.ui.shell.faults import Faults, sentence
from tests.builders import START

WORD = "Quokkaberry"
OURS = "the words of our own"


def failed(act: Callable[[], object]) -> Exception:
    """Return what an act raises, the way a library really raises it."""
    try:
        act()
    except Exception as error:  # noqa: BLE001  (which one it is, is what is asked)
        return error
    raise AssertionError("it did not fail")


def refused_by_the_database(statement: str, **values: object) -> Exception:
    # as careless as a call can be: nothing is hidden
    engine = sa.create_engine("sqlite://", module=sqlcipher, hide_parameters=False)
    with engine.connect() as connection:
        connection.exec_driver_sql("CREATE TABLE child (name TEXT UNIQUE CHECK (length(name) < 99))")
        connection.exec_driver_sql("INSERT INTO child VALUES (?)", (WORD,))
        return failed(lambda: connection.execute(sa.text(statement), values))


class Named(pydantic.BaseModel):
    """Something with a number."""

    number: int


@cache
def foreign() -> tuple[Exception, ...]:
    """Failures of the libraries and the system that all carry the word somewhere."""
    return (
        refused_by_the_database("INSERT INTO child VALUES (:name)", name=WORD),
        refused_by_the_database("INSERT INTO child VALUES (:name)", name=WORD * 20),
        refused_by_the_database("INSERT INTO nothing VALUES (:name)", name=WORD),
        refused_by_the_database(f"SELECT {WORD} FROM child"),
        refused_by_the_database("SELECT :name, :other", name=WORD),
        sqlcipher.IntegrityError(f"UNIQUE constraint failed: {WORD}"),
        sqlcipher.OperationalError(f"no such column: {WORD}"),
        failed(lambda: Named(number=WORD)),  # type: ignore[arg-type]
        failed(lambda: jsonschema.validate({"name": WORD}, {"properties": {"name": {"type": "number"}}})),
        failed(lambda: json.loads(f'{{"{WORD}": }}')),
        failed(lambda: {}[WORD]),  # type: ignore[misc]
        failed(lambda: int(WORD)),
        failed(lambda: getattr(date, WORD)),
        failed(lambda: date.fromisoformat(WORD)),
        failed(lambda: WORD.encode().decode("utf-16-be").encode("ascii")),
        failed((WORD.encode() + b"\xff").decode),
        failed(lambda: open(f"/nowhere/{WORD}").close()),  # noqa: PTH123
        failed(lambda: importlib.import_module(WORD)),
        subprocess.CalledProcessError(1, [WORD], WORD, WORD),
        keyring.errors.PasswordSetError(WORD),
        PermissionError(13, "Permission denied", WORD),
        RuntimeError(WORD), AssertionError(WORD), MemoryError(WORD), TypeError(WORD), RecursionError(WORD),
    )  # fmt: skip


def own_kinds() -> list[type[Exception]]:
    """Return every exception the program defines."""
    for module in pkgutil.walk_packages(app.__path__, "app."):
        if "migrations" not in module.name and not module.name.endswith(("windows_locks", "__main__")):
            importlib.import_module(module.name)

    def below(kind: type[Exception]) -> Iterator[type[Exception]]:
        for each in kind.__subclasses__():
            yield each
            yield from below(each)

    return sorted(
        {kind for kind in below(Exception) if kind.__module__.startswith("app.")}, key=lambda kind: kind.__name__
    )


GIVEN: dict[str, object] = {
    "rule": "meeting.unknown-entry", "day": START.date(), "covers_until": START.date(), "covers_from": START.date(),
    "begun": True, "found": (Fault("meeting", OURS),), "findings": (PackFinding("pack.toml", 1, "id", OURS),),
    "least": 12, "kibibytes": 65536, "seconds": 4.0,
}  # fmt: skip


def own(kind: type[Exception]) -> Exception:
    """Return an exception of ours as the program makes it, from words of its own."""
    wanted = [one for one in list(inspect.signature(kind.__init__).parameters.values())[1:] if one.default is one.empty]
    plain = [one for one in wanted if one.kind is one.POSITIONAL_OR_KEYWORD]
    named = {one.name: GIVEN[one.name] for one in wanted if one.kind is one.KEYWORD_ONLY}
    loose = [OURS] if any(one.kind is one.VAR_POSITIONAL for one in wanted) else []
    return kind(*[GIVEN.get(one.name, OURS) for one in plain], *loose, **named)


def raised(error: Exception, cause: Exception | None = None, *, named: bool = True) -> Exception:
    """Return the exception once it was really raised, from another or while that one was being handled."""
    try:
        if cause is None:
            raise error
        try:
            raise cause
        except type(cause):
            if named:
                raise error from cause
            raise error  # noqa: B904  (the unnamed one is what is tried)
    except type(error) as caught:
        return caught


def forced() -> Iterator[Exception]:
    """Give every failure that carries the word: alone, as the cause of each of ours, and beside it in a note."""
    for carrier in foreign():
        yield raised(carrier)
    for number, kind in enumerate(own_kinds()):
        for carrier in foreign():
            yield raised(own(kind), carrier, named=number % 2 == 0)
        noted = own(kind)
        noted.add_note(WORD)
        yield raised(noted)


def test_five_hundred_forced_faults_put_no_word_of_the_record_in_the_log_or_a_sentence(
    capfd: pytest.CaptureFixture[str],
) -> None:
    faults, told = Faults(), list[BaseException]()
    faults.told.connect(told.append)
    count = 0
    for error in forced():
        count += 1
        faults.take(type(error), error, error.__traceback__)
        said = [sentence(error), sentences.sentence_of(error), json.dumps(sentences.faults_of(error))]
        assert WORD not in " ".join(said), type(error)
        assert all(said)
    logged = capfd.readouterr()
    assert len(told) == count >= 500
    assert WORD not in logged.out + logged.err
    assert len(logged.err.splitlines()) == count, "one line for each, with its type and place"


def test_the_faults_that_are_forced_do_carry_the_word() -> None:
    def carried(error: BaseException | None) -> str:
        if error is None:
            return ""
        parts = [repr(error), str(error), repr(vars(error)), *getattr(error, "__notes__", ())]
        if isinstance(error, DBAPIError):
            parts.append(repr(error.params))
        if isinstance(error, UnicodeError):
            parts += [str(error.object), bytes(str(error.object), "utf-16-be").decode("latin-1")]
        if isinstance(error, UnicodeDecodeError):
            parts.append(error.object.decode("latin-1"))
        return " ".join(parts) + carried(error.__cause__ or error.__context__)

    assert [type(error) for error in foreign() if WORD not in carried(error)] == []


def test_a_fault_in_another_thread_puts_no_word_in_the_log(capfd: pytest.CaptureFixture[str]) -> None:
    faults = Faults()
    for error in foreign():
        thread = threading.Thread(
            target=lambda error=error: faults._take_of_thread(
                threading.ExceptHookArgs((type(error), error, error.__traceback__, None))
            )
        )
        thread.start()
        thread.join()
    logged = capfd.readouterr()
    assert WORD not in logged.out + logged.err
    assert len(logged.err.splitlines()) == len(foreign())
