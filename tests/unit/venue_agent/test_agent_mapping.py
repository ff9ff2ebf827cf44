from pathlib import Path

import pytest

from contracts.visit import Purpose
from venue_agent.config import AgentConfig, Home, load_config, source_of, write_config
from venue_agent.errors import AgentError, ConfigError, NoConsentSource, NotJoined
from venue_agent.settings.mapping import load_mapping, load_preset, parse_mapping, preset_names

MINIMAL = """
name = "essai"
[tickets]
pattern = "*.csv"
[columns]
ticket = "Billet"
order = "Commande"
event_date = "Date"
title = "Titre"
"""
CONSENT = """
[[consent]]
column = "Partage"
text = "J'accepte"
grants = ["statistics"]
"""


@pytest.mark.parametrize("name", preset_names())
def test_every_preset_is_a_mapping_that_grants_statistics_and_no_more(name: str) -> None:
    mapping = load_preset(name)
    assert mapping.name == name
    granted = {purpose for rule in mapping.rules for purpose in rule.grants}
    assert granted == {Purpose.STATISTICS}
    assert all(rule.text for rule in mapping.rules)


def test_the_four_layouts_have_a_preset() -> None:
    assert set(preset_names()) == {"fr23plus", "fr23+brevo", "eventbrite", "helloasso"}
    with pytest.raises(ConfigError, match="no preset"):
        load_preset("../mapping")


def test_a_minimal_mapping_is_enough() -> None:
    assert parse_mapping(MINIMAL + CONSENT, "m.toml").rules[0].column == "Partage"


def test_without_consent_there_is_no_mapping() -> None:
    with pytest.raises(NoConsentSource, match="consent"):
        parse_mapping(MINIMAL, "m.toml")


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("= nothing", "not TOML"),
        (MINIMAL.replace('title = "Titre"', "") + CONSENT, "title must be mapped"),
        (MINIMAL + 'shoe_size = "P"\n' + CONSENT, "unknown field shoe_size"),
        (MINIMAL + 'email = ["A", "B"]\n' + CONSENT, "email cannot be two columns"),
        (MINIMAL + CONSENT.replace('grants = ["statistics"]', ""), "grant or deny"),
        (MINIMAL + CONSENT.replace("statistics", "partner_offers"), "name the partners"),
        (MINIMAL + CONSENT + '\n[[oppositions]]\npattern="o"\ncolumns={name="N"}', "unknown field"),
        (
            MINIMAL + '[[consent_files]]\npattern="b"\ncolumns={mail="E"}\n'
            '[[consent_files.consent]]\ncolumn="C"\ntext="t"\ngrants=["statistics"]',
            "unknown field mail",
        ),
        (MINIMAL + CONSENT + 'extra = "x"\n', "extra"),
    ],
)
def test_a_wrong_mapping_says_what_is_wrong(text: str, says: str) -> None:
    with pytest.raises(ConfigError, match=says):
        parse_mapping(text, "m.toml")


def test_a_mapping_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="cannot be read"):
        load_mapping(tmp_path / "m.toml")


def test_settings_go_to_disk_and_back(tmp_path: Path) -> None:
    home = Home(tmp_path)
    with pytest.raises(NotJoined):
        load_config(home)
    config = AgentConfig(venue="musee", hub_url='https://h/"\\', hub_fingerprint="00" * 32)
    write_config(home, config)
    assert load_config(home) == config
    (tmp_path / "mapping.toml").write_text(MINIMAL + CONSENT, encoding="utf-8")
    assert source_of(home, config).folder == tmp_path / "exports"
    assert {home.state.parent, home.spool.parent, home.keys.parent} == {tmp_path}


@pytest.mark.parametrize("text", ["venue", 'venue = "Musée"', 'colour = "red"', "\udcff"])
def test_broken_settings_are_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "agent.toml").write_bytes(text.encode(errors="surrogateescape"))
    with pytest.raises(ConfigError):
        load_config(Home(tmp_path))


def test_settings_written_by_an_older_agent_are_read_and_written_anew(tmp_path: Path) -> None:
    home = Home(tmp_path)
    home.config.write_text('venue = "musee"\nhub_url = "https://h"\nhub_signing_key = "ab"\n')
    config = load_config(home)
    assert config.hub_fingerprint == "ab"
    write_config(home, config)
    assert "hub_signing_key" not in home.config.read_text()
    assert load_config(home) == config


def test_one_setting_in_both_spellings_is_refused(tmp_path: Path) -> None:
    lines = (
        'venue = "musee"\nhub_url = "https://h"\nhub_signing_key = "ab"\nhub_fingerprint = "cd"\n'
    )
    (tmp_path / "agent.toml").write_text(lines)
    with pytest.raises(ConfigError, match="hub_signing_key"):
        load_config(Home(tmp_path))


def test_a_setting_cannot_smuggle_lines(tmp_path: Path) -> None:
    config = AgentConfig(venue="musee", hub_url='x"\nvenue = "y', hub_fingerprint="")
    with pytest.raises(ConfigError, match="control character"):
        write_config(Home(tmp_path), config)


def test_every_error_has_its_own_exit_code() -> None:
    kinds = AgentError.__subclasses__()
    codes = [kind.exit_code for kind in kinds]
    assert len(set(codes)) == len(codes)
    assert all(1 < code < 126 for code in codes)
