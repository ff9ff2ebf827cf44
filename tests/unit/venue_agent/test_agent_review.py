"""The page with the button: one link, one place, one yes; another name, site or program has nothing to act with."""

import http.client
import threading
from collections.abc import Iterator
from urllib.parse import urlencode

import pytest

from venue_agent.outbox.approval import Approval, name_of
from venue_agent.tasks.review import Review, Screen, Server, wait_for_yes

YES = Approval("Ada", "2025-11-03T12:00:00Z", "page", "0" * 64, {"2025-10": {}})


class Door:
    """A server that waits for a yes, and whoever comes to it."""

    def __init__(self) -> None:
        self.names: list[str] = []
        screen = Screen(
            page=lambda secret: f"<p>{secret}",
            done=lambda given: f"<p>noted {given.who}",
            sorry=lambda what: f"<p>{what}",
            yes=self.yes,
        )
        self.review = Review(screen)
        self.server = Server(self.review, 0)
        self.given: list[Approval | None] = []
        self.thread = threading.Thread(target=self.wait)
        self.thread.start()

    def yes(self, who: str) -> Approval:
        self.names.append(name_of(who))
        return YES

    def wait(self) -> None:
        self.given.append(wait_for_yes(self.server, seconds=20))

    def ask(
        self, method: str, path: str, body: str = "", **headers: str
    ) -> tuple[int, str, dict[str, str]]:
        line = http.client.HTTPConnection("127.0.0.1", self.server.server_port, timeout=60)
        line.putrequest(method, path, skip_host="Host" in headers)
        for name, value in {"Content_Length": str(len(body)), **headers}.items():
            line.putheader(name.replace("_", "-"), value)
        line.endheaders(body.encode())
        answer = line.getresponse()
        return answer.status, answer.read().decode(), dict(answer.getheaders())

    def click(
        self, path: str | None = None, *, fields: dict[str, str] | None = None, **headers: str
    ) -> int:
        filled = {"form": self.review.form, "who": "Ada", "read": "yes"} | (fields or {})
        good = {
            "Origin": f"http://127.0.0.1:{self.server.server_port}",
            "Content_Type": "application/x-www-form-urlencoded",
        }
        where = path or f"/{self.review.place}"
        return self.ask("POST", where, urlencode(filled), **good | headers)[0]


@pytest.fixture
def door() -> Iterator[Door]:
    made = Door()
    yield made
    made.review.given, made.review.told = made.review.given or YES, True  # ends the waiting
    made.thread.join(timeout=60)


def test_the_link_leads_once_to_a_place_that_stands_on_no_command_line(door: Door) -> None:
    status, _, headers = door.ask("GET", f"/{door.review.link}")
    assert (status, headers["Location"]) == (303, f"/{door.review.place}")
    assert door.review.place not in door.server.address
    assert door.ask("GET", f"/{door.review.place}")[:2] == (200, f"<p>{door.review.form}")
    status, told, _ = door.ask("GET", f"/{door.review.link}")
    assert (status, told) == (410, "<p>used")
    assert door.ask("GET", f"/{door.review.place}")[0] == 200  # it may be read again


def test_a_click_is_noted_and_the_server_ends(door: Door) -> None:
    door.ask("GET", f"/{door.review.link}")
    assert door.click() == 303
    assert door.ask("GET", f"/{door.review.place}")[1] == "<p>noted Ada"
    door.thread.join(timeout=60)
    assert door.given == [YES]
    assert door.names == ["Ada"]
    with pytest.raises(ConnectionRefusedError):
        door.ask("GET", "/")


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": ""},
        {"Origin": "http://127.0.0.1"},
        {"Sec_Fetch_Site": "cross-site"},
        {"Sec_Fetch_Site": "same-site"},
        {"Content_Type": "text/plain"},
        {"Host": "evil.example"},
        {"Host": "127.0.0.1"},
    ],
)
def test_a_click_from_elsewhere_is_refused(door: Door, headers: dict[str, str]) -> None:
    door.ask("GET", f"/{door.review.link}")
    assert door.click(**headers) in (403, 421)
    assert door.names == []


@pytest.mark.parametrize(
    "fields", [{"form": "x"}, {"form": ""}, {"read": "no"}, {"read": ""}, {"who": ""}, {"who": "A"}]
)
def test_a_click_that_lacks_something_is_refused(door: Door, fields: dict[str, str]) -> None:
    door.ask("GET", f"/{door.review.link}")
    assert door.click(fields=fields) in (400, 403, 409)
    assert door.names == []


def test_nobody_gets_in_without_the_link(door: Door) -> None:
    assert door.ask("GET", f"/{door.review.place}")[0] == 404
    assert door.click() == 403
    assert door.ask("GET", "/")[0] == 404
    assert door.click("/") == 403
    assert door.names == []


def test_another_name_for_this_address_is_a_rebinding(door: Door) -> None:
    for host in ("evil.example", f"evil.example:{door.server.server_port}", "", "127.0.0.1:1"):
        assert door.ask("GET", f"/{door.review.link}", Host=host)[0] == 421
    assert not door.review.opened


def test_a_yes_cannot_be_given_twice(door: Door) -> None:
    door.ask("GET", f"/{door.review.link}")
    assert door.click() == 303
    assert door.click() == 403
    assert door.names == ["Ada"]


def test_a_large_or_endless_form_is_refused(door: Door) -> None:
    door.ask("GET", f"/{door.review.link}")
    assert door.click(fields={"who": "A" * 5000}) == 413
    assert door.click(Content_Length="x") == 413
    assert door.names == []


def test_the_page_may_be_neither_framed_kept_nor_scripted(door: Door) -> None:
    door.ask("GET", f"/{door.review.link}")
    _, _, headers = door.ask("GET", f"/{door.review.place}")
    assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
    assert "default-src 'none'" in headers["Content-Security-Policy"]
    assert "unsafe" not in headers["Content-Security-Policy"]
    assert headers["Cache-Control"] == "no-store"
    assert headers["X-Frame-Options"] == "DENY"
    assert "Set-Cookie" not in headers


def test_it_listens_on_loopback_alone_and_says_nothing(
    door: Door, capfd: pytest.CaptureFixture[str]
) -> None:
    assert door.server.server_address[0] == "127.0.0.1"
    door.ask("GET", f"/{door.review.link}")
    door.click(fields={"form": "x"})
    assert capfd.readouterr() == ("", "")
