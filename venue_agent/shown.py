"""What the agent's commands show of a preview and of a month, in French."""

from collections.abc import Iterator
from types import MappingProxyType
from typing import Final

from rich.table import Table

from contracts.charter import Charter
from contracts.visit import PERSON_COLUMNS, VISIT_COLUMNS
from venue_agent.pipeline import Prepared
from venue_agent.spool import Packed

STEPS: Final = MappingProxyType(
    {
        "read": "Lecture de l'export…",
        "normalise": "Rapprochement des fiches d'une même personne…",
        "consent": "Consentements…",
        "minimise": "Minimisation…",
        "pseudonymise": "Pseudonymes, avec le gardien des clés…",
        "pack": "Scellement…",
        "push": "Envoi…",
    }
)
WHY: Final = MappingProxyType(
    {
        "contribution_id": "numéro au hasard, propre à ce lieu : permet de retirer la personne",
        "tokens": "pseudonyme calculé avec le gardien : relie une même personne entre lieux",
        "statistics": "consentement aux statistiques (sans lui, rien ne part)",
        "recommendation": "consentement aux recommandations",
        "partner_offers": "partenaires nommés auxquels la personne a dit oui",
        "age_band": "tranche d'âge, pour les délais et le jeune public",
        "departement": "département, pour la provenance",
        "country": "pays, pour les adresses étrangères",
        "subscriber": "abonnement, pour la fidélité",
        "qpv": "quartier prioritaire, calculé ici",
        "event_id": "événement du catalogue public ; vide s'il est sensible",
        "discipline": "discipline, pour les croisements de publics",
        "event_date": "jour ou semaine de la venue, pour la circulation",
        "lead_days": "jours entre achat et venue",
        "channel": "canal de vente",
        "party_band": "taille du groupe, en tranche",
        "price_band": "prix, en tranche ; jamais le montant",
        "distance_band": "distance au lieu, en tranche",
        "first_time_here": "première venue ici, calculée ici",
        "satisfaction": "note de satisfaction, si elle existe",
    }
)


def preview(prepared: Prepared, charter: Charter) -> Iterator[Table]:
    """Yield the tables of a preview: where each line went, what leaves and why, each month."""
    tally = prepared.tally
    counts = Table("lignes de billets", "nombre", title="Lu = gardé + écarté")
    counts.add_row("lues", str(tally.read))
    counts.add_row("gardées", str(tally.kept))
    for reason, lines in sorted(tally.dropped.items(), key=lambda item: -item[1]):
        counts.add_row(f"écartées : {reason}", str(lines))
    for what, count in sorted(tally.notes.items()):
        counts.add_row(f"[dim]vu en chemin : {what}[/]", f"[dim]{count}[/]")
    yield counts
    fields = Table("champ", "pourquoi il sort", title="Ce qui sort, et rien d'autre")
    always = {"contribution_id", "tokens", "statistics", "recommendation", "partner_offers"}
    for name in dict.fromkeys((*PERSON_COLUMNS, *VISIT_COLUMNS)):
        if name in always or name in charter.fields:
            fields.add_row(name, WHY[name])
    yield fields
    months = Table("mois", "personnes", "visites", "retraits", title="Lots préparés")
    for batch in prepared.batches:
        rows = {entry.name: str(entry.rows) for entry in batch.manifest.manifest.files}
        months.add_row(batch.month, rows.get("persons.csv", "0"), rows.get("visits.csv", "0"),
                       rows.get("erasures.csv", "0"))  # fmt: skip
    if not prepared.batches:
        months.caption = "Rien n'a changé depuis le dernier envoi."
    yield months


def month_state(packed: Packed) -> dict[str, str | int]:
    """Return one month of the spool in words: waiting, accepted or refused."""
    receipt = packed.receipt.receipt if packed.receipt else None
    words = {"accepted": "reçu par le coffre", "refused": "refusé par le coffre"}
    return {
        "month": packed.month,
        "sequence": packed.commit.sequence,
        "state": words[receipt.state] if receipt else "à envoyer",
        "opened": receipt.opened if receipt else "",
    }
