"""The transport on a real line: certificates, redirects, endless answers, silence."""

import datetime as dt
import http.server
import ipaddress
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from venue_agent.network import transport
from venue_agent.network.transport import Unreachable, new_sender

NOW = dt.datetime.now(dt.UTC)


class Page(http.server.BaseHTTPRequestHandler):
    """/moved redirects, /long never ends, all else answers the request's own method."""

    def do_GET(self) -> None:
        if self.path == "/moved":
            self.send_response(302)
            self.send_header("Location", "/")
            self.send_header("Content-Length", "0")
            self.end_headers()
            return
        body = b"x" * 200_000 if self.path == "/long" else self.command.encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_args: object) -> None:
        pass


@contextmanager
def serving(context: ssl.SSLContext | None = None) -> Iterator[int]:
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Page)
    if context is not None:
        server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield server.server_address[1]
    finally:
        server.shutdown()
        server.server_close()


def certificate(folder: Path, *, name: str = "127.0.0.1", days: int = 1) -> ssl.SSLContext:
    """A self-signed certificate, written as the system's only authority."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "essai")])
    built = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(NOW - dt.timedelta(days=10))
        .not_valid_after(NOW + dt.timedelta(days=days))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address(name))]),
            critical=False,
        )
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    chain, private = folder / "cert.pem", folder / "key.pem"
    chain.write_bytes(built.public_bytes(serialization.Encoding.PEM))
    private.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(chain, private)
    return context


@pytest.fixture(autouse=True)
def no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    for name in ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"):
        monkeypatch.delenv(name, raising=False)


def test_n6_certificates(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cases = {"right": {}, "stranger": {}, "name": {"name": "127.0.0.2"}, "expired": {"days": -1}}
    for case, changes in cases.items():
        (tmp_path / case).mkdir()
        context = certificate(tmp_path / case, **changes)  # type: ignore[arg-type]
        trusted = "right" if case == "stranger" else case
        monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / trusted / "cert.pem"))
        with serving(context) as port:
            send = new_sender()
            if case == "right":
                assert send("GET", f"https://127.0.0.1:{port}/", b"", {}).body == b"GET"
            else:
                with pytest.raises(Unreachable, match="certificate"):
                    send("GET", f"https://127.0.0.1:{port}/", b"", {})


def test_a_redirect_is_not_followed() -> None:
    with serving() as port:
        answer = new_sender()("GET", f"http://127.0.0.1:{port}/moved", b"", {})
    assert answer.status == 302
    assert answer.date is not None


def test_an_answer_without_end_is_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(transport, "ANSWER_BYTES", 100_000)
    with serving() as port, pytest.raises(Unreachable, match="larger"):
        new_sender()("GET", f"http://127.0.0.1:{port}/long", b"", {})


def test_silence_refusal_and_a_dead_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    with serving() as port:
        pass
    with pytest.raises(Unreachable, match="no connection"):
        new_sender()("GET", f"http://127.0.0.1:{port}/", b"", {})
    monkeypatch.setattr(transport, "READ_SECONDS", 0.2)
    import socket  # noqa: PLC0415

    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        url = f"http://127.0.0.1:{silent.getsockname()[1]}/"
        with pytest.raises(Unreachable, match="in time"):
            new_sender()("GET", url, b"", {})
    monkeypatch.delenv("NO_PROXY")
    monkeypatch.setenv("HTTP_PROXY", f"http://127.0.0.1:{port}")
    with pytest.raises(Unreachable, match="proxy"):
        new_sender()("GET", "http://hub.invalid/", b"", {})
