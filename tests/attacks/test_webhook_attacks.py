"""A partner chooses the address that the hub's own server sends to: nothing of ours may be reached that way."""

import datetime as dt
import hashlib
import hmac
import json
import socket
import ssl
import threading
from base64 import b64decode
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from contracts.clock import FixedClock
from hub import audience_answers
from hub.errors import StateConflict
from hub.outbound import AddressRefused, NotDelivered, Sender, is_public, target_of
from hub.people.roles import Grant, Role
from hub.store import webhooks
from hub.store.database import Control, open_control
from hub.store.webhooks import WAITS, Change
from hub.webhooks import Post, by_calendar, send_due, signed
from tests.support.audience_world import asked, later, opened, somebody, submitted
from tests.support.control_world import VENUES
from tests.support.orders import PARTNER

HOST = "partenaire.exemple.fr"
PUBLIC = "93.184.216.34"
URL = f"https://{HOST}/farandole?from=hub"
START = dt.datetime(2026, 11, 1, 8, tzinfo=dt.UTC)
SECRET = b"s" * 32
TRUSTED = ssl.create_default_context()  # made once: reading all certificates takes long

WRITTEN = (
    "http://partenaire.exemple.fr/",
    "https://127.0.0.1/", "https://127.1/", "https://2130706433/", "https://0x7f000001/", "https://0177.0.0.1/",
    "https://[::1]/", "https://[::ffff:127.0.0.1]/", "https://169.254.169.254/latest/meta-data/",
    "https://localhost/", "https://hub.localhost/", "https://metadata.google.internal/", "https://printer.local/",
    "https://partenaire.exemple.fr:22/", "https://partenaire.exemple.fr:8443/", "https://u:p@partenaire.exemple.fr/",
    "https://partenaire.exemple.fr@127.0.0.1/", "https://partenaire.exemple.fr#@127.0.0.1/", "https:///x", "https://",
    "https://intranet/", "file:///etc/passwd", "gopher://partenaire.exemple.fr/", "//partenaire.exemple.fr/", "",
    "https://partenaire.exemple.fr/a b", "https://partenaire.exemple.fr/\r\nX: y", "https://partenaire.exemple.fr/é",
    "https://partenaire。exemple。fr/", "https://①②⑦.⓪.⓪.①/", "https://partenaire.exemple.fr\\@127.0.0.1/", "https://" + "a" * 600 + ".fr/",
)  # fmt: skip
LED_TO = ("127.0.0.1", "127.8.8.8", "0.0.0.0", "10.0.0.1", "172.16.5.5", "192.168.1.1", "169.254.169.254", "100.64.0.1", "100.100.100.200", "192.0.2.1", "198.18.0.1", "224.0.0.1", "240.0.0.1", "255.255.255.255", "::1", "::", "fe80::1", "fe80::1%eth0", "fc00::1", "fd00:ec2::254", "ff02::1", "::ffff:127.0.0.1", "::ffff:93.184.216.34", "64:ff9b::7f00:1", "64:ff9b:1::1", "2002:7f00:1::1", "2001:0:7f00:1::1", "2001:db8::1", "nonsense")  # fmt: skip


@dataclass
class Network:
    """Names and connections as a liar makes them; every connection is written down."""

    answers: list[list[str]]
    asked: int = 0
    connected: list[tuple[str, int]] = field(default_factory=list)
    port: int = 0

    def resolve(self, _host: str, _port: int) -> list[str]:
        self.asked += 1
        return self.answers[min(self.asked, len(self.answers)) - 1]

    def connect(self, address: str, port: int, seconds: float) -> socket.socket:
        self.connected.append((address, port))
        if not self.port:
            raise OSError
        return socket.create_connection(("127.0.0.1", self.port), timeout=seconds)

    def sender(self, context: ssl.SSLContext | None = None, seconds: float = 10.0) -> Sender:
        return Sender(self.resolve, self.connect, context or TRUSTED, seconds)


@pytest.mark.parametrize("url", WRITTEN)
def test_no_address_of_ours_passes_as_text(url: str) -> None:
    network = Network([[PUBLIC]])
    with pytest.raises(AddressRefused):
        network.sender().post(url, b"{}", {})
    assert (network.asked, network.connected) == (0, [])


