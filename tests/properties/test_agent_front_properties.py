"""Promises of the agent's front over generated exports, held against a slow plain reading."""

import itertools
import tempfile
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.support.agent_world import EVERYTHING, ROW, ForgetfulBook, front, rules, write_export
from venue_agent.minimise import ALWAYS, NEUTRAL, minimise
from venue_agent.settings.mapping import load_preset

FR = load_preset("fr23plus")
LONG_AGO = "01/01/20"
PEOPLE = ("Zoé", "Ugo", "Inès")
LINE = st.fixed_dictionaries(
    {
        "Prenom": st.sampled_from(PEOPLE),
        "Email": st.sampled_from(["own", "shared@mail.example", ""]),
        "Optin partenaires": st.sampled_from(["Oui", "Non", ""]),
        "Date optin": st.sampled_from(["01/01/2025", "02/01/2025", "03/01/2025", ""]),
        "Age": st.sampled_from(["", "16", "18", "70"]),
        "Date representation": st.sampled_from(["15/03/25", "16/03/25", LONG_AGO]),
        "Code postal": st.sampled_from(["69003", "", "42000"]),
    }
)
WORLD = st.lists(LINE, min_size=1, max_size=9)


def plainly(lines: list[dict[str, str]]) -> set[str]:
    """Return the first names that may be sent: each lives at her own street, so names tell."""
    allowed = set()
    for name in PEOPLE:
        said = [
            (line["Date optin"], line["Optin partenaires"])
            for line in lines
            if line["Prenom"] == name and line["Optin partenaires"]
        ]
        said = [(day or ("" if word == "Oui" else "9"), word) for day, word in said]
        newest = max((day for day, _ in said), default="")
        came = {line["Date representation"] for line in lines if line["Prenom"] == name}
        of_late = came != {LONG_AGO}  # the rule of three years without a contact
        if of_late and said and {word for day, word in said if day == newest} == {"Oui"}:
            allowed.add(name)
    return allowed


def export(lines: list[dict[str, str]]) -> list[dict[str, str]]:
    changed = [
        line
        | {
            "Email": line["Email"].replace("own", f"p{PEOPLE.index(line['Prenom'])}@mail.example"),
            "Adresse": f"{PEOPLE.index(line['Prenom'])} rue Voltaire",
            "Code postal": "69003",
            "Date reservation": "01/12/19 00:00",  # before every event, else read() objects
        }
        for line in lines
    ]
    # somebody else says both words, so that a blank is no answer
    other = {"Prenom": "Karim", "Nom": "Benali", "Email": "k@mail.example", "Adresse": "9 rue"}
    return [*changed, other, other | {"Optin partenaires": "Non", "Date optin": "01/01/2025"}]


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(lines=WORLD, dropped=st.sets(st.sampled_from(sorted(NEUTRAL))))
def test_nobody_is_sent_who_did_not_say_yes_last(
    lines: list[dict[str, str]], dropped: set[str]
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        write_export(Path(folder), *export(lines))
        _, normalised, consented = front(Path(folder), FR)
        sent = minimise(consented, rules(FR, fields=EVERYTHING - dropped), ForgetfulBook())
    allowed = plainly(lines)
    # consent agrees with the slow reading, person by person
    who = {line["Prenom"] for line in lines}
    assert len(consented.persons) == len(allowed)
    assert len(normalised.persons) == len(who) + 1
    # read = kept + each reason, at each step
    for stage in (normalised, consented, sent):
        assert stage.tally.read == stage.tally.kept + sum(stage.tally.dropped.values())
    assert consented.tally.kept == sum(line["Prenom"] in allowed for line in lines)
    # every person has an identifier that is hers, and every visit a person
    assert all(sent.persons["identifiers"])
    assert set(sent.visits["contribution_id"]) == set(sent.persons["contribution_id"])
    # an identifier of somebody who is out is in nobody's row
    out = {pair for pairs in normalised.persons["identifiers"] for pair in pairs}
    out -= {pair for pairs in consented.persons["identifiers"] for pair in pairs}
    assert not out & {pair for pairs in sent.persons["identifiers"] for pair in pairs}
    # no field outside the charter survives, and nothing that was written is in a row
    for frame in (sent.persons, sent.visits):
        for name in set(frame.columns) & dropped:
            assert name not in ALWAYS
            assert set(frame[name]) <= {NEUTRAL[name]}
    cells = itertools.chain.from_iterable(
        frame.drop(columns="identifiers", errors="ignore").to_numpy().ravel()
        for frame in (sent.persons, sent.visits)
    )
    leaving = "\n".join(map(str, cells)).casefold()
    for written in (*PEOPLE, "Durand", "Voltaire", "mail.example", ROW["Spectacle"], "69003"):
        assert written.casefold() not in leaving
