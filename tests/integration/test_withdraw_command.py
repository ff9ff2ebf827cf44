"""hub withdraw: the edition goes, the chain tells why without a figure, and a late batch waits for the next one."""

import datetime as dt
import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from hub import cli
from hub.config import VAULT_FILE
from hub.store.database import open_control
from hub.vault.snapshot import freeze
from tests.support.control_world import EDITION, publish, settle
from tests.support.vault_frozen import frozen_visits, window
from tests.support.vault_world import LIMITS, A, batch_files, person, vault_world, visit

FR, EN = "Un lieu avait envoyé deux fois la saison 2024-2025.", "A venue had sent one season twice."


@pytest.fixture
def home(tmp_path: Path) -> Path:
    (tmp_path / "vault").mkdir()
    (tmp_path / VAULT_FILE).write_text('network = "reseau"\n')
    control = open_control(f"sqlite:///{tmp_path / 'control.sqlite'}")
    control.migrate()
    settle(control)
    publish(control)
    control.close()
    return tmp_path


def withdrawn(home: Path, *more: str, fr: str = FR):
    words = ["--erratum-fr", fr, "--erratum-en", EN, "--home", str(home)]
    return CliRunner().invoke(cli.app, ["withdraw", EDITION, *words, *more])


def test_the_edition_goes_and_the_chain_says_why(home: Path) -> None:
    told = withdrawn(home)
    assert told.exit_code == 0, told.output
    control = open_control(f"sqlite:///{home / 'control.sqlite'}")
    door = control.published()
    assert (door.editions(), door.withdrawn(), door.edition(EDITION)) == ([], [EDITION], None)
    last = door.chain()[-1]
    assert last.kind == "edition-withdrawn"
    assert json.loads(last.body) == {"edition": EDITION, "erratum_en": EN, "erratum_fr": FR}
    assert (
        max(state.spent_rho_micro for state in door.budgets()) == 100_000
    )  # nothing is given back
    assert type(withdrawn(home).exception).__name__ == "StateConflict"  # once, and no second story
    assert control.published().chain()[-1] == last
    control.close()


@pytest.mark.parametrize("figure", ["Le vrai nombre est 1 204.", "3 lieux", "x" * 501, " "])
def test_an_erratum_with_a_figure_is_refused(home: Path, figure: str) -> None:
    told = withdrawn(home, fr=figure)
    assert type(told.exception).__name__ == "ConfigError"


@pytest.mark.parametrize("other", [EDITION, "jamais-prevue"])
def test_only_another_planned_edition_may_replace_it(home: Path, other: str) -> None:
    told = withdrawn(home, "--replaced-by", other)
    assert "plans no other edition" in str(told.exception)


def test_late_batches_in_any_order_enter_the_next_edition_alone(tmp_path: Path) -> None:
    world = vault_world(f"sqlite:///{tmp_path / 'vault.sqlite'}", tmp_path / "facts")
    world.send(batch_files([person("ana", "email:a")], [visit("ana", "2025-11-02")]), venue=A, month="2025-11")  # fmt: skip
    first = freeze(world.vault, window(world, edition="interim"), LIMITS)
    before = frozen_visits(world, first)
    late = batch_files([person("bea", "email:b")], [visit("bea", "2025-09-20")])
    world.send(late, venue=A, month="2025-09", sequence=2)
    world.send(batch_files([person("ana", "email:a")], [visit("ana")]), venue=A, sequence=3)
    assert frozen_visits(world, freeze(world.vault, window(world, edition="interim"), LIMITS)) == before  # fmt: skip
    rows = frozen_visits(world, freeze(world.vault, window(world, edition="suivante"), LIMITS))
    assert len(rows) == 3
    assert len({row["person_key"] for row in rows}) == 2
    assert {row["event_day"] for row in rows} > {dt.date(2025, 9, 20).toordinal() - 719163}
