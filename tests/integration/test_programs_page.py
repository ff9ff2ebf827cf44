"""A partner lets its own program in, in two steps, and nobody else's."""

import re

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from hub.people.roles import Role
from hub.store import clients, webhooks
from tests.support.control_world import settle
from tests.support.office import CLOCK, Office, Somebody, open_office
from tests.support.programs import Program, known, new_key, thumbprint

PAGE = "/bureau/partenaire/programmes/"
PARTNER = "festival-du-nord"


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Office:
    office = open_office(tmp_path_factory.mktemp("programs"))
    settle(office.control)
    return office


@pytest.fixture(scope="module")
def anna(office: Office) -> Somebody:
    return office.somebody("anna@festival.fr", Role.PARTNER, PARTNER)


def deposit(anna: Somebody, key: str, **form: str) -> str:
    anna.get(PAGE)
    said = {"partner": PARTNER, "name": "Notre billetterie", "key": key, **form}
    return str(anna.post(PAGE, said, follow_redirects=True).text)


def pem(key: object = None) -> str:
    made = key or ec.generate_private_key(ec.SECP256R1())
    return made.public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo).decode()  # type: ignore[attr-defined]  # fmt: skip


def test_deposit_then_confirm_by_what_ones_own_screen_shows(office: Office, anna: Somebody) -> None:
    key = new_key()
    page = deposit(anna, key.as_pem(private=False).decode())
    mark = thumbprint(key)
    assert mark[:8] not in page  # it is read on her side, or it proves nothing
    assert mark[8:] in page
    with office.control.reading() as reading:
        (kept,) = clients.of_partner(reading, PARTNER)
    program, browser = Program(kept.client, key), office.app.test_client()
    assert program.ask(browser).status_code == 400
    at = f"{PAGE}{kept.client}/confirmer"
    assert "Ce n’est pas" in anna.post(at, {"start": "00000000"}, follow_redirects=True).text
    assert "a accès" in anna.post(at, {"start": mark[:8].upper()}, follow_redirects=True).text
    assert program.ask(browser).status_code == 200
    anna.post(f"{PAGE}{kept.client}/retirer")
    assert program.ask(browser).status_code == 400
    kinds = [entry.kind for entry in office.control.published().chain()]
    assert [k for k in kinds if k.startswith("program")] == ["program-added", "program-revoked"]


@pytest.mark.parametrize("kind", ["private pem", "private jwk", "another curve", "rsa", "nothing", "a story", "a list", "a shared key"])  # fmt: skip
def test_what_is_no_public_key_of_this_kind_is_refused(
    office: Office, anna: Somebody, kind: str
) -> None:
    key = new_key()
    texts = {
        "private pem": key.as_pem(private=True).decode(),
        "private jwk": str(key.as_dict(private=True)).replace("'", '"'),
        "another curve": pem(ec.generate_private_key(ec.SECP384R1())),
        "rsa": pem(rsa.generate_private_key(65537, 2048)),
        "nothing": "",
        "a story": "il était une fois",
        "a list": "{[]}",
        "a shared key": '{"kty":"oct","k":"AAAA"}',
    }
    page = deposit(anna, texts[kind])
    assert "clé privée" in page or "n’est pas une clé publique" in page
    with office.control.reading() as reading:
        assert [c for c in clients.of_partner(reading, PARTNER) if c.state == "pending"] == []


def test_nobody_touches_another_partners_programs(office: Office, anna: Somebody) -> None:
    other = known(office.control, "scene-libre", by="p9")
    anna.get(PAGE)
    for act in ("confirmer", "retirer"):
        assert anna.post(f"{PAGE}{other.name}/{act}", {"start": "00000000"}).status_code == 404
    assert deposit(anna, pem(), partner="scene-libre").count("Notre billetterie") == 0
    assert other.ask(office.app.test_client()).status_code == 200
    assert other.name not in anna.get(PAGE).text


def test_another_of_the_same_partner_does_not_confirm_for_her(
    office: Office, anna: Somebody
) -> None:
    key = new_key()
    deposit(anna, key.as_pem(private=False).decode())
    with office.control.reading() as reading:
        kept = next(c for c in clients.of_partner(reading, PARTNER) if c.state == "pending")
    bob = office.somebody("bob@festival.fr", Role.PARTNER, PARTNER)
    bob.get(PAGE)
    bob.post(f"{PAGE}{kept.client}/confirmer", {"start": thumbprint(key)[:8]})
    assert Program(kept.client, key).ask(office.app.test_client()).status_code == 400


def test_a_webhooks_secret_is_shown_once_and_kept_nowhere(office: Office, anna: Somebody) -> None:
    anna.get(PAGE)
    page = anna.post(
        f"{PAGE}prevenir", {"partner": PARTNER, "url": "https://festival.fr/farandole"}
    )
    secret = re.search(r"whsec_[A-Za-z0-9+/=]{44}", page.text)
    assert secret
    assert "whsec_" not in anna.get(PAGE).text
    assert secret[0].removeprefix("whsec_").encode() not in (office.home / "control.sqlite").read_bytes()  # fmt: skip
    for wrong in ("http://festival.fr/", "https://127.0.0.1/", "https://localhost/", "x"):
        answer = anna.post(f"{PAGE}prevenir", {"partner": PARTNER, "url": wrong}, follow_redirects=True)  # fmt: skip
        assert "doit être en https" in answer.text
    with office.control.reading() as reading:
        (hook,) = webhooks.of_partner(reading, PARTNER)
    with office.control.transaction(CLOCK) as tx:
        foreign = webhooks.add(tx, "scene-libre", "https://scene.fr/", by="p9")
        tx.commit()
    assert anna.post(f"{PAGE}prevenir/{foreign.webhook}/retirer").status_code == 404
    assert anna.post(f"{PAGE}prevenir/{hook.webhook}/retirer").status_code == 302
