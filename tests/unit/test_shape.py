"""The shape of the code that neither types nor import contracts can hold."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
MODULES = [
    path
    for top in ("contracts", "venue_agent", "hub", "deploy")
    for path in sorted((ROOT / top).rglob("*.py"))
]
CEILING_LINES = 300
MADE_ONLY_IN = {
    "Raw": "venue_agent/read.py",
    "Normalised": "venue_agent/normalise.py",
    "Consented": "venue_agent/consent.py",
    "Minimised": "venue_agent/minimise.py",
    "Pseudonymised": "venue_agent/pseudonymise.py",
    "Batch": "venue_agent/pack.py",
    "Exact": "hub/vault/scan.py",
    "Charge": "hub/store/ledger.py",
    "Noised": "hub/privacy/noise.py",
}


def _calls(tree: ast.Module) -> set[str]:
    nodes = ast.walk(tree)
    return {n.func.id for n in nodes if isinstance(n, ast.Call) and isinstance(n.func, ast.Name)}


@pytest.mark.parametrize(("name", "home"), MADE_ONLY_IN.items())
def test_each_stage_is_made_in_one_place(
    name: str, home: str, trees: dict[Path, ast.Module]
) -> None:
    makers = {_named(path) for path, tree in trees.items() if name in _calls(tree)}
    assert makers == {home}


def test_a_file_fits_in_the_head() -> None:
    lengths = {_named(p): len(p.read_text(encoding="utf-8").splitlines()) for p in MODULES}
    assert {path: length for path, length in lengths.items() if length > CEILING_LINES} == {}


def test_guards_stand_under_python_o(trees: dict[Path, ast.Module]) -> None:
    held = {
        f"{_named(path)}:{node.lineno}"
        for path, tree in trees.items()
        for node in ast.walk(tree)
        if isinstance(node, ast.Assert)
    }
    assert held == set()


@pytest.fixture(scope="module")
def trees() -> dict[Path, ast.Module]:
    return {path: ast.parse(path.read_text(encoding="utf-8")) for path in MODULES}


def _named(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()
