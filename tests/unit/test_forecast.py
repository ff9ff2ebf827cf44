"""A forecast needs no data, says the same every time, and is what a network of that size later gets."""

import io
from dataclasses import replace

import numpy as np
import pytest
from rich.console import Console
from typer.testing import CliRunner

from contracts.charter import EditionSpec, MeasureSpec
from hub import cli, cli_plan
from hub.errors import ConfigError
from hub.forecast import (
    OPT_IN,
    SHARES,
    Outlook,
    imagined_frame,
    imagined_measures,
    outlook,
    weights_of,
)
from hub.made_up import MOST, made_up
from hub.measures.catalogue import MEASURES
from hub.privacy.values import Noised
from hub.words import number
from tests.support import measuring, town
from tests.support.sample_edition import charter


def forecast(people: int, *, rho_micro: int = 100_000, venues: int = 12) -> dict[str, Outlook]:
    frame = imagined_frame(venues)
    measures = imagined_measures(rho_micro, frame)
    return {each.table: each for each in outlook(measures, frame, people)}


@pytest.fixture(scope="module")
def usual() -> dict[str, Outlook]:
    return forecast(20_000)


def test_the_split_is_of_the_whole_catalogue_and_of_the_whole_price() -> None:
    assert sum(share for _, share in SHARES) == 1000
    assert [name for name, _ in (*SHARES, *OPT_IN)] == list(MEASURES)
    measures = imagined_measures(100_000, imagined_frame(12))
    assert sum(planned.spec.rho_micro for planned in measures) == 100_000


def test_what_is_named_shares_the_whole_price() -> None:
    assert list(weights_of(["bubble", "reach"])) == ["reach", "bubble"]
    frame = imagined_frame(12, seasons=2)
    named = imagined_measures(100_000, frame, ["returns", "bubble"])
    assert sum(planned.spec.rho_micro for planned in named) == 100_000
    with pytest.raises(ConfigError, match="No such measure: gossip"):
        weights_of(["gossip"])
    with pytest.raises(ConfigError, match="two seasons"):
        imagined_measures(100_000, imagined_frame(12), ["returns"])


def test_made_up_people_are_sparse_and_always_the_same() -> None:
    frame = replace(imagined_frame(12), operations=())
    visits = made_up(frame, 8_000)
    assert visits.equals(made_up(frame, 8_000))
    people, often = np.unique(visits["person_key"].to_numpy(), return_counts=True)
    places = {*zip(visits["person_key"].to_pylist(), visits["venue"].to_pylist(), strict=True)}
    assert len(people) == 8_000
    assert 0.66 < float((often == 1).mean()) < 0.70
    _, known = np.unique([person for person, _ in places], return_counts=True)
    assert 0.84 < float((known == 1).mean()) < 0.92


def test_it_says_the_same_every_time(usual) -> None:
    assert forecast(20_000) == usual


def test_four_times_the_price_halves_the_width(usual) -> None:
    dear = forecast(20_000, rho_micro=400_000)
    for table in ("reach-network", "reach-spread", "ladder-persons", "flows-balance"):
        assert dear[table].half_width == pytest.approx(usual[table].half_width / 2, rel=0.05, abs=1)


def test_what_a_small_network_cannot_say_a_large_one_can(usual) -> None:
    small, large = forecast(300), forecast(40 * MOST)
    assert not usual["flows"].answerable
    assert usual["reach-venues"].answerable
    assert not small["reach-venues"].answerable
    assert large["pairs"].answerable
    assert large["reach-network"].value == 40 * MOST


def test_it_is_within_a_quarter_of_what_another_network_gets(usual) -> None:
    """Where nobody is clipped: the town of the other tests has assiduous people of its own."""
    frame = imagined_frame(12)
    reach, ladder, *_ = imagined_measures(100_000, frame)
    widths: dict[str, list[int]] = {}
    with town.opened(town.town(6_000, frame, seed=3)) as connection:
        exact = [
            measuring.exact(connection, p.spec.measure, frame, p.vectors) for p in (reach, ladder)
        ]
    rng = np.random.default_rng(1)
    for _ in range(20):
        noised: dict[str, Noised] = {}
        for planned, values in zip((reach, ladder), exact, strict=True):
            noised |= measuring.drawn(values, planned.spec, planned.vectors, rng)
            for table in planned.measure.read(noised, frame):
                far = [
                    max(r.high_milli - r.value_milli, r.value_milli - r.low_milli)
                    for r in table.rows
                ]
                widths.setdefault(table.table, []).append(sorted(far)[len(far) // 2])
    for name in ("reach-network", "reach-spread"):
        found = float(np.median(widths[name])) / 1000
        assert usual[name].half_width == pytest.approx(found, rel=0.25), name


def test_small_venues_show_in_groups() -> None:
    frame = imagined_frame(12, 7)
    assert [len(inside) for _, inside in frame.clusters] == [3, 4]
    assert len(frame.places) == 7


@pytest.mark.parametrize(("venues", "grouped"), [(1, 0), (12, 2), (3, 4)])
def test_what_is_no_network_is_refused(venues, grouped) -> None:
    with pytest.raises(ConfigError, match="at least"):
        imagined_frame(venues, grouped)


def test_a_price_too_small_or_nobody_is_refused() -> None:
    frame = imagined_frame(3)
    with pytest.raises(ConfigError, match="too small"):
        imagined_measures(20, frame)
    with pytest.raises(ConfigError, match="one"):
        next(outlook(imagined_measures(100_000, frame), frame, 0))


def test_the_command_answers_what_could_we_know() -> None:
    done = CliRunner().invoke(cli.app, ["forecast", "--venues", "4", "--people", "2000"])
    assert done.exit_code == 0, done.output
    asked = ["forecast", "--venues", "4", "--people", "2000", "--measure", "returns"]
    done = CliRunner().invoke(cli.app, asked)
    assert done.exit_code == 0, done.output
    done = CliRunner().invoke(cli.app, ["forecast", "--venues", "1", "--people", "2000"])
    assert done.exit_code != 0


def shown(people: int | None) -> str:
    signed = charter().charter
    spec = EditionSpec(
        edition="e",
        title="E",
        season="2025-2026",
        first_day="2025-09-01",
        last_day="2026-08-31",
        measures=[MeasureSpec(measure="reach", rho_micro=8_000)],
    )
    console = Console(record=True, width=160, file=io.StringIO())
    cli_plan.show(signed.model_copy(update={"editions": [spec]}), "e", console, people)
    return console.export_text()


def test_a_plan_says_what_will_be_unanswerable() -> None:
    assert "reach-venues\u00a0: restera sans réponse" in shown(50)
    assert "sans réponse" not in shown(50_000)
    bound = charter().charter.persons_bound
    assert f"Pour {number(bound // 2)} personnes" in shown(None)


def test_the_forecast_of_a_frame_ignores_who_its_venues_are() -> None:
    frame = imagined_frame(4)
    named = replace(frame, venues=tuple(replace(v, name="X") for v in frame.venues))
    assert made_up(named, 100).equals(made_up(frame, 100))
