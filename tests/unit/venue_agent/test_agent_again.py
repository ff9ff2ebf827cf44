"""What is asked again, for how long, and what is believed at once."""

import datetime as dt
import itertools
from collections.abc import Callable
from email.utils import format_datetime

import pytest
import requests
import stamina
import tenacity
from stamina.instrumentation import set_on_retry_hooks

from contracts.base import canonical
from contracts.problems import ProblemType
from venue_agent.network import again
from venue_agent.network.again import ATTENDED, UNATTENDED, Passing, Tries, may_pass, persist
from venue_agent.network.transport import wait_of

QUOTA = canonical(ProblemType.QUOTA.problem())


class Night:
    """Time that passes only while the code sleeps."""

    def __init__(self) -> None:
        self.now = 0.0
        self.slept: list[float] = []

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds


@pytest.fixture
def night(monkeypatch: pytest.MonkeyPatch) -> Night:
    made = Night()
    monkeypatch.setattr(tenacity.nap.time, "sleep", made.sleep)
    monkeypatch.setattr(tenacity.time, "monotonic", lambda: made.now)
    monkeypatch.setattr(again, "monotonic", lambda: made.now)
    stamina.set_testing(False)
    return made


def failing(*errors: BaseException) -> Callable[[], str]:
    left = iter(errors)

    def attempt() -> str:
        for error in left:
            raise error
        return "done"

    return attempt


@pytest.mark.parametrize("tries", [ATTENDED, UNATTENDED])
def test_the_waits_grow_are_bounded_and_end(night: Night, tries: Tries) -> None:
    with pytest.raises(Passing):
        persist(failing(*[Passing()] * 10_000), tries)
    assert len(night.slept) > 3
    for place, slept in enumerate(night.slept):
        least = min(tries.longest, tries.first * 2**place)
        assert least <= slept <= tries.longest + tries.jitter
    assert tries.seconds <= night.now <= tries.seconds + tries.longest + tries.jitter


def test_two_venues_do_not_come_back_together(night: Night) -> None:
    for _ in range(2):
        persist(failing(*[Passing()] * 4), UNATTENDED)
    assert len(set(night.slept)) == 8


def test_the_server_s_own_wait_is_kept_to(night: Night) -> None:
    assert persist(failing(Passing(7.0), Passing(3.0)), ATTENDED) == "done"
    assert night.slept == [7.0, 3.0]


def test_a_wait_beyond_the_time_that_is_left_is_not_begun(night: Night) -> None:
    with pytest.raises(Passing):
        persist(failing(*[Passing(12.0)] * 3), ATTENDED)
    assert night.slept == [12.0]


def test_another_error_is_not_tried_again(night: Night) -> None:
    with pytest.raises(KeyError):
        persist(failing(KeyError("x")), ATTENDED)
    assert night.slept == []


def test_a_refusal_is_believed_at_once() -> None:
    statuses = [*range(200, 429), *range(430, 500), 501, 505, 507]
    assert [s for s in statuses for wait in (None, 1.0) if may_pass(s, b"", wait)] == []


@pytest.mark.parametrize(
    ("status", "body", "wait", "again_"),
    [
        (429, b"", None, True),
        (429, b"<html>", 5.0, True),
        (429, QUOTA, None, False),
        (429, QUOTA, 5.0, True),
        *((status, b"", None, True) for status in (500, 502, 503, 504, 520)),
    ],
)
def test_what_may_pass(status: int, body: bytes, wait: float | None, *, again_: bool) -> None:
    assert may_pass(status, body, wait) is again_


def answer(**headers: str) -> requests.Response:
    made = requests.Response()
    made.headers.update({name.replace("_", "-"): value for name, value in headers.items()})
    return made


NOON = dt.datetime(2025, 11, 3, 12, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("told", "seconds"),
    [
        ("", None), ("120", 120.0), (" 0 ", 0.0), ("-3", None), ("1.5", None), ("soon", None), ("²", None),
        ("9" * 400, 999_999_999.0),
        (format_datetime(NOON + dt.timedelta(minutes=2), usegmt=True), 120.0),
        (format_datetime(NOON - dt.timedelta(minutes=2), usegmt=True), 0.0),
    ],
)  # fmt: skip
def test_retry_after_is_a_number_or_a_date(told: str, seconds: float | None) -> None:
    headers = {"Retry_After": told, "Date": format_datetime(NOON, usegmt=True)}
    assert wait_of(answer(**headers)) == seconds


def test_retry_after_without_the_server_s_hour_or_without_a_value() -> None:
    date = format_datetime(NOON, usegmt=True)
    assert wait_of(answer(Retry_After=date)) is None
    assert wait_of(answer(Retry_After=date[:-4], Date=date)) is None
    assert wait_of(answer()) is None


def test_retries_say_nothing_of_their_own(capsys: pytest.CaptureFixture[str]) -> None:
    persist(failing(*itertools.repeat(Passing(), 2)), ATTENDED)
    assert capsys.readouterr() == ("", "")


def test_who_waits_for_more_than_two_seconds_hears_it_once_for_each_request(night: Night) -> None:
    heard: list[float] = []
    again.hear_waits(lambda: heard.append(night.now))
    try:
        persist(failing(Passing(0.5), Passing(1.0)), ATTENDED)
        assert heard == []
        persist(failing(Passing(1.0), Passing(1.0), Passing(4.0), Passing(6.0)), ATTENDED)
        assert heard == [
            3.5
        ]  # as its third wait begins: 1.5 s of the other request, then two of this one
        persist(failing(Passing(5.0)), ATTENDED)
        assert len(heard) == 2
    finally:
        set_on_retry_hooks([])
