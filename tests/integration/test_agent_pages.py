"""The pages of preview and report: what they say of a real spool, what they keep silent, and that no network hears of it."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.support.rights_world import (
    CANARY,
    MAIL,
    NOVEMBER,
    OCTOBER,
    PHONE,
    ZOE,
    RightsWorld,
    Template,
    opened,
    template,
)
from venue_agent.errors import CharterRefused
from venue_agent.hearing import silent
from venue_agent.outbox import marks
from venue_agent.pages.markup import Html, join, page, tag
from venue_agent.pages.report import report_page
from venue_agent.rights import erasure
from venue_agent.rights.named import named
from venue_agent.screen import report
from venue_agent.screen.sheet import plain, sheet_of
from venue_agent.tasks import preview
from venue_agent.words import speak

ROOT = Path(__file__).parents[2]
SECRETS = (MAIL, PHONE, "Canari", "Jaune", "Durand", "Zoé", "Voltaire")
EMILE = {"Nom": "Petit", "Prenom": "Émile", "Email": "emile.petit@exemple.fr"}


@pytest.fixture(scope="module")
def joined(tmp_path_factory: pytest.TempPathFactory) -> Template:
    return template(tmp_path_factory.mktemp("template"))


@pytest.fixture
def world(joined: Template, tmp_path: Path) -> Iterator[RightsWorld]:
    with opened(tmp_path, joined) as made:
        yield made


def prepared(world: RightsWorld, *tickets: dict[str, str]) -> preview.Preview:
    world.export(*tickets)
    return preview.run(world.desk(), full=False, progress=silent)


def many(month: dict[str, str], count: int = 12) -> list[dict[str, str]]:
    return [
        month | {"Nom": f"Nom{chr(65 + n)}", "Prenom": "Ida", "Email": f"ida{n}@exemple.fr"}
        for n in range(count)
    ]


def test_the_page_says_what_changed_since_the_vault_last_accepted(world: RightsWorld) -> None:
    first = prepared(world, CANARY | OCTOBER, ZOE | OCTOBER, ZOE | NOVEMBER)
    assert [month.change for month in first.sheet.months] == [None, None]
    again = prepared(world, CANARY | OCTOBER, ZOE | OCTOBER, ZOE | NOVEMBER)
    assert [month.change for month in again.sheet.months] == [None, None]  # nothing was accepted
    world.send()
    aged = ZOE | {"Age": "52"}
    then = prepared(world, aged | OCTOBER, EMILE | OCTOBER, aged | NOVEMBER)
    october, november = then.sheet.months
    assert october.change == marks.Change(1, 1, 1, 1, 1)
    assert november.change == marks.Change(0, 1, 0, 0, 0)
    text = then.page.read_text("utf-8")
    assert "2025-10" in text
    world.send()
    quiet = prepared(world, aged | OCTOBER, EMILE | OCTOBER, aged | NOVEMBER)
    assert quiet.sheet.months == ()
    assert "<table" in quiet.page.read_text("utf-8")  # where every line went is said all the same


def test_read_is_kept_and_each_reason(world: RightsWorld) -> None:
    no = {"Optin partenaires": "Non"}
    done = prepared(world, ZOE | OCTOBER, CANARY | OCTOBER | no, ZOE | NOVEMBER | {"Age": "12"})
    counts = plain(done.sheet)["counts"]
    assert counts["read"] == 3 == counts["kept"] + sum(counts["dropped"].values())
    assert len(counts["dropped"]) >= 1


def test_nothing_of_anybody_stands_on_a_page(world: RightsWorld) -> None:
    done = prepared(world, *many(OCTOBER), CANARY | OCTOBER, ZOE | OCTOBER)
    made = report.make(world.desk(), silent)
    ids = done.sheet.months[0]
    rows = (world.desk().home.spool / ids.month / "plaintext" / "persons.csv").read_text()
    handles = re.findall(r"^[0-9a-f]{32}", rows, re.MULTILINE)
    tokens = re.findall(r":([0-9a-f]{64})", rows)
    assert handles
    assert tokens
    for text in (done.page.read_text("utf-8"), report_page(made), json.dumps(plain(done.sheet))):
        assert not [one for one in (*SECRETS, *handles, *tokens, "ida0@") if one in text]


def test_a_small_house_shows_no_value_at_all(world: RightsWorld) -> None:
    done = prepared(world, CANARY | OCTOBER | {"Age": "77"}, ZOE | OCTOBER)
    assert all(spread.hidden for spread in done.sheet.spreads.values())
    assert "65+" not in done.page.read_text("utf-8")


def test_a_page_is_private_runs_nothing_and_loads_nothing(world: RightsWorld) -> None:
    speak("fr")
    done = prepared(world, *many(OCTOBER))
    text = done.page.read_text("utf-8")
    assert done.page.stat().st_mode & 0o777 == 0o600
    assert done.page.parent.stat().st_mode & 0o777 == 0o700
    assert '<html lang="fr">' in text
    assert not re.search(r"<script|<img|<link|<iframe|\son\w+=|style=|url\(|@import", text)
    assert not re.search(r"""(?:src|href)=""", text)
    (policy,) = re.findall(r'Content-Security-Policy" content="([^"]*)"', text)
    assert policy.startswith("default-src &#x27;none&#x27;; style-src &#x27;sha256-")
    assert policy.endswith("form-action &#x27;none&#x27;")


def test_what_comes_from_outside_is_escaped() -> None:
    hostile = "</style><script>alert(1)</script>\" onload='x'"
    text = page(hostile, tag("p", hostile, title=hostile), join(hostile, ["<b>"], None))
    assert "<script" not in text
    assert "<b>" not in text
    assert "onload=" not in text.replace("onload=&#x27;", "")
    assert tag("p", Html("<i>")) == "<p><i></p>"


def test_marks_hold_no_row(world: RightsWorld) -> None:
    prepared(world, CANARY | OCTOBER, ZOE | OCTOBER)
    row = next(iter(world.desk().spool.unsent())).plaintext / "persons.csv"
    handle = row.read_bytes().splitlines()[1][:32]
    world.send()
    prepared(world, ZOE | OCTOBER)
    (kept,) = (world.desk().home.path / "preview" / marks.FOLDER).iterdir()
    assert kept.stat().st_mode & 0o777 == 0o600
    held = kept.read_bytes()
    assert handle not in held
    assert bytes.fromhex(handle.decode()) not in held
    kept.write_bytes(held[: len(held) // 2])  # a file that was cut says nothing, and stops nothing
    again = preview.run(world.desk(), full=False, progress=silent)
    assert [month.change for month in again.sheet.months] == [None]


def test_a_withdrawal_is_told_from_what_the_vault_had(world: RightsWorld) -> None:
    prepared(world, CANARY | OCTOBER, ZOE | OCTOBER)
    world.send()
    desk = world.desk()
    erasure.erase_here(desk, named(email=MAIL), "venue")
    erasure.announce(desk, replace(world.patience(), seconds=0, pause=lambda _s: None))
    (month,) = sheet_of(desk, desk.charter(), desk.spool.unsent()).months
    assert month.withdrawals >= 1
    assert month.change is not None
    assert (month.change.persons_new, month.change.visits_new) == (0, 0)


def test_the_report_counts_people_consents_and_duplicates(world: RightsWorld) -> None:
    no = {"Optin partenaires": "Non"}
    twin = {"Nom": "DURAND", "Prenom": "ZOE", "Email": ZOE["Email"], "Telephone": PHONE}
    prepared(world, ZOE | OCTOBER, twin | NOVEMBER, EMILE | OCTOBER | no, CANARY | OCTOBER)
    before = {p: p.read_bytes() for p in world.desk().home.path.rglob("*") if p.is_file()}
    made = report.make(world.desk(), silent)
    after = {p: p.read_bytes() for p in world.desk().home.path.rglob("*") if p.is_file()}
    assert after == before  # it remembers nothing: no handle, no withdrawal
    assert (made.people, made.merging.records) == (3, 4)
    assert made.consents["statistics"] == 2
    assert made.funnel == {"read": 4, "seats": 4, "named": 4, "consenting": 3, "leaving": 3}
    assert made.coverage == 0.75
    assert sum(made.contacts.values()) == made.people
    assert made.filled["discipline"] == 1.0


def test_before_the_first_charter_there_is_no_report(world: RightsWorld) -> None:
    world.export(ZOE | OCTOBER)
    with pytest.raises(CharterRefused, match="preview"):
        report.make(world.desk(), silent)


WATCHED = """
import sys
asked = {"socket.connect", "socket.getaddrinfo", "socket.gethostbyname", "socket.sendto", "socket.sendmsg"}
sys.addaudithook(lambda event, args: event in asked and print("NETWORK", event, file=sys.__stderr__))
{extra}
from venue_agent.cli import main
main()
"""


@pytest.mark.parametrize("calls", [False, True])
def test_no_network_hears_of_the_report(world: RightsWorld, calls: bool) -> None:
    """With *calls*, the watch itself is tried: it must see a call."""
    prepared(world, *many(OCTOBER))
    home = world.desk().home.path
    extra = "import socket; socket.getaddrinfo('localhost', 9)" if calls else ""
    done = subprocess.run(
        [sys.executable, "-c", WATCHED.replace("{extra}", extra), "report", "--home", str(home)],
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
        env=os.environ | {"FARANDOLE_LANG": "en"},
    )
    assert ("NETWORK" in done.stderr) == calls
    path = home / "report" / "rapport.html"
    assert "Nothing of this page is sent" in path.read_text("utf-8")
    assert path.stat().st_mode & 0o777 == 0o600
