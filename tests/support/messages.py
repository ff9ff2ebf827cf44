"""Every message of a programme, as the code writes it: what its catalogue must translate.

``python -m tests.support.messages`` prints the entries that the French catalogues lack.
"""

import ast
import functools
import inspect
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from contracts.problems import ProblemType
from contracts.voice import Catalogue, catalogue
from hub import errors as hub_errors
from hub.custodian import errors as custodian_errors

ROOT = Path(__file__).parents[2]
ERRORS = {name for module in (hub_errors, custodian_errors) for name, kind in vars(module).items()
          if isinstance(kind, type) and kind.__module__ == module.__name__
          and not issubclass(kind, (hub_errors.BatchRefused, hub_errors.AudienceRefused, hub_errors.IntakeRefused))}  # fmt: skip
"""Errors of the hub and of the custodian: the first thing that they are given is a message, unless it is a slug."""
SAYING = {"_": 1, "mark": 1, "Phrase": 1, "said": 1, "several": 2}


@dataclass(frozen=True)
class Programme:
    """A package, the part of it that is another programme's, and the name of its catalogue."""

    package: str
    file: str
    without: str = "no path holds this"

    def modules(self) -> list[Path]:
        found = sorted((ROOT / self.package.replace(".", "/")).rglob("*.py"))
        return [path for path in found if self.without not in path.as_posix()]

    @functools.cache  # noqa: B019 - a handful of programmes, for the length of a test run
    def messages(self) -> dict[str, str]:
        """Return each message and its plural ("" without one), in the order of the code; not the contracts' own."""
        found = dict(pair for path in self.modules() for pair in of_module(path))
        if self is not CONTRACTS:
            return {
                text: plural for text, plural in found.items() if text not in CONTRACTS.messages()
            }
        for problem in ProblemType:
            _slug, _status, title, remedy = problem.value
            found |= {title: "", remedy: ""}
        return found

    def french(self) -> Catalogue:
        return catalogue("fr", self.package, self.file)


CONTRACTS = Programme("contracts", "contracts.po")
AGENT = Programme("venue_agent", "agent.po")
HUB = Programme("hub", "hub.po", without="/hub/custodian/")
CUSTODIAN = Programme("hub.custodian", "custodian.po")
PROGRAMMES = [CONTRACTS, AGENT, HUB, CUSTODIAN]


def of_module(path: Path) -> Iterator[tuple[str, str]]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call):
            count = SAYING.get(_called(node.func, path.name), 0)
            texts = [arg.value for arg in node.args[:count] if isinstance(arg, ast.Constant)]
            if texts and all(isinstance(text, str) and text for text in texts):
                yield (*texts, "") if count == 1 else tuple(texts)
        if isinstance(node, ast.FunctionDef) and any(map(_is_command, node.decorator_list)):
            yield inspect.cleandoc(ast.get_docstring(node) or ""), ""


def _called(function: ast.expr, module: str) -> str:
    if isinstance(function, ast.Attribute):
        if (function.attr, module) == (
            "__init__",
            "errors.py",
        ):  # an error that words its own message
            return "Phrase"
        speaker = getattr(function.value, "id", "")
        return function.attr if speaker in ("voice", "self") else ""
    name = function.id if isinstance(function, ast.Name) else ""
    return "Phrase" if name in ERRORS else name


def _is_command(decorator: ast.expr) -> bool:
    call = decorator.func if isinstance(decorator, ast.Call) else decorator
    return isinstance(call, ast.Attribute) and call.attr == "command"


def entry(message: str, plural: str) -> str:
    """Return the lines of a catalogue for a message that has no translation yet."""
    if not plural:
        return f'msgid "{quoted(message)}"\nmsgstr ""\n'
    return (
        f'msgid "{quoted(message)}"\nmsgid_plural "{quoted(plural)}"\nmsgstr[0] ""\nmsgstr[1] ""\n'
    )


def quoted(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")


if __name__ == "__main__":
    for one in PROGRAMMES:
        known = one.french().entries
        missing = [entry(*pair) for pair in one.messages().items() if pair[0] not in known]
        print("\n".join([f"# {one.file}", *missing]))
