"""The house itself: who may import whom, how big things may grow, and what nobody may do."""

import ast
import re
import socket
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest
from importlinter.cli import lint_imports

ROOT = Path(__file__).parent.parent
APP = ROOT / "app"
PACK_WORDING = ROOT / "resources" / "packs" / "england" / "wording.toml"

FILE_LINES = 400
CLASS_METHODS = 20
FUNCTION_LINES = 50
MAIN_WINDOW_LINES = 300

# The worker, the excepthook and the command line's door: the three places where any fault becomes an answer.
MAY_CATCH_ANYTHING = ("app/ui/kit/lane.py", "app/ui/shell/", "app/cli/door.py", "app/cli/door/")


@cache
def sources() -> Mapping[str, ast.Module]:
    """Return every module of the program and of its build, by its path in the checkout."""
    paths = [*APP.rglob("*.py"), *(ROOT / "installer").rglob("*.py")]
    return {path.relative_to(ROOT).as_posix(): ast.parse(path.read_text("utf-8")) for path in sorted(paths)}


def nodes(*kinds: type[ast.AST]) -> Iterator[tuple[str, ast.AST]]:
    """Yield each node of these kinds with where it is, as ``app/x.py:12``, over the whole program."""
    for path, tree in sources().items():
        for node in ast.walk(tree):
            if isinstance(node, kinds):
                yield f"{path}:{getattr(node, 'lineno', 0)}", node


def last_name(function: ast.expr) -> str:
    """Return ``execute`` for ``db.execute`` and for ``execute``."""
    match function:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
    return ""


def imported(node: ast.AST) -> list[str]:
    """Return the full names that an import statement brings in."""
    match node:
        case ast.Import(names=names):
            return [alias.name for alias in names]
        case ast.ImportFrom(module=str(module), names=names, level=0):
            return [module, *(f"{module}.{alias.name}" for alias in names)]
    return []


def test_imports_run_downward_only_and_each_library_stays_in_its_room() -> None:
    assert lint_imports(config_filename=str(ROOT / "pyproject.toml"), no_cache=True) == 0


def test_a_package_file_holds_a_docstring_and_re_exports_nothing() -> None:
    for path, tree in sources().items():
        if path.endswith("__init__.py") and path != "app/models/__init__.py":
            assert len(tree.body) == 1, f"{path} holds more than a docstring"
            assert ast.get_docstring(tree), f"{path} has no docstring"


def test_the_models_package_only_imports_its_own_modules() -> None:
    package = sources().get("app/models/__init__.py", ast.Module([ast.Expr(ast.Constant(""))], []))
    for statement in package.body[1:]:
        assert isinstance(statement, ast.ImportFrom), ast.unparse(statement)
        assert statement.module == "app.models", ast.unparse(statement)
    named = {alias.name for node in package.body[1:] if isinstance(node, ast.ImportFrom) for alias in node.names}
    there = {Path(path).stem for path in sources() if re.fullmatch(r"app/models/\w+\.py", path)}
    assert there - named <= {"__init__", "base"}, "a record that SQLAlchemy would not know"


@dataclass(frozen=True, slots=True)
class Measure:
    """How big a thing is, and how big its kind should be."""

    thing: str
    size: int
    budget: int


def measures() -> Iterator[Measure]:
    """Yield the size of every file, class and function. A released migration is never edited, so none is measured."""
    for path, tree in sources().items():
        if "/migrations/versions/" in path:
            continue
        yield Measure(path, len((ROOT / path).read_text("utf-8").splitlines()), FILE_LINES)
        yield from measures_within(path, tree, "")


def measures_within(path: str, parent: ast.AST, outer: str) -> Iterator[Measure]:
    for node in ast.iter_child_nodes(parent):
        if not isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            yield from measures_within(path, node, outer)
            continue
        name = f"{outer}.{node.name}" if outer else node.name
        lines = (node.end_lineno or node.lineno) - node.lineno + 1
        if isinstance(node, ast.ClassDef):
            methods = sum(isinstance(part, ast.FunctionDef | ast.AsyncFunctionDef) for part in node.body)
            yield Measure(f"{path}:{name}", methods, CLASS_METHODS)
            if any(last_name(base) == "QMainWindow" for base in node.bases):
                yield Measure(f"{path}:{name} (lines)", lines, MAIN_WINDOW_LINES)
        else:
            yield Measure(f"{path}:{name}", lines, FUNCTION_LINES)
        yield from measures_within(path, node, name)


def test_nothing_outgrows_its_budget_without_an_excuse_and_no_excuse_outlives_its_need() -> None:
    written = tomllib.loads((ROOT / "tests" / "excuses.toml").read_text("utf-8"))
    excuses = {one["thing"]: one for one in written.get("excuse", [])}
    faults = []
    for measure in measures():
        excuse = excuses.pop(measure.thing, None)
        if measure.size > measure.budget and excuse is None:
            faults.append(f"{measure.thing} has {measure.size}, its budget is {measure.budget}")
        elif measure.size <= measure.budget and excuse is not None:
            faults.append(f"{measure.thing} needs its excuse no longer")
        elif excuse is not None and (measure.size != excuse["size"] or not excuse["reason"].strip()):
            faults.append(f"{measure.thing} has {measure.size}, its excuse says {excuse['size']}: {excuse['reason']}")
    faults += [f"{thing} has an excuse and is gone" for thing in excuses]
    assert not faults, "\n".join(faults)


