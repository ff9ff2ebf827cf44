"""What a partner, a house allied with it, a hub or the web process tries besides: other ways around the rules of requests."""

import hashlib
import hmac
import itertools
import json
import shutil
from base64 import urlsafe_b64encode
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from typer.testing import CliRunner

from contracts import charter_check
from contracts.audience import Ages, AudienceSpec
from contracts.base import canonical
from contracts.clock import FixedClock
from contracts.order import Request
from contracts.order_check import is_measured, sign_order
from contracts.seal import new_signing_key, sign
from contracts.visit import PARTNER_DISTANCE, AgeBand
from hub import audience_answers, audience_desk, audience_issue, cli_requests
from hub.draft import NetworkDraft
from hub.errors import AudienceRefused
from hub.outbound import is_public
from hub.people.roles import Grant, Role
from hub.store import audience_orders, audiences, audit, people, webhooks
from hub.store.database import Control
from hub.vault.arms import measured
from hub.web import audiences_api, problems
from hub.web.partners import tokens
from tests.support.advice_world import LoneDesk
from tests.support.audience_world import (
    PARTNERS,
    asked,
    fresh,
    later,
    opened,
    somebody,
    submitted,
)
from tests.support.control_world import CLOCK, VENUES, keys
from tests.support.ordered_house import (
    NOW,
    an_order,
    approved,
    crowd,
    make_house,
    obey,
    read_each_export_once,
    run_it,
    send,
    signed,
)
from tests.support.orders import request_plain, signed_order
from tests.support.programs import KIND
from venue_agent.audiences import orders, policy, running
from venue_agent.cli import app
from venue_agent.commands import audiences as commands
from venue_agent.home.lists import as_csv
from venue_agent.order_errors import OrderForeign, OrderForged
from venue_agent.people.handles import Handles
from venue_agent.people.offers import Offers
from venue_agent.tasks import preview
from venue_agent.words import speak

YOUNG = AudienceSpec(include=[Ages(trait="age", values=[AgeBand.A18])], exclude=[])
HUB = partial(sign, keys().private["hub"])
HUB_KEYS = {keys().public["hub"]}


@pytest.fixture
def control(tmp_path: Path) -> Control:
    return fresh(tmp_path / "control.sqlite")


# ---- at the hub


def test_an_allied_house_cannot_guess_anothers_acts_from_the_public_chain(control: Control) -> None:
    """She holds the request's key with her order, the partner its own acts; people's handles are in the chain."""
    terms = opened(control)
    kept = submitted(control, terms, asked())
    for day, venue in enumerate(VENUES[:2], 1):
        person = somebody(control, f"{venue}@exemple.fr", Grant(Role.MARKETING, venue))
        with control.transaction(later(day)) as tx:
            audience_answers.approve(tx, kept.request, venue, by=person)
            tx.commit()
    audience_issue.issue_due(control, later(15), HUB)
    with control.reading() as reading:
        [told] = [json.loads(e.body) for e in audit.of_kind(reading, audience_issue.KIND)]
        [held] = audience_orders.orders_of(reading, VENUES[0], "2025-09-20T00:00:00Z")
        *known, last = [d for d in audiences.deeds(reading, kept.request) if d.person != audiences.CALENDAR]  # fmt: skip
    day, seconds = last.at[:17], range(60)
    for act, second in itertools.product(("approve", "modify", "refuse"), seconds):
        guessed = replace(last, act=act, at=f"{day}{second:02}Z")
        text = canonical([vars(deed) for deed in (*known, guessed)])
        found = hmac.new(bytes.fromhex(held.order.holdout_key), text, hashlib.sha256).hexdigest()
        assert found != told["acts_hmac"]


def test_two_yeses_are_two_peoples(control: Control) -> None:
    """The voice of a house's marketing, lent to its DPO, would be one person's word where the charter asks two."""
    terms = opened(control, dpo_approves_audiences=True)
    kept, house = submitted(control, terms, asked()), VENUES[0]
    boss = somebody(control, "com@exemple.fr", Grant(Role.MARKETING, house))
    dpo = somebody(control, "dpo@exemple.fr", Grant(Role.HOUSE_DPO, house))
    it = somebody(control, "si@exemple.fr", Grant(Role.IT, house))
    until = later(30).now().date().isoformat()
    with control.transaction(CLOCK) as tx:
        with pytest.raises(AudienceRefused, match="lend-person"):
            audience_answers.lend(tx, house, dpo.person, until, by=boss)
        audience_answers.lend(tx, house, it.person, until, by=boss)
        people.grant(tx, it.person, Grant(Role.HOUSE_DPO, house), by="operator")  # made DPO since
        raised = people.by_handle(tx, it.person)
        assert raised is not None
        audience_answers.approve(tx, kept.request, house, by=raised)
        [answer] = [one for one in audiences.answers(tx, kept.request) if one.venue == house]
    assert (answer.state.value, answer.dpo) == ("waiting", "approved")


