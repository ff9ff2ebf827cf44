import json
from pathlib import Path

import pytest

from contracts import ristretto
from hub.custodian import quota
from hub.custodian.errors import ConfigError, SeasonUnknown
from hub.custodian.keys import add_season, load_home, make_home
from hub.custodian.serve import settings
from hub.custodian.store import open_store


@pytest.fixture
def home(tmp_path: Path) -> Path:
    made = tmp_path / "home"
    make_home(made, "Étude", None)
    return made


def test_each_season_has_a_key_of_its_own(home: Path) -> None:
    published = [add_season(home, season) for season in ("2024-2025", "2025-2026")]
    keys = load_home(home)
    assert list(keys.public().season_keys.values()) == published
    assert len(set(published)) == 2
    for season, secret in keys.seasons.items():
        assert keys.of(season) == secret
        assert ristretto.multiply_base(secret).hex() == keys.public().season_keys[season]
    with pytest.raises(SeasonUnknown):
        keys.of("2030-2031")


def test_secrets_do_not_show(home: Path) -> None:
    add_season(home, "2025-2026")
    keys = load_home(home)
    for secret in (keys.signing, *keys.seasons.values()):
        assert repr(secret) not in repr(keys)
        assert secret.hex() not in keys.public().model_dump_json()


def test_nothing_is_made_twice(home: Path) -> None:
    before = load_home(home)
    add_season(home, "2025-2026")
    with pytest.raises(ConfigError, match="already there"):
        make_home(home, "Autre", None)
    with pytest.raises(ConfigError, match="already there"):
        add_season(home, "2025-2026")
    assert load_home(home).signing == before.signing


@pytest.mark.parametrize("season", ["2025", "../2025-2026", "2025-2026x", ""])
def test_a_season_is_written_in_one_way(home: Path, season: str) -> None:
    with pytest.raises(ConfigError, match="two years"):
        add_season(home, season)


def test_keys_that_others_can_read_are_refused(home: Path) -> None:
    (home / "keys" / "signing.key").chmod(0o640)
    with pytest.raises(ConfigError, match="chmod 600"):
        load_home(home)


@pytest.mark.parametrize("damage", ["missing", "text", "empty"])
def test_a_damaged_home_says_so(home: Path, damage: str) -> None:
    target = home / "custodian.json"
    if damage == "missing":
        target.unlink()
    else:
        target.write_text({"text": "{", "empty": json.dumps({})}[damage])
    with pytest.raises(ConfigError, match="Restore it from its backup"):
        load_home(home)


@pytest.mark.parametrize("url", ["sqlite://", "sqlite:///:memory:", "mysql://h/d"])
def test_a_database_that_would_be_lost_is_refused(url: str) -> None:
    with pytest.raises(ConfigError, match="SQLite file or PostgreSQL"):
        open_store(url)


def test_quota_is_declared_a_quarter_more_and_weekly_padding() -> None:
    weekly = 53 * 64
    assert [quota.cap_for(n) - weekly for n in (1, 4, 1000, 1001)] == [2, 5, 1250, 1252]


def test_no_control_socket() -> None:
    assert settings("127.0.0.1:0")["control_socket_disable"] is True