@pytest.mark.parametrize("address", LED_TO)
@pytest.mark.parametrize("beside", [[], [PUBLIC]], ids=["alone", "beside a public one"])
def test_no_name_leads_to_an_address_of_ours(address: str, beside: list[str]) -> None:
    network = Network([[*beside, address]])
    with pytest.raises(AddressRefused):
        network.sender().post(URL, b"{}", {})
    assert network.connected == []
    assert not is_public(address)


def test_a_name_that_changes_its_mind_is_asked_once() -> None:
    """DNS rebinding: public when judged, loopback when connected to."""
    network = Network([[PUBLIC], ["127.0.0.1"]])
    with pytest.raises(NotDelivered):
        network.sender().post(URL, b"{}", {})
    assert (network.asked, network.connected) == (1, [(PUBLIC, 443)])


def test_the_real_resolver_is_not_believed_about_this_machine() -> None:
    assert not any(is_public(one) for one in ("127.0.0.1", "::1"))
    assert target_of(URL).host == HOST
    with pytest.raises((AddressRefused, NotDelivered)):
        Sender(context=TRUSTED, seconds=1.0).post("https://localhost.localdomain/", b"{}", {})


@dataclass
class House:
    """A partner's server: what it was sent, and what it says."""

    says: bytes = b"HTTP/1.1 204 No Content\r\n\r\n"
    got: list[bytes] = field(default_factory=list)
    port: int = 0
    context: ssl.SSLContext = TRUSTED


def certificate(folder: Path, name: str) -> Path:
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    now = dt.datetime.now(dt.UTC)
    made = (
        x509.CertificateBuilder().subject_name(subject).issuer_name(subject).public_key(key.public_key())
        .serial_number(7).not_valid_before(now - dt.timedelta(days=1)).not_valid_after(now + dt.timedelta(days=2))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    path = folder / f"{name}.pem"
    private = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())  # fmt: skip
    path.write_bytes(private + made.public_bytes(serialization.Encoding.PEM))
    return path


@contextmanager
def open_house(folder: Path, says: bytes | None = None, name: str = HOST) -> Iterator[House]:
    pem = certificate(folder, name)
    serving = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    serving.load_cert_chain(pem)
    listener = socket.create_server(("127.0.0.1", 0))
    house = House(
        port=listener.getsockname()[1], context=ssl.create_default_context(cafile=str(pem))
    )
    house.says = house.says if says is None else says

    def serve() -> None:
        while True:
            try:
                plain, _ = listener.accept()
            except OSError:
                return
            try:
                with serving.wrap_socket(plain, server_side=True) as link:
                    house.got.append(_whole(link))
                    link.sendall(house.says)
            except OSError:
                continue

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    yield house
    listener.shutdown(socket.SHUT_RDWR)
    listener.close()
    thread.join(timeout=10)


def _whole(link: ssl.SSLSocket) -> bytes:
    read = b""
    while b"\r\n\r\n" not in read:
        read += link.recv(4096)
    head, _, body = read.partition(b"\r\n\r\n")
    length = int(head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0])
    while len(body) < length:
        body += link.recv(4096)
    return head + b"\r\n\r\n" + body


def test_what_is_sent_arrives_and_proves_itself(tmp_path: Path) -> None:
    with open_house(tmp_path) as house:
        network = Network([[PUBLIC]], port=house.port)
        one = webhooks.Delivery("d1", "w1", URL, b'{"a":1}', 0)
        network.sender(house.context).post(URL, one.body, signed(one, SECRET, 1_700_000_000))
    head, _, body = house.got[0].partition(b"\r\n\r\n")
    assert head.startswith(f"POST /farandole?from=hub HTTP/1.1\r\nHost: {HOST}\r\n".encode())
    mark = head.partition(b"webhook-signature: v1,")[2].partition(b"\r\n")[0]
    proof = hmac.new(SECRET, b"d1.1700000000." + body, hashlib.sha256).digest()
    assert b64decode(mark) == proof


@pytest.mark.parametrize("says", [b"HTTP/1.1 302 Found\r\nLocation: https://127.0.0.1/\r\n\r\n", b"HTTP/1.1 307 x\r\nLocation: http://169.254.169.254/\r\n\r\n", b"HTTP/1.1 500 x\r\n\r\n", b"SSH-2.0-OpenSSH\r\n", b"", b"x" * 5000])  # fmt: skip
def test_no_redirection_is_followed_and_no_nonsense_is_success(tmp_path: Path, says: bytes) -> None:
    with open_house(tmp_path, says) as house:
        network = Network([[PUBLIC]], port=house.port)
        with pytest.raises(NotDelivered):
            network.sender(house.context).post(URL, b"{}", {})
    assert network.connected == [(PUBLIC, 443)]


