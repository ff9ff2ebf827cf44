"""The network as the coordinator writes it, and the charter that it becomes once all have enrolled."""

import datetime as dt
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from contracts.advice import AdviceRules
from contracts.base import Hex32, HexBlob, SeasonId, Slug, Text
from contracts.charter import (
    Bounds,
    Budget,
    Charter,
    Cluster,
    Custodian,
    EditionSpec,
    HubKeys,
    Member,
    Party,
)
from contracts.clock import stamp
from contracts.visit import PERSON_COLUMNS, VISIT_COLUMNS, Discipline, Purpose
from hub.errors import ConfigError

NEVER_FIELDS = {"contribution_id", "tokens"}  # always there: they are the pseudonyms themselves


class _Draft(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)


class DraftMember(_Draft):
    """A venue before it has keys; coordinates in degrees."""

    venue: Slug
    """Nom court du lieu, pour toujours."""
    name: Text
    """Nom que la page montre."""
    discipline: Discipline
    """Ce que le lieu programme surtout."""
    postcode: str
    """Code postal du lieu."""
    latitude: Annotated[float, Field(ge=-90, le=90)]
    """En degrés ; les distances partent d'ici."""
    longitude: Annotated[float, Field(ge=-180, le=180)]
    """En degrés."""
    declared_identifiers: Annotated[int, Field(ge=1)]
    """E-mails et téléphones que le lieu pense présenter par saison ; le gardien en fait un quota."""

    def member(self, signing_key: Hex32) -> Member:
        """Return the charter's member once the venue has made its key."""
        return Member(
            venue=self.venue,
            name=self.name,
            discipline=self.discipline,
            postcode=self.postcode,
            latitude_microdeg=round(self.latitude * 1_000_000),
            longitude_microdeg=round(self.longitude * 1_000_000),
            signing_key=signing_key,
            declared_identifiers=self.declared_identifiers,
        )


class NetworkDraft(_Draft):
    """``network.toml``: everything that the charter will say, without a key."""

    revision: Annotated[int, Field(ge=1)] = 1
    """Numéro de la charte ; chaque nouvelle version le monte."""
    network: Slug
    """Nom court du réseau."""
    name: Text
    """Nom que la page montre."""
    valid_days: Annotated[int, Field(ge=1, le=1100)] = 400
    """Jours avant que la charte expire."""
    controller: Party
    """Responsable du traitement : `name`, `operator`, `contact`."""
    dpo: Party
    """Déléguée ou délégué à la protection des données : `name`, `operator`, `contact`."""
    hub_url: Text
    """Adresse publique du hub, celle que les lieux signent."""
    hub_operator: Text
    """Entité qui tient le hub ; la même que celle du gardien fait une « démonstration »."""
    custodian_url: Text
    """Adresse publique du gardien des clés."""
    custodian_contact: Text
    """Comment écrire au gardien."""
    pseudonym_season: SeasonId
    """Saison de la clé des pseudonymes en usage."""
    linkage_from: SeasonId | None = None
    """Première saison dont les visites restent liées aux présentes ; sans elle, toutes. La saison des pseudonymes elle-même fait une rupture nette."""
    purposes: list[Purpose] = list(Purpose)
    """Finalités permises."""
    partners: list[Slug] = []
    """Partenaires que les consentements peuvent nommer."""
    fields: list[str] = sorted({*PERSON_COLUMNS, *VISIT_COLUMNS} - NEVER_FIELDS)
    """Colonnes qui peuvent quitter un lieu ; les autres ne partent pas. `epci`, à ajouter, laisse partir l'intercommunalité ; `arm`, les groupes des demandes de partenaires ; `partner_distance_band`, ceux des demandes qui disent une distance jusqu'au partenaire."""
    dpo_approves_audiences: bool = False
    """Les demandes des partenaires attendent aussi l'accord du DPO de chaque lieu."""
    date_granularity: Annotated[str, Field(pattern="^(day|week)$")] = "day"
    """Le jour de la venue, ou le lundi de sa semaine."""
    retention_months: int = 36
    """Mois que le coffre garde les venues, de 13 à 36."""
    persons_bound: int
    """Majorant public du nombre de personnes ; δ ne dépasse pas 1/(10 × lui)."""
    bounds: Bounds
    """Ce qu'une personne pèse au plus : `venues`, `visits`, `cells`, `pairs_total`."""
    budgets: list[Budget]
    """Plafonds par saison, en 10⁻⁶ de ρ et 10⁻¹² de δ."""
    editions: list[EditionSpec]
    """Éditions prévues : dates, mesures, prix de chacune."""
    members: list[DraftMember]
    """Les lieux."""
    clusters: list[Cluster] = []
    """Groupes d'au moins trois petits lieux qui paraissent ensemble."""
    advice: AdviceRules | None = None
    """Ce que les listes de chaque lieu doivent aux autres : `openness`, `least`, `supported`, `supported_percent`, `floor_percent`, `lists`."""

    @classmethod
    def load(cls, path: Path) -> "NetworkDraft":
        """Read ``network.toml``.

        Raises:
            ConfigError: it is missing, is not TOML, or says something that cannot stand.
        """
        try:
            values: dict[str, Any] = tomllib.loads(path.read_text(encoding="utf-8"))
            return cls.model_validate(values)
        except FileNotFoundError as error:
            raise ConfigError(
                "No network description at {path}. Write one first.", path=path
            ) from error
        except tomllib.TOMLDecodeError as error:
            raise ConfigError(
                "{path} is not TOML: {error}. Mend that line.", path=path, error=error
            ) from error
        except ValidationError as error:
            found = "; ".join(f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors())
            raise ConfigError(
                "{path} cannot become a charter: {found}.", path=path, found=found
            ) from error


