"""The sums of an edition are done again once, for the same bytes and the same charter."""

import pytest

from hub.verify import verify
from hub.web import checked as module
from hub.web.checked import checked
from tests.support import sample_edition as sample


def test_the_same_edition_is_checked_once(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []

    def counted(*args: object) -> object:
        asked.append(args)
        return verify(*args)

    monkeypatch.setattr(module, "verify", counted)
    monkeypatch.setattr(module, "_REPORTS", module.Kept(4))
    known = sample.Shelf(sample.published("hiver"), charter=sample.charter())
    found = [checked(known, "hiver") for _ in range(3)]
    assert len(asked) == 1
    assert found[0] is not None
    assert found == [verify(sample.published("hiver"), sample.charter())] * 3
    assert checked(known, "never") is None
    assert checked(sample.Shelf(sample.published("hiver")), "hiver") is None
    assert len(asked) == 1
    other = sample.Shelf(
        sample.published("hiver", releases=[sample.reach()]), charter=sample.charter()
    )
    checked(other, "hiver")
    assert len(asked) == 2
