"""A thief of the vault's disk and database finds no identifier, no hash of one, no handle, no point."""

import hashlib
import hmac
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from contracts.ristretto import multiply
from hub.vault import tables
from hub.vault.snapshot import freeze
from tests.support.vault_frozen import window
from tests.support.vault_world import (
    LIMITS,
    A,
    B,
    VaultWorld,
    batch_files,
    erasure,
    evaluated,
    handle,
    person,
    vault_world,
    visit,
)

MAIL, PHONE, GONE = "email:canari.jaune@exemple.fr", "phone:+33612345678", "email:partie@exemple.fr"
IDENTIFIERS = [MAIL, PHONE, GONE]
HASHES = ("md5", "sha1", "sha224", "sha256", "sha384", "sha512")


@pytest.fixture
def stolen(database_url: str, tmp_path: Path) -> bytes:
    """Every byte of the vault's folder and database after ingest, erasure and a freeze."""
    world = vault_world(database_url, tmp_path / "facts")
    ana = person("canari", MAIL, PHONE)
    world.send(
        batch_files([ana, person("partie", GONE)], [visit("canari"), visit("partie")]), venue=A
    )
    world.send(batch_files([ana], [visit("canari", event="canari-evenement")]), venue=B)
    world.send(
        batch_files([ana], [visit("canari")], [erasure("network", "partie", GONE)]),
        venue=A, sequence=2,
    )  # fmt: skip
    freeze(world.vault, window(world), LIMITS)
    world.vault.database.close()
    data = [path.read_bytes() for path in sorted(tmp_path.rglob("*")) if path.is_file()]
    return b"\n".join([*data, *dumped(world)])


def dumped(world: VaultWorld) -> Iterator[bytes]:
    engine = create_engine(world.url)
    with engine.connect() as connection:
        for table in tables.metadata.sorted_tables:
            for row in connection.execute(text(f"SELECT * FROM {table.name}")):
                yield repr(tuple(row)).encode()
                yield b"".join(
                    bytes(value) for value in row if isinstance(value, bytes | memoryview)
                )
    engine.dispose()


def forms(value: bytes) -> list[bytes]:
    return [value, value.hex().encode(), value.hex().upper().encode()]


def test_the_harness_sees_what_is_there(stolen: bytes) -> None:
    assert len(stolen) > 5_000
    assert A.encode() in stolen  # venues are public


def test_no_identifier_handle_event_or_point_is_there(stolen: bytes) -> None:
    words = [w.split(":", 1)[1].encode() for w in IDENTIFIERS]
    words += [b"canari", b"hamlet", b"@exemple", b"612345678"]
    secrets = [evaluated(i) for i in IDENTIFIERS] + [
        bytes.fromhex(handle(n)) for n in ("canari", "partie")
    ]
    for needle in words + [form for secret in secrets for form in forms(secret)]:
        assert needle not in stolen


def test_no_hash_of_an_identifier_is_there_whatever_string_is_its_key_or_salt(
    stolen: bytes,
) -> None:
    found = set(re.findall(rb"[\x20-\x7e]{6,200}", stolen)) | {b""}
    keys = found | {bytes.fromhex(s.decode()) for s in re.findall(rb"\b[0-9a-f]{64}\b", stolen)}
    keys |= set(re.findall(rb"[A-Za-z0-9_-]{6,64}", stolen))
    for identifier in IDENTIFIERS:
        for plain in (identifier.encode(), identifier.split(":", 1)[1].encode()):
            for name in HASHES:
                for key in keys:
                    digests = [
                        hmac.digest(key, plain, name),
                        hashlib.new(name, key + plain).digest(),
                        hashlib.new(name, plain + key).digest(),
                    ]
                    for value in digests:
                        assert value not in stolen
                        assert value.hex().encode() not in stolen


def test_the_points_rest_under_h_and_even_those_cannot_be_read(
    database_url: str, tmp_path: Path
) -> None:
    world = vault_world(database_url, tmp_path / "facts")
    world.send(batch_files([person("canari", MAIL)], [visit("canari")]))
    point = multiply(world.keys.scalar, evaluated(MAIL))
    data = b"".join(path.read_bytes() for path in world.on_disk()) + b"".join(dumped(world))
    for form in forms(point):
        assert form not in data
