"""Issue of the dictionary: a thief of hub, custodian and every log, who knows the true e-mails and phones, matches none."""

import base64
import csv
import hashlib
import hmac
import itertools
import stat
import urllib.error
import urllib.request
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from contracts.linkage import IdentifierKind, identifier, normalise_email, normalise_phone
from deploy.demo.network import Network, Site
from deploy.demo.theatres import EDITION, draft
from tests.support.dictionary import HASHES, among, digests, strings_of, windows_of

pytestmark = pytest.mark.timeout(1800)  # a whole network; the machine may be shared

ROOT = Path(__file__).parents[2]
VENUES = ("danse-nord", "musee-sud", "opera-est")
HEADER = (
    "Attendee #", "Order #", "Order Date", "Event Start Date", "Event Start Time", "Event Name",
    "Total Paid", "Attendee Status", "Last Name", "First Name", "Email", "Cell Phone",
    "Home Address 1", "Home City", "Home Zip", "Home Country", "Date of Birth",
    "I agree that partner venues may be told of my visits",
)  # fmt: skip
CONSENTS, REFUSES = "Yes", "No"
USUAL = frozenset({"md5", "sha1", "sha256"})


@dataclass(frozen=True)
class Canary:
    """Somebody whose every word is rare enough to be looked for."""

    last: str
    first: str
    email: str
    phone: str
    consent: str = CONSENTS


CANARIES = (
    Canary("Zyrkowicz", "Ondrelle", "Ondrelle.Zyrkowicz+ete@exemple-canari.fr", "06 41 73 92 58"),
    Canary("Quibrevault", "Thaddine", "thaddine.q@exemple-canari.fr", "+33 7 58 41 36 27"),
    Canary("Vlomsquin", "Perceval", "perceval.v@exemple-canari.fr", "0613957284", REFUSES),
)
STREET, BIRTH = "17 impasse du Phlogistique", "07/11/1963"


@dataclass(frozen=True)
class Stolen:
    """Every byte that somebody else than the venues holds or was shown."""

    files: dict[str, bytes]
    network: Network

    @property
    def everything(self) -> bytes:
        return b"\n\n".join(self.files.values())


def _draft() -> dict[str, Any]:
    """The demonstration's plan, for two houses of one discipline: nothing there can be crossed."""
    plan = draft() | {"clusters": []}
    edition = plan["editions"][0]
    measures = [m for m in edition["measures"] if m["measure"] != "crossing"]
    return plan | {"editions": [edition | {"measures": measures}]}


@pytest.fixture(scope="module")
def stolen(tmp_path_factory: pytest.TempPathFactory) -> Stolen:
    """Three venues send, one person withdraws, an edition is published, and visitors ask for nonsense."""
    root = tmp_path_factory.mktemp("stolen")
    sites = [_site(root / "exports" / venue, venue) for venue in VENUES]
    network = Network(
        root=root / "net", draft=_draft(), sites=sites,
        custodian_operator="Étude Marceau",
    )  # fmt: skip
    try:
        network.build()
        network.send()
        _oppose(sites[0].folder, CANARIES[1])
        network.agent(VENUES[0], "preview")
        network.agent(VENUES[0], "push", "--no-wait")
        network.hub("vault", "run", "--once")
        network.hub("publish", EDITION)
        shown = _visited(network)
    finally:
        network.stop()
    homes = (network.hub_home, network.custodian_home)
    paths = [path for home in homes for path in home.rglob("*") if path.is_file()]
    paths += sorted(network.root.glob("*.log"))
    files = {str(path.relative_to(root)): path.read_bytes() for path in paths}
    return Stolen({**files, "shown": shown}, network)


def _site(folder: Path, venue: str) -> Site:
    folder.mkdir(parents=True)
    preset = ROOT / "venue_agent" / "presets" / "eventbrite.toml"
    (folder / "mapping.toml").write_text(preset.read_text("utf-8"), encoding="utf-8")
    with (folder / "billetterie.csv").open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(HEADER)
        for number, (who, day) in enumerate(itertools.product(CANARIES, ("04", "18")), 1):
            rows.writerow(
                [
                    number, 100 + number, "09/01/25 10:00", f"2025-10-{day}", "20:00", "Soirée", "12.00",
                    "Attending", who.last, who.first, who.email, who.phone, STREET, "Lyon", "69001",
                    "FR", BIRTH, who.consent,
                ]
            )  # fmt: skip
    member = {
        "venue": venue, "name": venue, "discipline": "dance", "postcode": "69001",
        "latitude": 45.76, "longitude": 4.83, "declared_identifiers": 500,
    }  # fmt: skip
    return Site(member=member, folder=folder)


def _oppose(folder: Path, who: Canary) -> None:
    text = f"email;telephone\n{who.email};{who.phone}\n"
    (folder / "opposition.csv").write_text(text, encoding="utf-8")