@pytest.mark.parametrize(
    "days",
    [
        {"first_day": "2025-09-31"},
        {"last_day": "2025-11-31"},
        {"expires": "2025-11-31T00:00:00Z"},
    ],
)
def test_a_day_that_never_was_stops_nobody_elses_work(control: Control, days: dict[str, str]) -> None:  # fmt: skip
    """Such a campaign, once ordered, would break the opening of every batch of its houses, and every edition."""
    terms = opened(control)
    with pytest.raises(AudienceRefused, match="dates-order"):
        submitted(control, terms, asked(**days))
    # what the web process wrote past the desk is signed by nobody, and what is signed all the same measures nothing
    assert not measured(
        [signed_order(request=asked(**days).model_dump(mode="json"))], HUB_KEYS, ["discipline"]
    )


def test_a_program_is_told_that_a_day_never_was(control: Control) -> None:
    opened(control)
    web = api(control)
    draft = asked(first_day="2025-10-01", last_day="2025-11-30").model_dump(mode="json")
    plain = {k: v for k, v in draft.items() if k not in ("request", "partner", "codes")}
    assert web.post("/p/requests", json=plain).status_code == 201
    for change in ({"last_day": "2025-11-31"}, {"first_day": "2025-09-31"}):
        made = web.post("/p/requests", json=plain | change)
        if made.status_code == 201:
            name = made.get_json()["asked"]["request"]
            assert web.post(f"/p/requests/{name}/estimate").status_code < 500
            made = web.post(f"/p/requests/{name}/submit")
        assert made.status_code in (409, 422)


def api(control: Control, partner: str = PARTNERS[0]) -> Any:
    app = Flask(__name__)
    problems.install(app)
    blueprint = audiences_api.audiences_api(control, CLOCK, lambda: (partner, "a-program"))
    app.register_blueprint(blueprint, url_prefix="/p")
    return app.test_client()


