"""RFC 9497, appendix A.1, byte for byte; and PyPI's voprf in both roles."""

import json
from pathlib import Path
from typing import Any

import pytest
from voprf import ristretto as reference

from contracts import ristretto, voprf
from contracts.voprf import Mode

SUITES = json.loads((Path(__file__).parent / "rfc9497_ristretto255.json").read_text())
CASES = [(suite, vector) for suite in SUITES for vector in suite["vectors"]]
PROVEN = [(suite, vector) for suite, vector in CASES if "Proof" in vector]


def split(text: str) -> list[bytes]:
    return [bytes.fromhex(part) for part in text.split(",")]


def joined(text: str) -> bytes:
    return b"".join(split(text))


def test_all_five_vectors_are_here() -> None:
    assert [(s["mode"], v["Batch"]) for s, v in CASES] == [(0, 1), (0, 1), (1, 1), (1, 1), (1, 2)]


@pytest.mark.parametrize("suite", SUITES, ids=lambda suite: str(suite["mode"]))
def test_derived_keys(suite: dict[str, Any]) -> None:
    seed, info = bytes.fromhex(suite["seed"]), bytes.fromhex(suite["keyInfo"])
    secret, public = voprf.derive_key(seed, info, Mode(suite["mode"]))
    assert secret.hex() == suite["skSm"]
    assert public.hex() == suite.get("pkSm", public.hex())


@pytest.mark.parametrize(("suite", "vector"), CASES)
def test_blind_evaluate_unblind(suite: dict[str, Any], vector: dict[str, Any]) -> None:
    inputs = split(vector["Input"])
    blinded = voprf.blind(inputs, split(vector["Blind"]), Mode(suite["mode"]))
    assert blinded.points == joined(vector["BlindedElement"])
    evaluated = voprf.evaluate(bytes.fromhex(suite["skSm"]), blinded.points)
    assert evaluated == joined(vector["EvaluationElement"])
    elements = voprf.unblind(blinded, evaluated)
    outputs = [
        voprf.finalise(item, elements[32 * i : 32 * i + 32]) for i, item in enumerate(inputs)
    ]
    assert outputs == split(vector["Output"])


@pytest.mark.parametrize(("suite", "vector"), PROVEN)
def test_proofs(suite: dict[str, Any], vector: dict[str, Any]) -> None:
    points, evaluated = joined(vector["BlindedElement"]), joined(vector["EvaluationElement"])
    nonce = bytes.fromhex(vector["Proof"]["r"])
    proof = voprf.prove(bytes.fromhex(suite["skSm"]), points, evaluated, nonce)
    assert proof.hex() == vector["Proof"]["proof"]
    voprf.verify(bytes.fromhex(suite["pkSm"]), points, evaluated, proof)


def made(count: int) -> tuple[bytes, bytes, bytes, bytes, bytes]:
    secret = ristretto.random_scalar()
    points = voprf.blind([b"%d" % i for i in range(count)]).points
    evaluated = voprf.evaluate(secret, points)
    public = ristretto.multiply_base(secret)
    return secret, public, points, evaluated, voprf.prove(secret, points, evaluated)


@pytest.mark.parametrize("count", [1, 2, 64])
def test_a_proof_holds_for_its_own_statement_only(count: int) -> None:
    _, public, points, evaluated, proof = made(count)
    voprf.verify(public, points, evaluated, proof)
    other = ristretto.multiply_base(ristretto.random_scalar())
    wrong = evaluated[:-32] + ristretto.random_point()
    flipped = bytes([proof[0] ^ 1]) + proof[1:]
    for key, out, claim in (
        (other, evaluated, proof),
        (public, wrong, proof),
        (public, evaluated, flipped),
    ):
        with pytest.raises(voprf.ProofError):
            voprf.verify(key, points, out, claim)


def test_one_point_under_another_key_is_caught() -> None:
    secret, public, points, evaluated, _ = made(10)
    other = ristretto.multiply_many(ristretto.random_scalar(), points[:32])
    mixed = other + evaluated[32:]
    with pytest.raises(voprf.ProofError):
        voprf.verify(public, points, mixed, voprf.prove(secret, points, mixed))


@pytest.mark.parametrize("proof", [b"", bytes(64), b"\xff" * 64, bytes(63)])
def test_malformed_proofs_are_refused(proof: bytes) -> None:
    _, public, points, evaluated, _ = made(2)
    with pytest.raises(voprf.ProofError):
        voprf.verify(public, points, evaluated, proof)


def test_lists_of_another_length_are_refused() -> None:
    secret, public, points, evaluated, proof = made(2)
    with pytest.raises(voprf.ProofError):
        voprf.verify(public, points, evaluated[:32], proof)
    with pytest.raises(voprf.ProofError):
        voprf.prove(secret, b"", b"")
    with pytest.raises(ristretto.PointError):
        voprf.verify(bytes(32), points, evaluated, proof)


def test_inputs_and_seeds_have_their_limits() -> None:
    with pytest.raises(voprf.InputError):
        voprf.blind([bytes(2**16)])
    with pytest.raises(voprf.InputError):
        voprf.derive_key(bytes(31), b"")


def test_an_input_that_maps_to_the_identity_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ristretto, "from_uniform_many", lambda uniform: ristretto.IDENTITY)
    with pytest.raises(voprf.InputError):
        voprf.blind([b"x"])


def test_a_seed_without_key_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ristretto, "reduce_wide", lambda uniform: bytes(32))
    with pytest.raises(voprf.InputError):
        voprf.derive_key(bytes(32), b"")


def test_every_identifier_has_a_blind_of_its_own() -> None:
    blinded = voprf.blind([b"same", b"same", b"same"])
    assert len(set(blinded.scalars)) == 3
    assert len({blinded.points[i : i + 32] for i in (0, 32, 64)}) == 3
    assert repr(blinded.scalars[0]) not in repr(blinded)


def test_our_agent_with_the_reference_custodian() -> None:
    evaluator = reference.Evaluator.from_seed(b"s" * 32, b"season")
    inputs = [b"email\x00a@b.example", b"phone\x00+33600000001", b"x"]
    blinded = voprf.blind(inputs)
    points = [blinded.points[i : i + 32] for i in range(0, len(blinded.points), 32)]
    answer = evaluator.evaluate_batch(
        [reference.BlindedInput.deserialize(point) for point in points]
    ).serialize()
    proof, evaluated = answer[:64], answer[64:]  # its own order on the wire
    voprf.verify(evaluator.public_key.serialize(), blinded.points, evaluated, proof)
    elements = voprf.unblind(blinded, evaluated)
    for i, item in enumerate(inputs):
        output = voprf.finalise(item, elements[32 * i : 32 * i + 32])
        assert output == evaluator.evaluate_known_input(item)


def test_the_reference_agent_with_our_custodian() -> None:
    secret, public = voprf.derive_key(b"t" * 32, b"season")
    assert reference.Evaluator.from_seed(b"t" * 32, b"season").public_key.serialize() == public
    inputs = [b"one", b"two"]
    started = [reference.Client.blind(item) for item in inputs]
    points = b"".join(blinded.serialize() for _, blinded in started)
    evaluated = voprf.evaluate(secret, points)
    answer = voprf.prove(secret, points, evaluated) + evaluated
    outputs = reference.Client.finalize_batch(
        [client for client, _ in started],
        reference.VerifiableBatchOutput.deserialize(answer),
        reference.PublicKey.deserialize(public),
    )
    ours = [voprf.finalise(i, ristretto.multiply(secret, voprf.hash_to_group(i))) for i in inputs]
    assert outputs == ours
