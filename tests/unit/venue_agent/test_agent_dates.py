import pandas as pd
import pytest

from venue_agent.sources.dates import parse, with_time

FORMATS = ("%d/%m/%y 00:00", "%d/%m/%Y", "%d/%m/%y")


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("03/02/25 00:00", "2025-02-03"),
        ("03/02/2025", "2025-02-03"),
        (" 03/02/25 ", "2025-02-03"),
        ("", None),
        ("30/02/2025", None),
        ("02-03-2025", None),
        ("01/01/0000", None),
        ("01/01/9999", None),
        ("demain", None),
    ],
)
def test_a_date_is_read_or_it_is_not(text: str, day: str | None) -> None:
    read = parse(pd.Series([text, "01/01/2024"]), FORMATS)
    assert read.dtype == "datetime64[s]"
    assert read[1] == pd.Timestamp("2024-01-01")
    assert read[0] == pd.Timestamp(day) if day else pd.isna(read[0])


def test_nothing_to_read_gives_nothing() -> None:
    assert len(parse(pd.Series([], dtype="str"), FORMATS)) == 0


def test_the_time_of_day_comes_from_its_own_column() -> None:
    days = parse(pd.Series(["03/02/2025"] * 4), FORMATS)
    moments = with_time(days, pd.Series(["20:30:00", "20:30", "20h30", "soir"]))
    assert [str(m) for m in moments] == ["2025-02-03 20:30:00"] * 3 + ["2025-02-03 00:00:00"]