def test_a_partner_fills_no_disk_with_drafts(
    control: Control, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(audience_desk, "MOST_NEW", 5)
    terms = opened(control)
    with control.transaction(CLOCK) as tx:
        for number in range(5):
            audience_desk.write(tx, asked(f"demande-{number}"), terms, by="a-program")
        with pytest.raises(AudienceRefused, match="many"):
            audience_desk.write(tx, asked("une-de-plus"), terms, by="a-program")
        audience_desk.write(
            tx, asked("demande-1", cap=600), terms, by="a-program"
        )  # hers to change
    with control.transaction(CLOCK) as tx:
        audience_desk.write(tx, asked("ailleurs", PARTNERS[1]), terms, by="a-program")


@pytest.mark.parametrize("is_revoked", [True, False], ids=["access taken", "role taken"])
def test_who_left_a_partner_is_not_told_any_more(control: Control, *, is_revoked: bool) -> None:
    """A place to tell, on her own server, would go on telling her."""
    grant = Grant(Role.PARTNER, PARTNERS[0])
    anna = somebody(control, "anna@exemple.fr", grant, Grant(Role.PARTNER, PARTNERS[1]))
    berta = somebody(control, "berta@exemple.fr", grant)
    with control.transaction(CLOCK) as tx:
        for person, partner in ((anna, PARTNERS[0]), (anna, PARTNERS[1]), (berta, PARTNERS[0])):
            webhooks.add(tx, partner, "https://exemple.fr/", by=person.person)
        if is_revoked:
            people.revoke(tx, anna.person, by="operator")
        else:
            people.withdraw(tx, anna.person, grant, by="operator")
        tx.commit()
    with control.reading() as reading:
        left = [[h.made_by for h in webhooks.of_partner(reading, p)] for p in PARTNERS[:2]]
    assert left == [[berta.person], [] if is_revoked else [anna.person]]


def test_a_partners_words_do_not_move_the_operators_cursor(
    control: Control, monkeypatch: pytest.MonkeyPatch
) -> None:
    terms = opened(control)
    submitted(control, terms, asked(partner_name="Nord\x1b[2J\x1b]8;;http://x\x07\u202eici\nautre"))

    class Opened:
        def __enter__(self) -> tuple[Control, Any]:
            return control, terms

        def __exit__(self, *_: object) -> None:
            return None

    monkeypatch.setattr(cli_requests, "_opened", lambda _home: Opened())
    monkeypatch.setattr(cli_requests, "SystemClock", lambda: later(10))
    shown = CliRunner().invoke(cli_requests.app, ["due"]).output
    assert "Nord" in shown
    assert not any(sign_ in shown for sign_ in ("\x1b", "\x07", "\u202e", "\nautre"))


def test_what_no_reader_sees_is_not_kept_of_a_partners_words(control: Control) -> None:
    terms = opened(control)
    words = "Théâtre\u202e du\u00a0Quai\x1b]8\n\u2066!"
    kept = submitted(control, terms, asked(partner_name=words, offer=words, offer_en=words))
    for said in (kept.asked.partner_name, kept.asked.offer, kept.asked.offer_en):
        assert said == "Théâtre  du\u00a0Quai ]8\n !"


STRANGE = ("[" * 3000, '{"sub":"\\ud800"}', '{"sub":"k\\u0000"}', '{"sub":[]}', "5", "null", "")


@pytest.mark.parametrize("payload", STRANGE)
def test_no_strange_assertion_breaks_the_door(control: Control, payload: str) -> None:
    door = Flask(__name__)
    problems.install(door)
    tokens.install(door, control, CLOCK, "https://hub.exemple.fr")
    said = [urlsafe_b64encode(part.encode()).decode().rstrip("=") for part in ('{"alg":"ES256"}', payload)]  # fmt: skip
    form = {"grant_type": "client_credentials", "scope": "estimates", "client_assertion_type": KIND}
    form["client_assertion"] = ".".join([*said, "AAAA"])
    assert door.test_client().post(tokens.PATH_TOKEN, data=form).status_code in (400, 401)


@pytest.mark.parametrize(
    "address",
    ["fec0::1", "192.0.0.192", "192.0.0.8", "168.63.129.16", "3fff::1", "192.88.99.1", "4000::1"],
)
def test_no_address_that_is_nobodys_or_a_clouds_own_is_called(address: str) -> None:
    """Site-local; Oracle's and Azure's metadata; documentation; the old relays of 6to4; never given out."""
    assert not is_public(address)


def test_codes_are_no_number_and_no_date(control: Control) -> None:
    """12E34567 and JUNE2345 are rewritten by a spreadsheet; no letter of theirs is drawn."""
    assert not set(audience_orders.LETTERS) & set("AEIOUY01")


# ---- in the vault


def test_a_stricter_charter_ends_what_an_old_order_let_through() -> None:
    """The web process may put back an order that the hub signed under a charter with more fields."""
    old = signed_order(measured=True)
    assert measured([old], HUB_KEYS, ["discipline", "arm"])
    assert not measured([old], HUB_KEYS, ["age_band", "arm"])


def test_a_likeness_is_measured_where_disciplines_travel_alone() -> None:
    alike = Request.model_validate_json(canonical(request_plain(like=VENUES[1])))
    assert is_measured(alike, ["discipline"])
    everybody = alike.model_copy(update={"spec": AudienceSpec(include=[], exclude=[])})
    assert not is_measured(everybody, ["age_band"])
    assert is_measured(everybody.model_copy(update={"like": None}), ["age_band"])


def test_two_circles_around_a_home_need_a_word_of_the_charter() -> None:
    """Far from the house that she went to, the charter tells; how far from a partner, an arm would: its own field."""
    near = {"trait": "distance", "values": ["0-5"]}
    for side in ("include", "exclude"):
        spec = {"include": [], "exclude": [], side: [near]}
        asked = Request.model_validate_json(canonical(request_plain(spec=spec)))
        assert not is_measured(asked, ["distance_band", "departement", "arm"])
        assert is_measured(asked, [PARTNER_DISTANCE])
    assert PARTNER_DISTANCE in charter_check.FIELDS
    assert PARTNER_DISTANCE not in NetworkDraft.model_fields["fields"].default


# ---- in the house


@pytest.mark.parametrize("cell", ["＝1+1", "＋1", "－1", "＠a", "=1", "\t=1"])
def test_a_formula_in_full_width_is_none_either(cell: str) -> None:
    assert f"'{cell}".encode() in as_csv(["h"], [[cell]])


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    speak("fr")
    read_each_export_once(monkeypatch)
    for module in (running, policy):
        monkeypatch.setattr(module, "FEWEST", 5)
    monkeypatch.setattr(commands, "CLOCK", FixedClock(NOW))


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> LoneDesk:
    return make_house(tmp_path_factory.mktemp("template") / "home", *crowd(12))


@pytest.fixture
def house(template: LoneDesk, tmp_path: Path, few: None) -> LoneDesk:
    home = replace(template.home, path=tmp_path / "home")
    shutil.copytree(template.home.path, home.path)
    made = replace(template, home=home)
    send(made)
    return made


def test_no_arm_leaves_for_what_the_charter_does_not_send_any_more(house: LoneDesk) -> None:
    """An arm of « aged 18 to 25 » tells an age: not once the members took ages out of the charter."""
    fields = sorted({*house.law.fields, "age_band", "arm", "discipline"})
    armed = obey(house, house.law.model_copy(update={"fields": fields}))
    handles = Handles(armed.home.state, armed.config.venue)
    handles.assign([(f"email:canari{n}@exemple.fr",) for n in range(1, 13)])
    held = approved(armed, an_order(armed, spec=YOUNG, order="jeunes", request="jeunes"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(running, "matching", lambda _spec, traits: traits.persons["age"].notna().to_numpy())  # fmt: skip
        run_it(armed, held)
    run_it(armed, approved(armed, an_order(armed)))

    def leaving(desk: LoneDesk) -> set[str]:
        return {each.order for each in preview._house(desk, desk.law, full=False).activations}

    assert leaving(armed) == {"jeunes", "ordre-1"}
    later_ = obey(armed, armed.law.model_copy(update={"revision": 2, "fields": [f for f in fields if f != "age_band"]}))  # fmt: skip
    assert leaving(later_) == {"ordre-1"}
    orders.path_of(armed.home, "ordre-1").write_bytes(b"{}")
    assert leaving(armed) == {"jeunes"}


def test_an_order_signed_again_under_an_amended_charter_is_no_alarm(house: LoneDesk) -> None:
    order = an_order(house)
    send(house, signed(order))
    orders.pull(house)
    amended = obey(house, house.law.model_copy(update={"revision": 2}))
    again = an_order(amended, measured=False)
    send(amended, signed(again))
    assert orders.pull(amended) == orders.Pulled((), ())
    for change in ({"cap": 9000}, {"holdout_key": "6b" * 32}, {"submitted_at": "2025-09-04T08:00:00Z"}):  # fmt: skip
        send(amended, signed(an_order(amended, **change)))
        assert len(orders.pull(amended).refused) == 1


def test_an_order_signed_by_the_hubs_new_key_takes_the_place_of_the_old_one(
    house: LoneDesk,
) -> None:
    """Only the very same order, only under a charter that names the new key; what was decided stays decided."""
    held = approved(house, an_order(house))
    fresh_key, fresh_public = new_signing_key()
    hub = house.law.hub.model_copy(update={"signing_key": fresh_public})
    rotated = obey(house, house.law.model_copy(update={"revision": 2, "hub": hub}))
    with pytest.raises(OrderForeign, match="audiences pull"):
        orders.recheck(rotated, held)
    send(rotated, sign_order(an_order(rotated, cap=9000), fresh_key))
    assert len(orders.pull(rotated).refused) == 1
    send(rotated, signed(an_order(rotated)))  # by the key of before
    assert len(orders.pull(rotated).refused) == 1
    send(rotated, sign_order(an_order(rotated, measured=False), fresh_key))
    assert orders.pull(rotated) == orders.Pulled((), ())
    again = orders.find(rotated, "1")
    assert orders.recheck(rotated, again) == rotated.law
    assert (again.known.state, again.known.measured) == ("approved", 0)
    assert orders.pull(rotated) == orders.Pulled((), ())


def test_stopped_between_the_new_signature_and_its_digest_the_order_is_taken_again(
    house: LoneDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    held = approved(house, an_order(house))
    fresh_key, fresh_public = new_signing_key()
    hub = house.law.hub.model_copy(update={"signing_key": fresh_public})
    rotated = obey(house, house.law.model_copy(update={"revision": 2, "hub": hub}))
    send(rotated, sign_order(an_order(rotated), fresh_key))

    def killed(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(Offers, "sign_again", killed)
        with pytest.raises(KeyboardInterrupt):
            orders.pull(rotated)
    with pytest.raises(OrderForged):
        orders.find(rotated, "1")
    assert orders.pull(rotated) == orders.Pulled((), ())
    again = orders.find(rotated, "1")
    assert (again.known.number, again.known.state) == (held.known.number, "approved")
    assert orders.recheck(rotated, again) == rotated.law


def test_a_partners_words_in_the_list_are_words(house: LoneDesk) -> None:
    order = an_order(house, partner_name="[/link][red]Nord\x1b[2J")
    send(house, signed(order))
    orders.pull(house)
    shown = CliRunner().invoke(app, ["audiences", "list", "--home", str(house.home.path)])
    assert shown.exception is None
    assert "[red]" in shown.output
    assert "\x1b" not in shown.output
