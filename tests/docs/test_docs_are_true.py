"""The docs are true: every name that the code speaks is written down, every block runs, every link leads somewhere."""

import inspect
import re
import tomllib
from pathlib import Path

import pytest

from contracts import api
from contracts.problems import ProblemType
from contracts.questions import QUESTIONS
from contracts.visit import (
    ACTIVATION_COLUMNS,
    EPCI,
    ERASURE_COLUMNS,
    PERSON_COLUMNS,
    VISIT_COLUMNS,
    AgeBand,
    DistanceBand,
    PriceBand,
)
from hub.measures.catalogue import MEASURES
from venue_agent import catalogue, errors, order_errors
from venue_agent.settings import mapping

ROOT = Path(__file__).parents[2]
REFERENCE = ROOT / "docs" / "reference"
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
BLOCKS = [(page, kind, text) for page in PAGES for kind, text in BLOCK.findall(page.read_text())]
LINK = re.compile(r"\]\((?!https?:|#)([^)#]+)")


def page(name: str) -> str:
    return (REFERENCE / name).read_text()


def first_cells(text: str) -> list[str]:
    return re.findall(r"^\| `([^`]+)`", text, flags=re.MULTILINE)


def rows(text: str) -> list[list[str]]:
    lines = [
        line for line in text.splitlines() if line.startswith("|") and not line.startswith("|---")
    ]
    return [[cell.strip(" `") for cell in line.strip("|").split("|")] for line in lines]


def names(blocks: list) -> list[str]:
    return [f"{p.relative_to(ROOT)}:{i}" for i, (p, _, _) in enumerate(blocks)]


PYTHON = [b for b in BLOCKS if b[1] == "python"]
TOML = [b for b in BLOCKS if b[1] == "toml"]


@pytest.mark.parametrize("block", PYTHON, ids=names(PYTHON))
def test_a_python_block_runs(block: tuple[Path, str, str]) -> None:
    exec(compile(block[2], str(block[0]), "exec"), {})


@pytest.mark.parametrize("block", TOML, ids=names(TOML))
def test_a_toml_block_is_one(block: tuple[Path, str, str]) -> None:
    assert tomllib.loads(block[2])


def test_the_mapping_that_the_reference_shows_is_accepted() -> None:
    (text,) = [text for p, _, text in TOML if p.name == "correspondance.md"]
    assert mapping.parse_mapping(text, "mapping.toml").rules[0].grants


@pytest.mark.parametrize("path", PAGES, ids=lambda p: p.relative_to(ROOT).as_posix())
def test_every_link_leads_somewhere(path: Path) -> None:
    missing = [to for to in LINK.findall(path.read_text()) if not (path.parent / to).exists()]
    assert missing == []


def test_every_column_of_a_batch_is_described_in_its_order() -> None:
    assert first_cells(page("lot.md")) == [
        *PERSON_COLUMNS,
        EPCI,
        *VISIT_COLUMNS,
        *ACTIVATION_COLUMNS,
        *ERASURE_COLUMNS,
    ]


@pytest.mark.parametrize("bands", [AgeBand, DistanceBand, PriceBand])
def test_every_band_is_named(bands: type[AgeBand]) -> None:
    described = re.findall(r"`([^`]+)`", page("lot.md"))
    assert {band.value for band in bands} <= set(described)


def test_every_problem_and_its_status_is_listed() -> None:
    listed = [(row[0], row[1]) for row in rows(page("problemes.md"))[1:]]
    assert listed == [(kind.value[0], str(kind.value[1])) for kind in ProblemType]


def test_every_exit_code_is_listed() -> None:
    named = {**vars(errors), **vars(order_errors)}.values()
    known = {c.__name__: c.exit_code for c in named if inspect.isclass(c) and issubclass(c, errors.AgentError)}  # fmt: skip
    listed = {row[1]: int(row[0]) for row in rows(page("codes-de-sortie.md"))[1:]}
    assert listed == known


def test_every_address_is_listed() -> None:
    paths = {value for name, value in vars(api).items() if name.startswith("PATH_")}
    assert paths <= set(first_cells(page("adresses.md")))


def test_every_field_of_a_mapping_is_named() -> None:
    described = set(re.findall(r"`([a-z_]+)`", page("correspondance.md")))
    assert {*mapping.RECORD_FIELDS, *mapping.TICKET_FIELDS, *catalogue.HEADER} <= described
    settings = {*mapping.ConsentRule.model_fields, *mapping.Values.model_fields} - {"column", "channel", "subscriber", "date_formats"}  # fmt: skip
    assert settings <= described


def test_every_measure_is_listed() -> None:
    assert first_cells(page("mesures.md")) == list(MEASURES)


def test_every_question_is_listed_in_its_own_words() -> None:
    text = page("questions.md")
    refused = {name for name, question in QUESTIONS.items() if question.cause}
    assert sorted(first_cells(text)) == sorted(QUESTIONS)
    assert set(first_cells(text.split("## Refusées")[1])) == refused
    assert all(question.text.fr in text for question in QUESTIONS.values())
    assert all(q.limit.fr in text for q in QUESTIONS.values() if q.limit)


def test_every_decision_says_its_status_and_its_price() -> None:
    decisions = sorted((ROOT / "docs" / "adr").glob("*.md"))
    assert [int(path.name[:4]) for path in decisions] == list(range(1, len(decisions) + 1))
    for path in decisions:
        for part in ("**Statut**", "**Contexte.**", "**Décision.**", "**Conséquences.**"):
            assert part in path.read_text(), f"{path.name}: {part}"


def test_the_tasks_that_the_readme_names_exist() -> None:
    tasks = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), flags=re.MULTILINE))
    for file in ("README.md", "CONTRIBUTING.md"):
        named = set(re.findall(r"`make ([a-z-]+)", (ROOT / file).read_text()))
        assert named
        assert named <= tasks


def test_the_glossary_is_in_order_and_names_each_word_once() -> None:
    words = [row[0] for row in rows((ROOT / "GLOSSARY.md").read_text())[1:]]
    assert len(set(words)) == len(words) > 30
