"""What every delivered agent must do on a machine that has nothing else: its words, its files, its decoder, its TLS."""

import contextlib
import datetime as dt
import re
import ssl
import subprocess
import threading
from collections.abc import Iterator, Sequence
from http.server import BaseHTTPRequestHandler, HTTPServer
from ipaddress import IPv4Address
from pathlib import Path

import pandas as pd
import pytest
import xlwt
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

Command = Sequence[str | Path]
COLUMNS = ("Numero billet", "Spectacle", "Date representation", "Email", "Code postal", "Prix")
ROWS = [
    (str(n), "La Danse", f"{n % 27 + 1:02d}/03/2025", f"zoe{n}@mail.example", "01000", "12,5")
    for n in range(1, 41)
]
HOLDS_ADDRESS = re.compile(r"zoe\d")


def run(
    command: Command, *words: str | Path, home: Path, **more: str
) -> subprocess.CompletedProcess[str]:
    """Run the agent with an empty environment: no PATH, no Python, a home of its own."""
    kept = {"HOME": str(home), "TMPDIR": str(home), "PATH": "/nonexistent", "TERM": "dumb", **more}
    line = [str(word) for word in (*command, *words)]
    return subprocess.run(line, env=kept, cwd=home, capture_output=True, text=True, timeout=300, check=False, stdin=subprocess.DEVNULL)  # fmt: skip


def says_its_version(command: Command, home: Path) -> None:
    done = run(command, "--version", home=home)
    assert (done.returncode, done.stderr) == (0, "")
    assert re.match(r"venue-agent \d+\.\d+\.\d+ \(libsodium \d+\.", done.stdout)


def speaks_both_languages(command: Command, home: Path) -> None:
    assert "Rejoint le réseau" in run(command, "--help", home=home).stdout  # the catalogue
    assert "Join the network" in run(command, "--help", home=home, FARANDOLE_LANG="en").stdout


def proposes_a_mapping(command: Command, home: Path, file: Path) -> None:
    """The whole way of a foreign file: a child of its own decodes it, a mapping is written."""
    done = run(command, "map", file, "--home", home, "--yes", home=home)
    told = done.stdout + done.stderr
    assert "Email" in told, told
    assert "Code postal" in told
    assert not HOLDS_ADDRESS.search(told)
    assert "ne se décode pas" not in told


def checks_certificates(command: Command, home: Path) -> None:
    """An authority that the system does not know is refused; one that it knows is not."""
    with server(home) as (url, authority):
        joining = ("init", "--home", home / "joins", "--code", "ABCD" + "-ABCD" * 5, "--venue", "essai",
                   "--hub", url, "--fingerprint", "ab" * 32, "--custodian", url)  # fmt: skip
        refused = run(command, *joining, home=home, FARANDOLE_LANG="en")
        assert "certificate" in refused.stderr, refused.stderr
        heard = run(command, *joining, home=home, FARANDOLE_LANG="en", SSL_CERT_FILE=str(authority))
        assert heard.returncode != 0  # it is no hub
        assert "certificate" not in heard.stderr, heard.stderr


def spreadsheet(folder: Path) -> Path:
    book = xlwt.Workbook()
    sheet = book.add_sheet("ventes")
    for at, row in enumerate((COLUMNS, *ROWS)):
        for place, cell in enumerate(row):
            sheet.write(at, place, cell)
    path = folder / "ventes.xls"
    book.save(str(path))
    return path


def parquet(folder: Path) -> Path:
    path = folder / "ventes.parquet"
    pd.DataFrame(ROWS, columns=list(COLUMNS)).to_parquet(path)
    return path


@contextlib.contextmanager
def server(folder: Path) -> Iterator[tuple[str, Path]]:
    """A server of this machine over TLS that grants nothing, and the authority that vouches for it."""
    certificate = _certificate(folder)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    with HTTPServer(("127.0.0.1", 0), _Refusing) as listening:
        listening.socket = context.wrap_socket(listening.socket, server_side=True)
        thread = threading.Thread(target=listening.serve_forever, daemon=True)
        thread.start()
        try:
            yield f"https://127.0.0.1:{listening.server_port}", certificate
        finally:
            listening.shutdown()


class _Refusing(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        self.send_error(404)

    do_GET = do_POST  # noqa: N815 - the standard library names it so

    def log_message(self, *words: object) -> None:
        pass


def _certificate(folder: Path) -> Path:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "essai")])
    now = dt.datetime.now(dt.UTC)
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(IPv4Address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    plain = serialization.NoEncryption()
    pem = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain)
    path = folder / "authority.pem"
    path.write_bytes(pem + made.public_bytes(serialization.Encoding.PEM))
    return path


def artefact(pattern: str) -> Path:
    """Return what a make target made in ``dist/``; the test is skipped where it was not."""
    found = sorted((Path(__file__).parents[2] / "dist").glob(pattern))
    if not found:
        pytest.skip(f"dist/{pattern} is not there: make wheel, make binary or make deb makes it")
    return found[-1]
