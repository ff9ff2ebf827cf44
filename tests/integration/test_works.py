"""Work in progress: its stage is told, survives a reload, names no amount; an edition is called off before its charge or not at all."""

import dataclasses
import re
from collections.abc import Iterator

import pytest

from hub.errors import StateConflict
from hub.people.roles import Role
from hub.progress import Told, steps_of
from hub.publish import publish
from hub.store import editions, ledger, work
from hub.store.database import Control
from tests.support.control_world import CLOCK, EDITION, charter, settle
from tests.support.office import Office, Somebody, open_office
from tests.support.publishing import desk

PAGE = "/bureau/administration/travaux/"


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Office:
    office = open_office(tmp_path_factory.mktemp("works"))
    settle(office.control)
    return office


@pytest.fixture(scope="module")
def anna(office: Office) -> Somebody:
    return office.somebody("anna@exemple.fr", Role.COORDINATOR)


@pytest.fixture
def control(office: Office) -> Iterator[Control]:
    yield office.control
    with office.control.transaction(CLOCK) as tx:
        work.begin(tx, work.EDITION, EDITION, "open", 2)
        work.end(tx, work.EDITION, EDITION, "failed")
        tx.commit()


def told(control: Control) -> Told:
    return Told(control, CLOCK, EDITION, steps_of(charter(), EDITION))


def ask(anna: Somebody) -> None:
    anna.get(PAGE)
    assert anna.post(PAGE, {"edition": EDITION}).status_code == 302


def test_what_is_asked_for_waits_and_is_called_off(control: Control, anna: Somebody) -> None:
    ask(anna)
    with control.reading() as reading:
        assert work.wanted(reading) == [EDITION]
    assert "attend le coffre" in anna.get(PAGE).text
    assert "est annulée" in anna.post(f"{PAGE}{EDITION}/annuler", follow_redirects=True).text
    with pytest.raises(StateConflict), told(control).under_way(asked=True):
        pytest.fail("it was called off")
    with control.reading() as reading:
        assert work.wanted(reading) == []


def test_an_edition_of_no_charter_is_not_asked_for(control: Control, anna: Somebody) -> None:
    anna.get(PAGE)
    anna.post(PAGE, {"edition": "jamais"})
    with control.reading() as reading:
        assert work.find(reading, work.EDITION, "jamais") is None


def test_called_off_while_it_opens_nothing_is_charged(control: Control, anna: Somebody) -> None:
    ask(anna)
    called_off = dataclasses.replace(
        desk(control), progress=lambda _step: anna.post(f"{PAGE}{EDITION}/annuler")
    )
    with pytest.raises(StateConflict, match="called off"), told(control).under_way(asked=True):
        publish(called_off, EDITION)
    with control.reading() as reading:
        found = work.find(reading, work.EDITION, EDITION)
        assert (ledger.charge_records(reading), editions.state(reading, EDITION)) == ([], None)
    assert found is not None
    assert found.state == "cancelled"


def test_each_stage_is_told_and_what_is_paid_is_not_called_off(
    control: Control, anna: Somebody
) -> None:
    """Last of its file: the edition is published."""
    seen, refused = list[str](), list[str]()

    def look(step: str) -> None:
        page = anna.get(PAGE + "etat").text
        found = re.search(r"étape \d+ sur \d+\s:\s([^<]+)", page)
        seen.append(found[1].strip() if found else step)
        if step == "store":
            answer = anna.post(f"{PAGE}{EDITION}/annuler", follow_redirects=True)
            refused.append(answer.text)

    one = dataclasses.replace(told(control), also=look)
    with one.under_way(asked=False):
        publish(dataclasses.replace(desk(control), progress=one), EDITION)
    assert "Trop tard" in refused[0]
    assert seen[0] == "ouverture"
    assert all(stage.startswith("tirage") for stage in seen[1:-2])
    assert [stage.split()[0] for stage in seen[-2:]] == ["rangement", "contreseing"]
    page = anna.get(PAGE).text
    assert "terminé" in page
    assert EDITION not in re.findall(r'<option value="([^"]+)"', page)
    with control.reading() as reading:
        assert editions.state(reading, EDITION) == "published"


def test_the_page_may_ask_for_itself_and_no_other_page_may(anna: Somebody) -> None:
    assert "connect-src 'self'" in anna.get(PAGE).headers["Content-Security-Policy"]
    for other in ("etat", "../personnes"):
        path = "/bureau/administration/personnes" if other.startswith("..") else PAGE + other
        assert "connect-src" not in anna.get(path).headers["Content-Security-Policy"]


def test_stages_are_of_the_public_plan(office: Office) -> None:
    drawn = [f"draw {m.measure}" for e in charter().editions for m in e.measures]
    assert steps_of(charter(), EDITION) == ("open", "charge", *drawn, "store", "witness")
