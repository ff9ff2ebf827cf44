"""From a house's export to a frozen view: what the agent writes of where people live is what the vault reads."""

from pathlib import Path

from contracts.visit import EPCI, ERASURE_COLUMNS
from hub.vault.snapshot import freeze
from tests.support.agent_world import CLOCK, ForgetfulBook, front, rules, write_export
from tests.support.sending import sealing
from tests.support.vault_frozen import frozen_visits, window
from tests.support.vault_world import FIELDS, LIMITS, tokens, vault_world
from venue_agent.frames import Pseudonymised
from venue_agent.minimise import minimise
from venue_agent.pack import pack
from venue_agent.settings.mapping import load_preset

NANTES, GRAND_LIEU = "244400404", "244400438"
HOMES = {
    "ana": ("44000", "", NANTES),
    "bob": ("44115", "Basse-Goulaine", NANTES),
    "cem": ("44140", "Le Bignon", GRAND_LIEU),
    "dan": ("44140", "", ""),
}


def test_four_homes_arrive_as_they_were_told(tmp_path: Path) -> None:
    preset = load_preset("fr23plus")
    mapping = preset.model_copy(update={"columns": {**preset.columns, "city": "Ville"}})
    write_export(
        tmp_path,
        *(
            {
                "Nom": name,
                "Email": f"{name}@mail.example",
                "Adresse": f"{number} rue",
                "Code postal": postcode,
                "Ville": city,
                "Date reservation": "01/09/25 00:00",
                "Date representation": "10/10/25",
            }
            for number, (name, (postcode, city, _)) in enumerate(HOMES.items(), start=1)
        ),
    )
    world = vault_world(f"sqlite:///{tmp_path / 'v.sqlite'}", tmp_path / "facts", fields=[*FIELDS, EPCI])  # fmt: skip
    named = frozenset(world.net.charter.fields)
    found = minimise(front(tmp_path, mapping)[2], rules(mapping, fields=named), ForgetfulBook())
    persons = found.persons
    persons["tokens"] = [tokens(f"email:{pairs[0][1]}") for pairs in persons["identifiers"]]
    pseudonymised = Pseudonymised(
        persons=persons.drop(columns="identifiers"),
        visits=found.visits,
        erasures=found.erasures.reindex(columns=list(ERASURE_COLUMNS)),
        tally=found.tally,
        read_at=CLOCK.now(),
    )
    (batch,) = pack(pseudonymised, sealing(world.net))
    envelope = world.vault.receive(batch.commit, lambda: list(batch.parts), world.terms)
    assert envelope.state == "accepted"
    rows = frozen_visits(world, freeze(world.vault, window(world, epci=True), LIMITS))
    assert sorted(row[EPCI] for row in rows) == sorted(code for *_, code in HOMES.values())
