"""The model of an edition: made from what was published, kept once, told to the chain, served, withdrawn with it."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from typer.testing import CliRunner

from contracts.api import PATH_MODEL
from contracts.base import canonical, digest
from contracts.clock import FixedClock
from contracts.edition import PublishedEdition
from contracts.model import SignedModel
from contracts.seal import sign
from hub.app import create_app
from hub.cli import app
from hub.config import WebConfig
from hub.errors import ConfigError, ReleaseConflict, StateConflict, VerificationFailed
from hub.model_desk import publish_model
from hub.publish import Desk, publish
from hub.recommend.verify import problems
from hub.store import editions, guard, ledger, models
from hub.store.database import Control, open_control
from hub.store.transaction import Transaction
from tests.integration.test_publish import TownFacts, _witness
from tests.support.control_world import CLOCK, EDITION, keys, settle, signed_charter


def signing(data: bytes) -> str:
    return sign(keys().private["hub"], data)


@pytest.fixture
def control(database_url: str) -> Iterator[Control]:
    made = open_control(database_url)
    made.migrate()
    settle(made)
    yield made
    made.close()


@pytest.fixture
def published(control: Control) -> PublishedEdition:
    desk = Desk(control=control, facts=TownFacts(), sign=signing, witness=_witness, clock=CLOCK)
    return PublishedEdition.model_validate_json(publish(desk, EDITION))


def spent(control: Control) -> list[tuple[str, int]]:
    with control.reading() as reading:
        return [(s.scope, s.spent_rho_micro) for s in ledger.budgets(reading)]


def test_a_model_follows_from_the_edition_and_costs_nothing(
    control: Control, published: PublishedEdition
) -> None:
    before = spent(control)
    body = publish_model(control, EDITION, signing, CLOCK)
    signed = SignedModel.model_validate_json(body)
    assert problems(signed, published, signed_charter()) == []
    assert spent(control) == before
    last = control.published().chain()[-1]
    assert last.kind == "model-published"
    assert json.loads(last.body) == {"edition": EDITION, "sha256": digest(body)}
    guard.require_sound(control)


def test_asked_again_it_is_the_same_and_told_once(
    control: Control, published: PublishedEdition
) -> None:
    bodies = {publish_model(control, EDITION, signing, CLOCK) for _ in range(3)}
    assert len(bodies) == 1
    kinds = [entry.kind for entry in control.published().chain()]
    assert kinds.count("model-published") == 1
    assert control.published().model(EDITION) == bodies.pop()


def keep_other(tx: Transaction, body: bytes) -> None:
    model = SignedModel.model_validate_json(body).model.model_copy(update={"rho_micro": 1})
    models.keep(tx, SignedModel(model=model, signature=signing(canonical(model))))


def test_it_is_never_replaced(control: Control, published: PublishedEdition) -> None:
    body = publish_model(control, EDITION, signing, CLOCK)
    with pytest.raises(ReleaseConflict), control.transaction(CLOCK) as tx:
        keep_other(tx, body)
    for statement in ("DELETE FROM model", "UPDATE model SET sha256 = 'x'"):
        with pytest.raises(DBAPIError), control.transaction(CLOCK) as tx:
            tx.run(text(statement))
    assert control.published().model(EDITION) == body


def test_before_publication_there_is_none(control: Control) -> None:
    with pytest.raises(ConfigError, match="Publish it first"):
        publish_model(control, EDITION, signing, CLOCK)
    assert control.published().model(EDITION) is None


def test_a_withdrawn_edition_takes_its_model_with_it(
    control: Control, published: PublishedEdition
) -> None:
    body = publish_model(control, EDITION, signing, CLOCK)
    with control.transaction(CLOCK) as tx:
        editions.withdraw(tx, EDITION)
        tx.commit()
    assert control.published().model(EDITION) is None
    with pytest.raises(StateConflict), control.transaction(CLOCK) as tx:
        models.keep(tx, SignedModel.model_validate_json(body))


def test_it_is_served_to_anybody_and_again_only_when_it_changed(
    control: Control, published: PublishedEdition, tmp_path: Path
) -> None:
    config = WebConfig(home=tmp_path, network="reseau", signing_key=keys().public["hub"])
    client = create_app(config, CLOCK, control).test_client()
    path = PATH_MODEL.format(edition=EDITION)
    assert client.get(path).status_code == 404
    body = publish_model(control, EDITION, signing, CLOCK)
    answer = client.get(path)
    assert (answer.status_code, answer.data) == (200, body)
    tag = answer.headers["ETag"]
    assert tag == f'"{digest(body)}"'
    again = client.get(path, headers={"If-None-Match": tag})
    assert (again.status_code, again.data) == (304, b"")
    assert client.get(path, headers={"If-None-Match": '"autre"'}).data == body
    assert client.get(PATH_MODEL.format(edition="autre")).status_code == 404


def test_the_command_checks_it_from_three_public_files(
    control: Control, published: PublishedEdition, tmp_path: Path
) -> None:
    model, edition, charter = (tmp_path / name for name in ("model", "edition", "charter"))
    model.write_bytes(publish_model(control, EDITION, signing, CLOCK))
    edition.write_bytes(canonical(published))
    charter.write_bytes(canonical(signed_charter()))
    words = ["model", "verify", str(model), "--edition", str(edition), "--charter", str(charter)]
    told = CliRunner().invoke(app, words, catch_exceptions=False)
    assert told.exit_code == 0
    assert "découle" in told.output
    plain = SignedModel.model_validate_json(model.read_bytes()).model
    popular = [plain.popularity_milli[0] * 2, *plain.popularity_milli[1:]]
    pushed = plain.model_copy(update={"popularity_milli": popular})
    model.write_bytes(canonical(SignedModel(model=pushed, signature=signing(canonical(pushed)))))
    with pytest.raises(VerificationFailed, match="popularity_milli"):
        CliRunner().invoke(app, words, catch_exceptions=False)
    model.write_bytes(b"{}")
    with pytest.raises(ConfigError, match="not the file of a signed model"):
        CliRunner().invoke(app, words, catch_exceptions=False)


def test_the_clock_does_not_change_the_model(control: Control, published: PublishedEdition) -> None:
    later = FixedClock(CLOCK.now().replace(year=2026))
    body = SignedModel.model_validate_json(publish_model(control, EDITION, signing, later))
    assert problems(body, published, signed_charter()) == []
