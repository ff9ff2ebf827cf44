"""The page of the exit codes of ``hub`` and ``farandole-custodian``, drawn from their errors: every class has its line."""

import inspect
from types import ModuleType
from typing import Final

from hub import errors as hub
from hub.custodian import errors as custodian

HUB: Final = {
    "HubError": "autre erreur, ou ce que le système refuse",
    "BudgetExceeded": "le débit ne tient pas sous le plafond",
    "ChargeConflict": "la même clé de demande a payé autre chose",
    "ReleaseConflict": "un autre chiffre, une autre édition ou un autre modèle est déjà gardé",
    "LedgerBehind": "le registre est plus ancien que la tête gardée au-dehors",
    "VaultBehind": "le coffre a oublié des retraits : une vieille sauvegarde a été restaurée",
    "ChainBroken": "la chaîne d'audit ne s'enchaîne pas",
    "SeasonWaits": "un lot est d'une saison que le hub n'a pas ouverte",
    "CarriageRefused": "le gardien ne reporte pas les pseudonymes",
    "StateConflict": "ce n'est pas possible dans l'état présent",
    "AboveCeiling": "une saison coûterait à une personne plus qu'un réseau ne peut prévoir",
    "CodeRefused": "code ou invitation inconnu, utilisé ou expiré",
    "BatchRefused": "un lot ne peut pas être accepté",
    "IntakeRefused": "une requête à l'accueil est refusée",
    "TitleRefused": "un titre du programme ne peut pas être dit à d'autres maisons",
    "SensitivityBroken": "un tirage coûterait plus que ce qui a été débité",
    "ConfigError": "un réglage, un fichier ou un nom manque ou ne peut pas valoir cela",
    "VerificationFailed": "une édition, un modèle ou un cube ne se vérifie pas",
    "WitnessUnreachable": "le gardien ne répond pas",
    "WitnessRefused": "le gardien ne contresigne pas cette tête",
    "NoCube": "l'édition n'a pas de quoi faire un cube, ou la question nomme ce qu'il ne connaît pas",
    "AuditAlarm": "l'audit a trouvé ce que la promesse exclut : ne rien publier",
    "RealDataRefused": "l'audit a reçu des données ; il ne travaille que sur des gens inventés",
    "NoModel": "l'édition n'a pas de quoi faire un modèle",
    "AudienceRefused": "la demande d'un partenaire ne le permet pas maintenant",
    "CharterRefused": "charte contraire à ses règles ou non signée, sceau ou signature qui ne tient pas",
}
CUSTODIAN: Final = {
    "CustodianError": "ce que le système refuse",
    "ConfigError": "le dossier manque, est incomplet, lisible par d'autres ou déjà fait",
    "LogBroken": "le journal d'usage ne s'enchaîne pas",
    "Malformed": "ce qui est demandé n'a pas la forme attendue",
    "PointRefused": "un point masqué n'est pas valable",
    "Unsigned": "signature absente ou fausse",
    "ClockRefused": "requête datée de plus de cinq minutes",
    "Replayed": "requête déjà reçue",
    "Forbidden": "cette clé ou cette charte ne le permet pas",
    "CodeRefused": "code à usage unique inconnu, utilisé ou expiré",
    "SuccessionRefused": "une déclaration de clé ne suit pas de la clé en place",
    "SeasonUnknown": "pas de clé de pseudonymes pour cette saison",
    "QuotaExceeded": "un quota d'identifiants serait dépassé",
    "SessionUnknown": "session inconnue ou expirée",
    "HistoryForked": "la tête du hub ne prolonge pas celle qui fut contresignée",
}
ALSO: Final = (
    "0 : tout s'est bien passé. 2 : la ligne de commande ne se lit pas. 130 : interrompu au clavier.\n\n"
    "*English: one exit code per kind of refusal; 0 is success, 2 a command line that cannot be read, 130 an interruption. "
    "`--lang en`, or `FARANDOLE_LANG=en`, says each refusal in English.*\n"
)


def page(made: str) -> str:
    """Return ``codes-de-sortie-du-hub.md``; a class that nobody described stops the build."""
    parts = ["# Codes de sortie du hub et du gardien\n", made, ALSO]
    for name, module, told in (("hub", hub, HUB), ("farandole-custodian", custodian, CUSTODIAN)):
        lines = [f"| {code} | `{kind}` | {told[kind]} |" for kind, code in codes(module).items()]
        parts.append(f"## {name}\n\n| Code | Nom | Ce qui s'est passé |\n|---|---|---|\n" + "\n".join(lines) + "\n")  # fmt: skip
    return "\n".join(parts)


def codes(module: ModuleType) -> dict[str, int]:
    """Return the exit code of each error of a module, smallest first."""
    kinds = [kind for kind in vars(module).values() if inspect.isclass(kind) and hasattr(kind, "exit_code")]  # fmt: skip
    return {kind.__name__: kind.exit_code for kind in sorted(kinds, key=lambda kind: kind.exit_code)}  # fmt: skip