def test_the_certificate_must_be_for_that_name(tmp_path: Path) -> None:
    with open_house(tmp_path, name="autre.exemple.fr") as house:
        network = Network([[PUBLIC]], port=house.port)
        with pytest.raises(NotDelivered):
            network.sender(house.context).post(URL, b"{}", {})
    assert house.got == []


@pytest.fixture
def control(tmp_path: Path) -> Control:
    control = open_control(f"sqlite:///{tmp_path / 'control.sqlite'}")
    control.migrate()
    return control


@dataclass
class Told:
    """Sends at the instants that a test chooses, to a server that takes or refuses."""

    control: Control
    changes: list[Change]
    takes: bool = True
    sent: list[tuple[str, bytes]] = field(default_factory=list)

    def at(self, now: dt.datetime) -> int:
        world = self

        class Taken(Sender):
            def post(self, url: str, body: bytes, _headers: object) -> None:  # type: ignore[override]
                world.sent.append((url, body))
                if not world.takes:
                    raise NotDelivered("refused")

        mine = lambda _reading, partner: [c for c in self.changes if c.partner == partner]  # noqa: E731
        return send_due(
            Post(self.control, FixedClock(now), lambda _name: SECRET, mine, Taken(context=TRUSTED))
        )


def hook(control: Control, partner: str = "danse-nord", url: str = URL) -> str:
    with control.transaction(FixedClock(START)) as tx:
        made = webhooks.add(tx, partner, url, by="p0")
        tx.commit()
    return made.webhook


def day(number: int) -> dt.datetime:
    return START + dt.timedelta(days=number)


def change(state: str, number: int, partner: str = "danse-nord") -> Change:
    return Change(partner, "d1", state, f"{day(number):%Y-%m-%dT%H:%M:%SZ}")


def test_a_partner_is_told_once_at_the_instants_of_its_calendar(control: Control) -> None:
    hook(control)
    post = Told(control, [change("submitted", -3), change("answered", 2), change("active", 9), change("answered", 2, "opera-est")])  # fmt: skip
    assert [post.at(day(n)) for n in (0, 1, 2, 2, 3, 9, 9, 45)] == [0, 0, 1, 0, 0, 1, 0, 0]
    said = [json.loads(body) for _, body in post.sent]
    assert [(one["state"], one["at"]) for one in said] == [("answered", "2026-11-03T08:00:00Z"), ("active", "2026-11-10T08:00:00Z")]  # fmt: skip
    assert set(said[0]) == {"type", "request", "state", "at"}


def test_what_is_not_taken_is_tried_again_a_few_times(control: Control) -> None:
    hook(control)
    post = Told(control, [change("answered", 1)], takes=False)
    for minutes in (0, 0, 1, 5, 6, 36, 100, 156, 876, 2316, 4000, 6000):
        post.at(day(1) + dt.timedelta(minutes=minutes))
    assert len(post.sent) == len(WAITS) + 1


def test_nobody_takes_anothers_webhook_away_and_they_are_few(control: Control) -> None:
    name = hook(control)
    with control.transaction(FixedClock(START)) as tx:
        assert not webhooks.remove(tx, name, "opera-est")
        assert webhooks.remove(tx, name, "danse-nord")
        tx.commit()
    for _ in range(3):
        hook(control)
    with pytest.raises(StateConflict):
        hook(control)


def test_what_houses_do_moves_no_instant(control: Control) -> None:
    """The same announcements, to the second, whether every house agrees, refuses or is silent."""
    terms = opened(control)
    marketing = somebody(control, "anna@exemple.fr", Grant(Role.MARKETING, VENUES[0]))
    for name in ("d1", "d2", "d3"):
        submitted(control, terms, asked(name))
    with control.transaction(later(1)) as tx:
        audience_answers.approve(tx, "d1", VENUES[0], by=marketing)
        audience_answers.refuse(tx, "d2", VENUES[0], "calendar", by=marketing)
        tx.commit()
    with control.reading() as reading:
        changes = by_calendar(reading, PARTNER)
        other = by_calendar(reading, "scene-libre")
    seen = [{(c.state, c.at) for c in changes if c.request == name} for name in ("d1", "d2", "d3")]
    assert seen[0] == seen[1] == seen[2]
    assert {state for state, _ in seen[0]} == {"submitted", "answered", "active", "measured", "closed"}  # fmt: skip
    assert other == []
