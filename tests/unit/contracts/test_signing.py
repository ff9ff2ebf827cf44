"""Signed requests: whole, fresh, from a known key, to this very address."""

import datetime as dt

import pytest
from http_message_signatures import HTTPMessageSigner
from http_message_signatures.algorithms import ED25519

from contracts.base import digest
from contracts.clock import FixedClock
from contracts.seal import new_signing_key
from contracts.signing import (
    COVERED,
    LABEL,
    TAG,
    ClockOff,
    Incoming,
    Outgoing,
    SignatureMissing,
    SignatureWrong,
    SigningError,
    Verified,
    _Keys,
    _Message,
    content_digest,
    sign_request,
    verify_request,
)
from tests.support.wire import CLOCK, NOW

PRIVATE, PUBLIC = new_signing_key()
URL = "https://hub.example/v1/venues/a/parts/00?x=1"
BODY = b'{"a":1}'


def resolve(keyid: str) -> str | None:
    return PUBLIC if keyid == "a" else None


def headers(**changes: object) -> dict[str, str]:
    request = {"method": "PUT", "url": URL, "body": BODY, **changes}
    return sign_request(Outgoing(**request), PRIVATE, "a", CLOCK)  # type: ignore[arg-type]


def check(sent: dict[str, str], minutes: float = 0, **changes: object) -> Verified:
    request = {"method": "PUT", "url": URL, "headers": sent, "body": BODY, **changes}
    clock = FixedClock(NOW + dt.timedelta(minutes=minutes))
    return verify_request(Incoming(**request), resolve, clock)  # type: ignore[arg-type]


def test_a_signed_request_is_verified() -> None:
    verified = check(headers())
    assert verified.keyid == "a"
    assert verified.created == NOW
    assert len(verified.nonce) == 32
    assert verified.content_sha256 == digest(BODY)


def test_each_signature_has_its_own_nonce() -> None:
    assert check(headers()).nonce != check(headers()).nonce


def test_header_names_have_no_case() -> None:
    assert check({name.upper(): value for name, value in headers().items()}).keyid == "a"


@pytest.mark.parametrize(
    "change",
    [
        {"method": "POST"},
        {"url": URL.replace("https", "http")},
        {"url": URL.replace("hub.", "hub2.")},
        {"url": URL.replace("/a/", "/b/")},
        {"url": URL.replace("x=1", "x=2")},
        {"body": b'{"a":2}'},
        {"body": b""},
    ],
)
def test_another_request_under_the_same_signature_is_refused(change: dict[str, object]) -> None:
    with pytest.raises(SignatureWrong):
        check(headers(), **change)


def test_every_flipped_byte_of_every_header_is_refused() -> None:
    """N2; a flip that only changes the label or the case of nothing is no exception."""
    sent = headers()
    for name, value in sent.items():
        for position in range(len(value)):
            flipped = value[:position] + chr(ord(value[position]) ^ 1) + value[position + 1 :]
            with pytest.raises(SigningError):
                check({**sent, name: flipped})


def test_an_unsigned_request_is_refused() -> None:
    sent = headers()
    for name in sent:
        with pytest.raises(SigningError):
            check({key: value for key, value in sent.items() if key != name})
    with pytest.raises(SignatureMissing):
        check({})


def test_an_unknown_key_is_refused() -> None:
    request = Outgoing("PUT", URL, BODY)
    with pytest.raises(SignatureWrong):
        check(sign_request(request, PRIVATE, "b", CLOCK))
    with pytest.raises(SignatureWrong):
        check(sign_request(request, new_signing_key()[0], "a", CLOCK))


@pytest.mark.parametrize("minutes", [-6, 6, 60, -60])
def test_a_clock_off_by_more_than_five_minutes(minutes: float) -> None:
    with pytest.raises(ClockOff) as caught:
        check(headers(), minutes)
    assert caught.value.now.isoformat()[:16] in str(caught.value).replace("Z", "")


@pytest.mark.parametrize("minutes", [-4, 4, 5, -5])
def test_a_clock_off_by_less(minutes: float) -> None:
    assert check(headers(), minutes).keyid == "a"


def signed_otherwise(covered: tuple[str, ...], **parameters: object) -> dict[str, str]:
    message = _Message("PUT", URL, {"Content-Digest": content_digest(digest(BODY))})
    chosen = {"key_id": "a", "created": NOW, "nonce": "ab" * 16, "tag": TAG, "label": LABEL}
    HTTPMessageSigner(signature_algorithm=ED25519, key_resolver=_Keys(private=PRIVATE)).sign(
        message,
        covered_component_ids=covered,
        use_existing_digest=True,
        **{**chosen, **parameters},
    )
    return message.headers


@pytest.mark.parametrize("missing", COVERED)
def test_a_signature_over_fewer_components_is_refused(missing: str) -> None:
    """N3."""
    with pytest.raises(SignatureWrong):
        check(signed_otherwise(tuple(c for c in COVERED if c != missing)))


@pytest.mark.parametrize(
    "parameters",
    [{"nonce": None}, {"nonce": "short"}, {"nonce": "Z" * 32}, {"tag": "other"}, {"tag": None}],
)
def test_a_signature_without_nonce_or_tag_is_refused(parameters: dict[str, object]) -> None:
    with pytest.raises(SigningError):
        check(signed_otherwise(COVERED, **parameters))


def test_a_digest_of_another_kind_is_refused() -> None:
    message = _Message("PUT", URL, {"Content-Digest": "sha-512=:" + "A" * 86 + "==:"})
    HTTPMessageSigner(signature_algorithm=ED25519, key_resolver=_Keys(private=PRIVATE)).sign(
        message,
        key_id="a",
        created=NOW,
        nonce="ab" * 16,
        tag=TAG,
        covered_component_ids=COVERED,
        use_existing_digest=True,
    )
    with pytest.raises(SignatureWrong):
        check(message.headers)


def test_two_signatures_are_refused() -> None:
    sent, other = headers(), signed_otherwise(COVERED, label="second")
    both = {
        "Content-Digest": sent["Content-Digest"],
        "Signature-Input": f"{sent['Signature-Input']}, {other['Signature-Input']}",
        "Signature": f"{sent['Signature']}, {other['Signature']}",
    }
    with pytest.raises(SignatureWrong):
        check(both)


def test_the_errors_never_echo_the_request() -> None:
    with pytest.raises(SignatureWrong) as caught:
        check({**headers(), "Content-Digest": "sha-256=:Y2FuYXJ5:"})
    assert "Y2FuYXJ5" not in str(caught.value)
    assert caught.value.__cause__ is None
