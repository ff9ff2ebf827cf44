"""Results for machines, silence for cron, and the DPO's gate, as venue IT types them."""

import json

import pytest

from contracts.batch import Receipt, Refusal, SignedReceipt
from tests.support.venue_it import Post, Town, joined, post, prepared, town  # noqa: F401 - fixtures
from venue_agent import errors
from venue_agent.commands import push as cli_push
from venue_agent.tasks.sending import Sending
from venue_agent.words import speak

MONTHLY = {"month", "persons", "visits", "withdrawals", "activations", "change", "files"}


@pytest.fixture
def quick(post: Post) -> Post:  # noqa: F811
    """A house that does not wait for a vault: there is none here."""
    post.patch.setattr("venue_agent.push._collect", lambda *_a, **_n: [])
    return post


def told(post: Post, *words: str) -> dict[str, object]:  # noqa: F811
    code, said = post.run(*words, "--json")
    assert code == 0, said
    found = json.loads(said)
    assert isinstance(found, dict)
    return found


def test_every_result_can_be_read_by_a_machine(quick: Post) -> None:
    preview = told(quick, "preview")
    counts = preview["counts"]
    assert isinstance(counts, dict)
    assert counts["read"] == counts["kept"] + sum(counts["dropped"].values()) == 40
    assert all(set(month) == MONTHLY for month in preview["months"])  # type: ignore[attr-defined]
    assert "age_band" in preview["fields"]  # type: ignore[operator]
    assert told(quick, "report")["sent"] is False
    approved = told(quick, "approve", "--who", "Ada Lovelace", "--yes")["approved"]
    assert approved["who"] == "Ada Lovelace"  # type: ignore[index]
    assert told(quick, "approve", "--who", "Ada", "--yes") == {"approved": None}
    assert {m["approval_missing"] for m in told(quick, "status")["months"]} == {False}  # type: ignore[attr-defined]
    sent = told(quick, "push", "--no-wait")
    assert sent["batches"] == len(preview["months"])  # type: ignore[arg-type]
    assert sent["receipts"] == []


def test_success_can_be_silent(quick: Post) -> None:
    for words in (("preview", "--quiet"), ("report", "--quiet"), ("push", "--no-wait", "--quiet")):
        assert quick.run(*words) == (0, "")
    quick.rewrite("agent.toml", quick.town.hub_url, "http://127.0.0.1:9")
    code, said = quick.run("preview", "--quiet")
    assert code == errors.HubDown.exit_code
    assert "40" in said


def test_with_the_setting_nothing_leaves_before_the_dpo_says_yes(quick: Post) -> None:
    def nobody(*_words: str) -> str:
        raise EOFError

    quick.patch.setattr("builtins.input", nobody)
    quick.rewrite("agent.toml", 'approval = "none"', 'approval = "dpo"')
    code, said = quick.run("push", "--no-wait")
    assert code == errors.NotApproved.exit_code
    assert "n'a pas approuvé" in said
    assert "venue-agent review" in said
    assert "attend l'accord" in quick.run("status")[1].replace("\n", " ")
    code, said = quick.run("approve")  # nobody is there to answer
    assert code == errors.ConfigError.exit_code
    assert "--who" in said
    code, said = quick.run("approve", "--who", "Ada Lovelace", "--yes")
    assert code == 0
    assert "Ada Lovelace" in said
    code, said = quick.run("push", "--no-wait")
    assert code == 0, said


def test_a_setting_that_nobody_knows_is_refused(quick: Post) -> None:
    quick.rewrite("agent.toml", 'approval = "none"', 'approval = "nobody"')
    code, said = quick.run("push")
    assert code == errors.ConfigError.exit_code
    assert "approval" in said


@pytest.mark.parametrize(
    ("language", "words"),
    [("fr", "pas d'accord pour les statistiques"), ("en", "no consent to statistics")],
)
def test_what_the_vault_refused_is_said_in_words(
    language: str, words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    receipt = Receipt(
        venue="lieu", month="2025-10", sequence=1, commit_sha256="0" * 64, state="accepted",
        problem=None, files=[], opened="2025-11-03T12:00:00Z",
        refusals=[Refusal(reason="no-statistics-consent", rows=2), Refusal(reason="bad-age-band", rows=1)],
    )  # fmt: skip
    speak(language)
    cli_push._show(Sending(1, (SignedReceipt(receipt=receipt, signature="0" * 128),)))
    said = capsys.readouterr().out
    assert words in said
    assert "no-statistics-consent" not in said
    assert "bad-age-band" not in said
