import ctypes
import subprocess
import sys
from pathlib import Path

import pytest

from contracts import ristretto, sodium
from contracts.ristretto import ORDER, PointError, ScalarError

# RFC 9496, appendix A.1: small multiples of the generator.
GENERATOR = "e2f2ae0a6abc4e71a884a961c500515f58e30b6aa582dd8db6a65945e08d2d76"
TWICE = "6a493210f7499cd17fecb510ae0cea23a110e8d5b901f8acadd3095c73a3b919"
# RFC 9496, appendix A.2: encodings that must be refused.
BAD_POINTS = [
    "00ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",  # non-canonical field element
    "f3ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "0100000000000000000000000000000000000000000000000000000000000000",  # negative field element
    "ed57ffd8c914fb201471d1c3d245ce3c746fcbe63a3679d51b6a516ebebe0e20",
    "26948d35ca62e643e26a83177332e6b6afeb9d08e4268b650f1f5bbd8d81d371",  # non-square x²
    "3eb858e78f5a7254d8c9731174a94f76755fd3941c0ac93735c07ba14579630e",  # negative xy
    "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",  # s = -1, y = 0
    "00" * 32,  # the identity
]


def test_small_multiples_of_the_generator() -> None:
    one, two = ristretto.to_scalar(1), ristretto.to_scalar(2)
    assert ristretto.multiply_base(one).hex() == GENERATOR
    assert ristretto.multiply_base(two).hex() == TWICE
    assert ristretto.multiply(two, bytes.fromhex(GENERATOR)).hex() == TWICE
    assert ristretto.add(bytes.fromhex(GENERATOR), bytes.fromhex(GENERATOR)).hex() == TWICE
    assert ristretto.subtract(bytes.fromhex(TWICE), bytes.fromhex(GENERATOR)).hex() == GENERATOR


@pytest.mark.parametrize("bad", BAD_POINTS)
def test_bad_points_are_refused_wherever_they_stand(bad: str) -> None:
    scalar, point = ristretto.random_scalar(), bytes.fromhex(bad)
    good = ristretto.random_point()
    assert not ristretto.is_valid(point)
    for points in (point, good + point, point + good):
        with pytest.raises(PointError):
            ristretto.multiply_many(scalar, points)
        with pytest.raises(PointError):
            ristretto.check_points(points)
    with pytest.raises(PointError):
        ristretto.multiply_each([scalar, scalar], good + point)


@pytest.mark.parametrize("points", [b"", bytes(31), bytes(33)])
def test_truncated_points_are_refused(points: bytes) -> None:
    with pytest.raises(PointError):
        ristretto.multiply_many(ristretto.random_scalar(), points)
    with pytest.raises(PointError):
        ristretto.add(points, bytes(32))


@pytest.mark.parametrize("value", [0, ORDER, ORDER + 1, 2**256 - 1])
def test_scalars_out_of_range_are_refused(value: int) -> None:
    scalar = value.to_bytes(32, "little")
    for call in (
        lambda: ristretto.multiply(scalar, bytes.fromhex(GENERATOR)),
        lambda: ristretto.multiply_base(scalar),
        lambda: ristretto.invert(scalar),
        lambda: ristretto.multiply_each([scalar], bytes.fromhex(GENERATOR)),
    ):
        with pytest.raises(ScalarError):
            call()


def test_batch_inversion_undoes_multiplication() -> None:
    scalars = ristretto.random_scalars(50)
    points = b"".join(ristretto.random_point() for _ in scalars)
    there = ristretto.multiply_each(scalars, points)
    assert ristretto.multiply_each(ristretto.invert_many(scalars), there) == points
    assert there != points
    assert ristretto.invert_many([]) == []


def test_as_many_scalars_as_points() -> None:
    with pytest.raises(PointError):
        ristretto.multiply_each(ristretto.random_scalars(2), ristretto.random_point())


def test_uniform_bytes_have_their_length() -> None:
    with pytest.raises(PointError):
        ristretto.from_uniform(bytes(63))
    with pytest.raises(PointError):
        ristretto.from_uniform_many(bytes(127))
    drawn = bytes(range(128))
    each = ristretto.from_uniform(drawn[:64]) + ristretto.from_uniform(drawn[64:])
    assert ristretto.from_uniform_many(drawn) == each


def test_add_refuses_what_is_no_point() -> None:
    with pytest.raises(PointError):
        ristretto.add(b"\xff" * 32, bytes.fromhex(GENERATOR))


def test_the_wheel_is_used_where_the_system_has_none_and_leaves_no_file(tmp_path: Path) -> None:
    program = (
        "import ctypes.util; ctypes.util.find_library = lambda name: None\n"
        "from contracts import ristretto as r\n"
        "print(r.multiply_base(r.to_scalar(1)).hex())"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True,
        text=True,
        check=True,
        cwd=Path(__file__).parents[3],
        env={"TMPDIR": str(tmp_path)},
    )
    assert done.stdout.strip() == GENERATOR
    assert list(tmp_path.iterdir()) == []


def test_no_library_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sodium, "_system_library", lambda: None)
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(sodium.SodiumMissing, match=r"libsodium23 or the rbcl wheel"):
        sodium.load_library()


def test_a_library_without_ristretto_is_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sodium, "MINIMUM", (99, 0))
    assert sodium._open(ctypes.util.find_library("c") or "libc.so.6") is None
    assert sodium._wheel_library() is None


def test_a_wheel_without_its_library_is_not_used(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "_sodium.py").write_text("sodium_bs = None\n")

    class Spec:
        submodule_search_locations = (str(tmp_path),)

    monkeypatch.setattr("importlib.util.find_spec", lambda name: Spec())
    assert sodium._wheel_library() is None