def _visited(network: Network) -> bytes:
    """What pages, files and refusals show, also to whoever writes an address into them."""
    hub, base = network.url, _custodian_of(network)
    word = CANARIES[0].email.encode()
    paths = [
        "/", f"/editions/{EDITION}", f"/editions/{EDITION}.json", "/v1/chain", "/v1/charter",
        "/v1/editions", "/v1/checkpoint", "/v1/venues/danse-nord/receipts/" + "00" * 32, "/nowhere",
    ]  # fmt: skip
    asked = [(hub + path, None) for path in paths]
    asked += [(hub + path, word) for path in ("/v1/enrol", "/v1/charter/signatures", "/")]
    asked += [
        (base + path, word) for path in ("/v1/enrol", "/v1/evaluate", "/v1/prove", "/v1/witness")
    ]
    return b"\n\n".join(_ask(url, body) for url, body in asked)


def _custodian_of(network: Network) -> str:
    text = (network.hub_home / "network.toml").read_text(encoding="utf-8")
    return next(
        line.split('"')[1] for line in text.splitlines() if line.startswith("custodian_url")
    )


def _ask(url: str, body: bytes | None) -> bytes:
    try:
        with urllib.request.urlopen(urllib.request.Request(url, body), timeout=120) as answer:
            return bytes(answer.read())
    except urllib.error.HTTPError as refusal:
        return bytes(refusal.read()) + str(refusal.headers).encode()


def guesses(who: Canary) -> list[bytes]:
    """The forms in which a system could have hashed her."""
    email, phone = normalise_email(who.email) or "", normalise_phone(who.phone) or ""
    texts = [who.email, who.email.lower(), email, f"email:{email}"]
    texts += [who.phone, who.phone.replace(" ", ""), phone, f"phone:{phone}"]
    kinds = [(IdentifierKind.EMAIL, email), (IdentifierKind.PHONE, phone)]
    return [t.encode() for t in dict.fromkeys(texts)] + [identifier(k, t) for k, t in kinds]


def test_the_run_left_what_a_thief_would_want(stolen: Stolen) -> None:
    names = " ".join(stolen.files)
    for wanted in (
        "control.sqlite",
        "vault.sqlite",
        ".parquet",
        "custodian.sqlite",
        "web.log",
        "commands.log",
    ):
        assert wanted in names
    assert b"danse-nord" in stolen.everything
    assert EDITION.encode() in stolen.files["shown"]
    previews = list(stolen.network.agent_home(VENUES[0]).rglob("persons.csv"))
    assert any(b"email:" in path.read_bytes() for path in previews)  # something did leave


def test_no_word_about_anybody_is_there(stolen: Stolen) -> None:
    for name, data in stolen.files.items():
        low = data.lower()
        for who in CANARIES:
            words = [who.last, who.first, who.email, normalise_email(who.email) or ""]
            words += [who.phone, who.phone.replace(" ", ""), (normalise_phone(who.phone) or "")[3:]]
            for word in [*words, STREET, BIRTH, "1963-11-07", "exemple-canari"]:
                plain = word.lower().encode()
                for form in (plain, word.encode("utf-16-le"), plain.hex().encode()):
                    assert form not in low, (name, word)
                assert base64.b64encode(word.encode())[:-4] not in data, (name, word)


@pytest.mark.parametrize(
    "name", [pytest.param(n, marks=[] if n in USUAL else pytest.mark.long) for n in HASHES]
)
def test_no_hash_of_anybody_is_there_whatever_string_found_there_is_its_key(
    stolen: Stolen, name: str
) -> None:
    data = stolen.everything
    keys, windows = strings_of(data), windows_of(data)
    assert len(keys) > 1000
    plains = [guess for who in CANARIES for guess in guesses(who)]
    for plain in plains:
        found = among(digests([plain], keys, [name]), windows)
        assert not found, f"{name} of a planted identifier stands in what was stolen"


@pytest.mark.parametrize("form", ["raw", "hex", "base64", "url"])
@pytest.mark.parametrize("name", ["md5", "sha256", "sha512"])
def test_the_attack_finds_what_is_planted(form: str, name: str) -> None:
    salt, guess = b"a-salt-in-a-config-file", b"ondrelle@exemple.fr"
    for value in (hmac.digest(salt, guess, name), hashlib.new(name, guess + salt).digest()):
        text = {
            "raw": value,
            "hex": value.hex().upper().encode(),
            "base64": base64.b64encode(value),
            "url": base64.urlsafe_b64encode(value),
        }[form]
        data = b'{"salt": "' + salt + b'"}\0\1' + text + b"\n"
        found = among(digests([guess], strings_of(data), [name]), windows_of(data))
        assert value in found


def test_private_files_are_closed_to_other_users(stolen: Stolen) -> None:
    """Either the file or a folder above it, within its home, bars everybody else."""
    network = stolen.network
    homes = [network.hub_home, network.custodian_home, *map(network.agent_home, VENUES)]
    public = {"network.toml", "mapping.toml", "catalogue.csv"}
    for home in homes:
        for path in home.rglob("*"):
            if path.is_file() and path.name not in public:
                way = [path, *(p for p in path.parents if home in p.parents or p == home)]
                closed = any(not stat.S_IMODE(p.stat().st_mode) & 0o007 for p in way)
                assert closed, f"{path.relative_to(network.root)} can be read by anybody"
    secrets_ = [
        p for p in network.root.rglob("*") if p.name.endswith(".key") or p.name == "keys.json"
    ]
    assert len(secrets_) >= 5
    assert {stat.S_IMODE(p.stat().st_mode) for p in secrets_} == {0o600}
