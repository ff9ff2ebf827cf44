"""Every message of the agent, as the code writes it: what the catalogues must translate.

``python -m tests.support.messages`` prints the entries that the French catalogue lacks.
"""

import ast
import inspect
from collections.abc import Iterator
from pathlib import Path

from contracts.problems import ProblemType
from venue_agent.words import Catalogue, load

ROOT = Path(__file__).parents[2]
MODULES = [path for top in ("venue_agent", "contracts") for path in sorted((ROOT / top).rglob("*.py"))]  # fmt: skip
SAYING = {"_": 1, "mark": 1, "Phrase": 1, "several": 2}


def messages() -> dict[str, str]:
    """Return each message and its plural ("" without one), in the order of the code."""
    found = dict(pair for path in MODULES for pair in of_module(path))
    for problem in ProblemType:
        _slug, _status, title, remedy = problem.value
        found |= {title: "", remedy: ""}
    return found


def of_module(path: Path) -> Iterator[tuple[str, str]]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            count = SAYING.get(node.func.id, 0)
            texts = [arg.value for arg in node.args[:count] if isinstance(arg, ast.Constant)]
            if texts:
                yield (*texts, "") if count == 1 else tuple(texts)
        if isinstance(node, ast.FunctionDef) and any(map(_is_command, node.decorator_list)):
            yield inspect.cleandoc(ast.get_docstring(node) or ""), ""


def _is_command(decorator: ast.expr) -> bool:
    call = decorator.func if isinstance(decorator, ast.Call) else decorator
    return isinstance(call, ast.Attribute) and call.attr == "command"


def french() -> Catalogue:
    catalogue = load("fr")
    assert isinstance(catalogue, Catalogue)
    return catalogue


def entry(message: str, plural: str) -> str:
    """Return the lines of a catalogue for a message that has no translation yet."""
    if not plural:
        return f'msgid "{_quoted(message)}"\nmsgstr ""\n'
    return f'msgid "{_quoted(message)}"\nmsgid_plural "{_quoted(plural)}"\nmsgstr[0] ""\nmsgstr[1] ""\n'


def _quoted(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")


if __name__ == "__main__":
    known = french().entries
    print("\n".join(entry(*pair) for pair in messages().items() if pair[0] not in known))
