"""Servers that fail as real ones do: another page, a hub that is down, a proxy that says no, certificates of every kind."""

import datetime as dt
import http.server
import ipaddress
import socket
import socketserver
import ssl
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

NOW = dt.datetime.now(dt.UTC)
PEM = serialization.Encoding.PEM


def _serve(server: socketserver.BaseServer) -> Iterator[int]:
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield server.server_address[1]
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@contextmanager
def answering(
    answers: Mapping[str, tuple[int, bytes]], context: ssl.SSLContext | None = None
) -> Iterator[int]:
    """Serve what *answers* says of each path ("" for every other one); yield the port."""

    class Page(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            status, body = answers.get(self.path, answers[""])
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        do_POST = do_HEAD = do_CONNECT = do_GET  # noqa: N815 - names that http.server looks for

        def log_message(self, *_args: object) -> None:
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Page)
    server.handle_error = lambda *_args: None  # type: ignore[method-assign] - handshakes that fail are meant
    if context is not None:
        server.socket = context.wrap_socket(server.socket, server_side=True)
    yield from _serve(server)


@contextmanager
def talking_nonsense() -> Iterator[int]:
    """A port that answers every line with something that is not TLS."""

    class Nonsense(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            self.request.recv(16)
            self.request.sendall(b"220 mail.example ESMTP\r\n")

    server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Nonsense)
    yield from _serve(server)


@contextmanager
def tunnelling() -> Iterator[int]:
    """A proxy that lets CONNECT through."""

    class Proxy(http.server.BaseHTTPRequestHandler):
        def do_CONNECT(self) -> None:
            host, _, port = self.path.rpartition(":")
            with socket.create_connection((host, int(port)), 5) as there:
                self.send_response(200)
                self.end_headers()
                other = threading.Thread(target=_pour, args=(there, self.connection), daemon=True)
                other.start()
                _pour(self.connection, there)
                other.join(5)

        def log_message(self, *_args: object) -> None:
            pass

    yield from _serve(http.server.ThreadingHTTPServer(("127.0.0.1", 0), Proxy))


def _pour(source: socket.socket, into: socket.socket) -> None:
    try:
        while data := source.recv(65536):
            into.sendall(data)
        into.shutdown(socket.SHUT_WR)
    except OSError:
        pass


def certified(
    folder: Path, *, name: str = "127.0.0.1", begins: float = -10, ends: float = 90
) -> ssl.SSLContext:
    """A server's context with a certificate for *name*, from *begins* to *ends* in days from now.

    ``folder/authority.pem`` is the authority that signed it.
    """
    folder.mkdir(parents=True, exist_ok=True)
    authority_key, key = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
    authority = _signed(authority_key, authority_key, "Autorité d'essai", span=(-1000.0, 1000.0))
    try:
        named: Any = x509.IPAddress(ipaddress.ip_address(name))
    except ValueError:
        named = x509.DNSName(name)
    leaf = _signed(key, authority_key, "essai", span=(begins, ends), named=named)
    (folder / "authority.pem").write_bytes(authority.public_bytes(PEM))
    (folder / "chain.pem").write_bytes(leaf.public_bytes(PEM))
    private = key.private_bytes(PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())  # fmt: skip
    (folder / "key.pem").write_bytes(private)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "chain.pem", folder / "key.pem")
    return context


def _signed(
    key: Any, by: Any, name: str, *, span: tuple[float, float], named: Any = None
) -> x509.Certificate:
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    issuer = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Autorité d'essai")])
    built = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(NOW + dt.timedelta(days=span[0]))
        .not_valid_after(NOW + dt.timedelta(days=span[1]))
        .add_extension(x509.BasicConstraints(ca=named is None, path_length=None), critical=True)
    )
    if named is not None:
        built = built.add_extension(x509.SubjectAlternativeName([named]), critical=False)
    return built.sign(by, hashes.SHA256())
