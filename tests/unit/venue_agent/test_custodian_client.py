"""Each way in which the custodian can fail has its own error and says what to do."""

from typing import Any

import pytest
import requests

from contracts import ristretto
from contracts.clock import SystemClock
from contracts.problems import ProblemType
from contracts.seal import new_signing_key
from venue_agent.errors import AgentError, ClockOff, CustodianDown, CustodianRefused, QuotaExhausted
from venue_agent.network.custodian_client import HttpCustodian


class Session(requests.Session):
    """Answers with what the test says, and remembers what was sent."""

    def __init__(self, *answers: Any) -> None:
        super().__init__()
        self.answers, self.bodies, self.headers_sent = list(answers), [], []

    def request(self, method: str, url: str, **kwargs: Any) -> requests.Response:  # type: ignore[override]
        self.bodies.append(kwargs["data"])
        self.headers_sent.append(kwargs["headers"]["Signature"])
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        made = requests.Response()
        made.status_code, made._content = answer
        made.headers["Date"] = "Mon, 03 Nov 2025 09:00:00 GMT"
        return made


def client(*answers: Any) -> HttpCustodian:
    return HttpCustodian(
        "https://c.test/", "a", new_signing_key()[0], SystemClock(), Session(*answers)
    )


def problem(kind: ProblemType) -> tuple[int, bytes]:
    return kind.status, kind.problem().model_dump_json().encode()


@pytest.mark.parametrize(
    ("answer", "error", "says"),
    [
        (problem(ProblemType.QUOTA), QuotaExhausted, "approve a rebuild"),
        (problem(ProblemType.CLOCK), ClockOff, "03 Nov 2025"),
        (problem(ProblemType.UNAVAILABLE), CustodianDown, "Nothing was lost"),
        (problem(ProblemType.SESSION), CustodianRefused, "Evaluate again"),
        ((418, b"<html>"), CustodianRefused, "status 418"),
        ((502, b"<html>"), CustodianDown, "status 502"),
        ((200, b"<html>"), CustodianRefused, "the proxy"),
    ],
)
def test_each_refusal_has_its_error(answer: Any, error: type[AgentError], says: str) -> None:
    with pytest.raises(error, match=says):
        client(*[answer] * 3).evaluate("2025-2026", ristretto.random_point())


def test_a_lost_answer_is_asked_again_with_the_same_body_and_a_new_signature() -> None:
    made = client(requests.ConnectionError(), requests.Timeout(), problem(ProblemType.QUOTA))
    with pytest.raises(QuotaExhausted):
        made.evaluate("2025-2026", ristretto.random_point())
    session: Any = made.session
    assert len(set(session.bodies)) == 1
    assert len(set(session.headers_sent)) == 3


def test_nobody_there() -> None:
    made = client(*[requests.ConnectionError("mail@x")] * 3)
    with pytest.raises(CustodianDown, match="run the command again") as error:
        made.keys()
    assert "mail@x" not in str(error.value)