@dataclass(frozen=True)
class Keys:
    """The public keys that turn a draft into a charter."""

    vault_key: HexBlob
    hub_signing_key: Hex32
    custodian_operator: str
    custodian_signing_key: Hex32
    season_keys: Mapping[SeasonId, Hex32]
    members: Mapping[Slug, Hex32]


def missing_members(draft: NetworkDraft, enrolled: Mapping[str, str]) -> list[str]:
    """Return the venues of the draft that have not enrolled yet."""
    return [m.venue for m in draft.members if m.venue not in enrolled]


def charter_from(draft: NetworkDraft, keys: Keys, now: dt.datetime) -> Charter:
    """Return the charter to sign: the draft and everybody's keys.

    Raises:
        ConfigError: a member has not enrolled yet.
    """
    missing = missing_members(draft, keys.members)
    if missing:
        raise ConfigError(
            "Not enrolled yet: {missing}. Give them their codes first.", missing=", ".join(missing)
        )
    shared = draft.model_dump(
        include={
            "revision", "network", "name", "controller", "dpo", "pseudonym_season", "linkage_from", "purposes",
            "partners", "fields", "dpo_approves_audiences", "date_granularity", "retention_months", "persons_bound",
            "bounds", "budgets", "editions", "clusters", "advice",
        }
    )  # fmt: skip
    return Charter.model_validate(
        {
            **shared,
            "valid_from": stamp(now),
            "expires": stamp(now + dt.timedelta(days=draft.valid_days)),
            "hub": HubKeys(
                url=draft.hub_url,
                operator=draft.hub_operator,
                vault_key=keys.vault_key,
                signing_key=keys.hub_signing_key,
            ),
            "custodian": Custodian(
                url=draft.custodian_url,
                operator=keys.custodian_operator,
                contact=draft.custodian_contact,
                signing_key=keys.custodian_signing_key,
                season_keys=dict(keys.season_keys),
            ),
            "demonstration": draft.hub_operator == keys.custodian_operator,
            "members": sorted(
                (m.member(keys.members[m.venue]) for m in draft.members), key=lambda m: m.venue
            ),
        }
    )
