"""The words of the cube's tables, French and English."""

from typing import Final

from hub.measures.tables import Heading

_HOW_FR = (
    "Chaque personne du réseau compte une fois, dans une seule ligne ; les lignes s'additionnent au"
    " nombre de personnes du réseau. Le vrai nombre se trouve dans l'intervalle 95 fois sur 100."
)
_HOW_EN = (
    "Each person of the network counts once, in one line only; lines add up to the number of people"
    " of the network. The true number lies in the interval 95 times in 100."
)
_ESTIMAND = "Nombre de personnes distinctes, consentantes et reliées, {0}."
_ESTIMAND_EN = "Number of distinct, consenting, linked people, {0}."

_TRAITS: Final = {
    "age": (
        "age",
        ("Combien de personnes, selon l'âge ?", "How many people, by age?"),
        ("selon leur tranche d'âge, la plus jeune si leurs lieux en disent plusieurs",
         "by band of age, the youngest where their places name several"),
    ),
    "distance": (
        "distance",
        ("Combien de personnes, selon la distance à laquelle elles habitent ?", "How many people, by how far they live?"),
        ("selon la distance de leur domicile au lieu le plus proche qu'elles fréquentent",
         "by the distance from home to the nearest of their places"),
    ),
    "home": (
        "departement",
        ("Combien de personnes, selon leur département ?", "How many people, by département?"),
        ("selon leur département ; les huit plus proches des lieux sont nommés",
         "by département; the eight nearest to the venues are named"),
    ),
    "taste": (
        "taste",
        ("Combien de personnes, selon leur goût ?", "How many people, by taste?"),
        ("selon la discipline de la moitié de leurs visites au moins, sinon plusieurs",
         "by the discipline of half of their visits at least, else several"),
    ),
    "loyalty": (
        "visits",
        ("Combien de personnes, selon leur fidélité ?", "How many people, by loyalty?"),
        ("selon leurs visites dans la période", "by their visits in the period"),
    ),
    "channel": (
        "channel",
        ("Combien de personnes, selon leur façon d'acheter ?", "How many people, by the way they buy?"),
        ("selon le canal de la plupart de leurs visites", "by the channel of most of their visits"),
    ),
    "lead": (
        "lead_days",
        ("Combien de personnes, selon le délai d'achat ?", "How many people, by how early they buy?"),
        ("selon le délai d'achat de la plupart de leurs visites", "by the lead time of most of their visits"),
    ),
    "house": (
        "house",
        ("Combien de personnes, selon leur lieu habituel ?", "How many people, by usual place?"),
        ("selon le lieu de la plupart de leurs visites, ou sa discipline dans un réseau de plus de 24 lieux",
         "by the place of most of their visits, or its discipline in a network of more than 24 places"),
    ),
}  # fmt: skip


def trait(name: str) -> Heading:
    """Return what stands above the table of one trait."""
    column, (title_fr, title_en), (by_fr, by_en) = _TRAITS[name]
    return Heading(
        table=f"cube-{name}",
        question="Q31",
        title_fr=title_fr,
        title_en=title_en,
        how_fr=_HOW_FR,
        how_en=_HOW_EN,
        columns=(column, "persons"),
        estimand=_ESTIMAND.format(by_fr),
        estimand_en=_ESTIMAND_EN.format(by_en),
    )


PAIRS: Final = Heading(
    table="cube-pairs",
    question="Q31",
    title_fr="Combien de personnes ont ces deux caractères à la fois ?",
    title_en="How many people have both of these traits?",
    how_fr=(
        "Chaque ligne croise deux caractères. Pour deux caractères donnés, les lignes s'additionnent"
        " exactement aux tableaux d'un seul. `hub cube estimate` répond pour trois et plus."
    ),
    how_en=(
        "Each line crosses two traits. For two given traits, lines add up exactly to the tables of"
        " one. `hub cube estimate` answers for three and more."
    ),
    columns=("trait_a", "trait_b", "persons"),
    estimand="Nombre de personnes distinctes, consentantes et reliées, qui ont les deux caractères.",
    estimand_en="Number of distinct, consenting, linked people who have both traits.",
)
