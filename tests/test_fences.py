"""What the program may do in a few named places only, or nowhere: each fence with its gates, and a reason for each.

Every fence is tried on samples of what it has to keep out, so none of them can stand open unseen.
"""

import ast
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache

import pytest

from tests.test_house import imported, last_name, sources

EXECUTES_SQL = {"exec_driver_sql", "execute", "executemany", "executescript", "text"}
SQL = re.compile(
    r"\s*(SELECT\s|INSERT\s+(OR\s+\w+\s+)?INTO\s|UPDATE\s+\S+\s+SET\s|DELETE\s+FROM\s|REPLACE\s+INTO\s|ATTACH\s)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Fence:
    """A thing the program does nowhere but at the gates, and samples of it that the fence has to notice."""

    what: str
    keeps_out: Callable[[ast.AST], bool]
    samples: tuple[str, ...]
    gates: Mapping[str, str] = field(default_factory=dict)

    def opens_for(self, place: str) -> bool:
        """Return whether a place, as ``app/x.py:12``, is in one of the gates."""
        return any(place.startswith(gate if gate.endswith("/") else f"{gate}:") for gate in self.gates)


def crossings(modules: Mapping[str, ast.Module]) -> dict[str, list[str]]:
    """Return, for each fence, every place where the thing is done, at a gate or not."""
    found: dict[str, list[str]] = {fence.what: [] for fence in FENCES}
    for path, tree in modules.items():
        for node in ast.walk(tree):
            for fence in FENCES:
                if fence.keeps_out(node):
                    found[fence.what].append(f"{path}:{getattr(node, 'lineno', 0)}")
    return found


@cache
def in_the_program() -> dict[str, list[str]]:
    return crossings(sources())


def importing(*names: str) -> Callable[[ast.AST], bool]:
    """Keep out whoever imports one of these modules or anything within them."""

    def found(node: ast.AST) -> bool:
        return any(full == name or full.startswith(f"{name}.") for full in imported(node) for name in names)

    return found


def calling(*names: str) -> Callable[[ast.AST], bool]:
    """Keep out whoever calls something of such a name, whatever it belongs to; ``os.fork`` asks for both names."""

    def found(node: ast.AST) -> bool:
        match node:
            case ast.Call(func=ast.Attribute(value=ast.Name(id=owner), attr=name)):
                return name in names or f"{owner}.{name}" in names
            case ast.Call(func=function):
                return last_name(function) in names
        return False

    return found


def naming(*names: str) -> Callable[[ast.AST], bool]:
    """Keep out whoever imports or mentions such a name."""

    def found(node: ast.AST) -> bool:
        if isinstance(node, ast.Name | ast.Attribute):
            return last_name(node) in names
        return any(full.rpartition(".")[2] in names for full in imported(node))

    return found


def either(*finders: Callable[[ast.AST], bool]) -> Callable[[ast.AST], bool]:
    return lambda node: any(finder(node) for finder in finders)


def is_built(value: ast.expr) -> bool:
    """Tell whether a text is put together from parts that are not all written there."""
    match value:
        case ast.JoinedStr(values=parts):
            return any(isinstance(part, ast.FormattedValue) for part in parts)
        case ast.BinOp(op=ast.Add() | ast.Mod(), left=left, right=right):
            return not all(isinstance(side, ast.Constant) for side in (left, right))
        case ast.Call(func=ast.Attribute(value=ast.Constant(value=str()), attr="format")):
            return True
    return False


def beginning(value: ast.expr) -> str:
    """Return the part of a built text that is written before its first hole."""
    match value:
        case ast.Constant(value=str(written)):
            return written
        case ast.JoinedStr(values=[ast.Constant(value=str(written)), *_]):
            return written
        case ast.BinOp(left=left):
            return beginning(left)
        case ast.Call(func=ast.Attribute(value=inner)):
            return beginning(inner)
    return ""


def built_statement(node: ast.AST) -> bool:
    """Keep out statements to the store that are built from text."""
    if isinstance(node, ast.Call) and last_name(node.func) in EXECUTES_SQL and node.args:
        executed = node.args[0]
        # a pragma takes no parameters, so its value has to be part of the text
        if is_built(executed) and not re.match(r"\s*PRAGMA\s", beginning(executed)):
            return True
    return isinstance(node, ast.expr) and is_built(node) and SQL.match(beginning(node)) is not None


def running(node: ast.AST) -> bool:
    """Keep out whatever runs a text as a program; ``re.compile`` does not."""
    runs = ("eval", "exec", "compile", "__import__")
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in runs


FENCES = (
    Fence(
        "makes a paragraph of text that nobody escaped",
        calling("Paragraph"),
        ("Paragraph(text, style)", "platypus.Paragraph('x')"),
        {"app/minutes/text.py": "the one place, which escapes it"},
    ),
    Fence(
        "builds a statement to the store from text",
        built_statement,
        (
            "db.execute(f'DROP TABLE {name}')",
            "db.execute('SELECT * FROM x WHERE a = %s' % name)",
            "query = 'DELETE FROM x WHERE a = ' + name",
            "query = 'UPDATE x SET a = {}'.format(name)",
            "text(f'{what}')",
        ),
        {
            "app/store/triggers.py": "the names of tables are part of a trigger; all of them are written in that file",
        },
    ),
    Fence("runs a text", running, ("eval(text)", "exec(text)", "__import__(name)", "compile(text, '', 'exec')")),
    Fence(
        "reads objects that run what they say",
        importing("dill", "marshal", "pickle", "shelve", "jsonpickle", "yaml"),
        ("import pickle", "from marshal import loads", "import yaml"),
    ),
    Fence(
        "reaches for a network",
        importing(
            "PySide6.QtHttpServer", "PySide6.QtNetwork", "PySide6.QtNetworkAuth", "PySide6.QtWebChannel",
            "PySide6.QtWebEngineCore", "PySide6.QtWebEngineWidgets", "PySide6.QtWebSockets", "PySide6.QtWebView",
            "aiohttp", "asyncio", "ftplib", "http", "httpx", "imaplib", "nntplib", "poplib", "requests", "smtplib",
            "socket", "socketserver", "ssl", "telnetlib", "urllib.request", "urllib3", "webbrowser", "websockets",
            "wsgiref", "xmlrpc",
        ),
        ("import socket", "from urllib.request import urlopen", "from PySide6 import QtNetwork", "import asyncio"),
    ),
    Fence(
        "opens an address or a file with another program",
        naming("QDesktopServices", "startfile", "setOpenExternalLinks"),
        ("QDesktopServices.openUrl(url)", "os.startfile(path)", "label.setOpenExternalLinks(True)"),
    ),
    Fence(
        "starts a program",
        either(
            importing("multiprocessing", "pty", "subprocess"),
            naming("QProcess"),
            calling("os.system", "os.popen", "os.fork", "os.forkpty", "os.posix_spawn", "os.posix_spawnp"),
            lambda node: isinstance(node, ast.Attribute) and bool(re.fullmatch(r"(exec|spawn)[lv]p?e?", node.attr)),
        ),
        ("import subprocess", "os.system('ls')", "os.execv(a, b)", "from PySide6.QtCore import QProcess", "os.fork()"),
        {
            "app/ui/shell/succession.py": "the program itself takes its own place, so that the keys leave its memory",
            "app/services/copying.py": "a backup is opened and checked in a process of its own, fed by a pipe",
            "installer/package.py": "builds the program and tries what was built",
            "installer/sbom.py": "asks the tool that lists what is installed",
        },
    ),
    Fence(
        "makes a temporary file",
        either(importing("tempfile"), naming("QTemporaryFile", "QTemporaryDir")),
        ("import tempfile", "from tempfile import mkstemp", "from PySide6.QtCore import QTemporaryFile"),
        {
            "app/services/keeping.py": "an exported file is written beside its place and then takes it",
            "app/services/marks.py": "the high-water mark is written beside its place; it holds no word of the record",
            "app/services/copying.py": "an encrypted copy is opened for its check",
            "app/services/demonstrating.py": "the store of the demonstration, in which everybody is made up",
            "installer/package.py": "an empty folder to start the built program from",
        },
    ),
    Fence(
        "reads or fills the clipboard",
        either(naming("QClipboard"), calling("clipboard")),
        ("QGuiApplication.clipboard().setText(text)", "from PySide6.QtGui import QClipboard"),
        {"app/ui/kit/clipboard.py": "the one place, which asks others not to keep it and clears it"},
    ),
    Fence(
        "asks for a file, or leaves settings outside the store",
        naming("QFileDialog", "QSettings"),
        ("QFileDialog.getOpenFileName(self)", "from PySide6.QtCore import QSettings"),
        {"app/ui/kit/filing.py": "the one place, which keeps the dialog from remembering where a person saved"},
    ),
    Fence(
        "prints or logs",
        either(
            calling("print"),
            importing("logging", "syslog"),
            naming("qDebug", "qWarning", "qCritical", "qInfo", "print_exc", "print_exception"),
        ),
        ("print(text)", "import logging", "qWarning(text)", "traceback.print_exc()"),
        {
            "app/ui/shell/faults.py": "the only log there is: the type and place of a failure",
            "app/ui/shell/start.py": "one sentence where there is no window to say it in",
            "installer/": "a build talks to whoever builds",
        },
    ),
    Fence(
        "calls into the system past Python",
        importing("ctypes", "cffi", "mmap"),
        ("import ctypes", "from ctypes import CDLL"),
        {
            "app/services/shielding.py": "asks Linux not to dump the memory of this process",
            "app/ui/shell/windows_locks.py": "asks Windows to say when its screen is locked",
            "app/minutes/verification.py": "the numbers that the PDF reader takes by reference",
        },
    ),
)  # fmt: skip


@pytest.mark.parametrize("fence", FENCES, ids=lambda fence: fence.what)
def test_nothing_crosses_a_fence_but_at_its_gates(fence: Fence) -> None:
    crossed = [place for place in in_the_program()[fence.what] if not fence.opens_for(place)]
    assert not crossed, f"{fence.what}, which is fenced in"


@pytest.mark.parametrize("fence", FENCES, ids=lambda fence: fence.what)
def test_each_fence_keeps_out_what_it_is_for(fence: Fence) -> None:
    for sample in fence.samples:
        assert crossings({"app/anywhere.py": ast.parse(sample)})[fence.what], sample
    harmless = "import re\nfound = re.compile('a').match(text)\nnote = f'{found} updated'"
    assert not crossings({"app/anywhere.py": ast.parse(harmless)})[fence.what]


@pytest.mark.parametrize("fence", FENCES, ids=lambda fence: fence.what)
def test_no_gate_stays_open_that_nobody_needs(fence: Fence) -> None:
    for gate, reason in fence.gates.items():
        assert len(reason.split()) > 2
        used = [place for place in in_the_program()[fence.what] if place.startswith(gate)]
        assert used, f"{gate} {fence.what} no longer"