@dataclass(frozen=True, slots=True)
class Refusal:
    """A rule that the program refuses by, where, and the words it gives the sentence; None where they vary."""

    rule: str
    where: str
    words: frozenset[str] | None


def places_of_rules() -> dict[str, int]:
    """Return, for each function that refuses by a rule it is given, which of its arguments that is."""
    places = {"Refused": 0}
    for _, node in nodes(ast.FunctionDef):
        assert isinstance(node, ast.FunctionDef)
        names = [argument.arg for argument in node.args.args]
        forwards = any(
            isinstance(call, ast.Call)
            and last_name(call.func) == "Refused"
            and call.args
            and isinstance(call.args[0], ast.Name)
            and call.args[0].id == "rule"
            for call in ast.walk(node)
        )
        if forwards and "rule" in names:
            places[node.name] = names.index("rule") - (names[0] == "self")
    return places


def refusals() -> Iterator[Refusal]:
    places = places_of_rules()
    for where, node in nodes(ast.Call):
        assert isinstance(node, ast.Call)
        place = places.get(last_name(node.func))
        if place is None:
            continue
        named = {keyword.arg: keyword.value for keyword in node.keywords}
        rule = node.args[place] if len(node.args) > place else named.pop("rule", None)
        if isinstance(rule, ast.Constant) and isinstance(rule.value, str):
            words = None if None in named else frozenset(name for name in named if name)
            yield Refusal(rule.value, where, words)


def refusal_sentences() -> dict[str, str]:
    """Return the sentence of each rule in the national pack, whether its names are written with dots or as tables."""

    def flat(table: Mapping[str, object], before: str = "") -> Iterator[tuple[str, str]]:
        for key, value in table.items():
            if isinstance(value, Mapping):
                yield from flat(value, f"{before}{key}.")
            else:
                yield f"{before}{key}", str(value)

    return dict(flat(tomllib.loads(PACK_WORDING.read_text("utf-8")).get("refusal", {})))


def test_every_refusal_has_a_sentence() -> None:
    sentences = refusal_sentences()
    missing = [f"{refusal.rule} ({refusal.where})" for refusal in refusals() if refusal.rule not in sentences]
    assert not missing, "no sentence in the pack's wording for:\n" + "\n".join(sorted(missing))


def test_every_sentence_of_a_refusal_gets_the_words_it_asks_for() -> None:
    sentences = refusal_sentences()
    for refusal in refusals():
        asked = set(re.findall(r"\$(\w+)", sentences.get(refusal.rule, "")))
        if refusal.words is not None:
            assert asked <= refusal.words, f"{refusal.where}: {refusal.rule} asks for {asked - refusal.words}"


def test_a_refusal_is_named_by_its_area_and_what_is_wrong() -> None:
    for refusal in refusals():
        assert re.fullmatch(r"[a-z]+(-[a-z]+)*\.[a-z]+(-[a-z]+)*", refusal.rule), f"{refusal.where}: {refusal.rule}"


def test_a_fault_is_swallowed_nowhere() -> None:
    for where, node in nodes(ast.ExceptHandler):
        assert isinstance(node, ast.ExceptHandler)
        caught = {last_name(part) for part in ast.walk(node.type) if isinstance(part, ast.expr)} if node.type else {""}
        if caught & {"", "BaseException"} and (node.type is None or "BaseException" in caught):
            last = node.body[-1]
            assert isinstance(last, ast.Raise), f"{where} catches everything and does not raise it again"
            assert last.exc is None, f"{where} catches everything and raises something else"
        if "Exception" in caught:
            assert where.startswith(MAY_CATCH_ANYTHING), f"{where} catches Exception: name the one it can answer"


def test_a_test_cannot_reach_the_network() -> None:
    with pytest.raises(pytest.fail.Exception), socket.socket() as line:
        line.connect(("127.0.0.1", 9))
    with pytest.raises(pytest.fail.Exception):
        socket.getaddrinfo("chairside.invalid", 443)


def test_the_locks_name_no_address_and_every_file_has_a_hash() -> None:
    for lock in (ROOT / "installer").glob("*.lock"):
        pins = re.split(r"\n(?=\S)", lock.read_text("utf-8").split("\n", 1)[1])
        for pin in pins:
            assert re.match(r"[a-z0-9-]+==\S+( ; [^\\\n]+)?( \\)?\n", pin), pin.splitlines()[0]
            assert "--hash=sha256:" in pin, pin.splitlines()[0]
            assert "://" not in pin, pin.splitlines()[0]
