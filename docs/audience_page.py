"""Writes the life of a partner's request, table and diagram, from the one table of what leads where."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final, TypeVar

from hub.audiences.states import (
    ANSWER,
    ANSWER_DAYS,
    CALENDAR,
    CLOSED_DAYS,
    COUNTED_DAYS,
    REMINDER_DAYS,
    REQUEST,
    Act,
    Reason,
)
from hub.web.words.audiences import WORDS

Kind = TypeVar("Kind", bound=StrEnum)

HEAD: Final = """\
# La vie d'une demande

{made}
Qui peut agir est dans [Qui peut faire quoi](acces.md) ; ce qui est possible maintenant, dans ces deux tables (`hub/audiences/states.py`). Tout passage qui n'y est pas est refusé. Un acte du *calendrier* n'est fait par personne :
ses dates sont fixées le jour où la demande est soumise, et rien de ce que fait un lieu n'en change une. C'est aussi tout ce que le partenaire voit.

*The life of a partner's request. Who may act is in the table of roles; whether it may be done now is in these two tables. The calendar's acts are nobody's: their dates are fixed on submission, and nothing that a house does moves one.*

Les lieux ont {answer} jours pour répondre ; une demande qui attend est signalée {remind} jours avant le terme ; sans réponse, c'est un refus. Les résultats peuvent être dans une édition {counted} jours après la campagne, et la demande est close au bout de {closed} jours.
"""
ACTS: Final = {
    Act.WRITE: "le partenaire écrit",
    Act.ESTIMATE: "le partenaire fait estimer",
    Act.SUBMIT: "le partenaire soumet",
    Act.WITHDRAW: "le partenaire retire",
    Act.APPROVE: "le lieu accepte",
    Act.MODIFY: "le lieu restreint",
    Act.REFUSE: "le lieu refuse",
    Act.LAPSE: "terme des réponses",
    Act.ISSUE: "premier jour de la campagne",
    Act.COUNT: "résultats possibles",
    Act.CLOSE: "clôture",
    Act.EXPIRE: "échéance du brouillon",
}


def page(made: str) -> str:
    """Return the page; *made* is the line that says where it comes from."""
    head = HEAD.format(
        made=made,
        answer=ANSWER_DAYS,
        remind=REMINDER_DAYS,
        counted=COUNTED_DAYS,
        closed=CLOSED_DAYS,
    )
    reasons = "\n".join(f"- `{reason.value}` : {WORDS[f'why_{reason.value}'][0]}" for reason in Reason)  # fmt: skip
    return "\n".join(
        [
            head,
            _part("La demande", REQUEST, "state_"),
            _part("La réponse d'un lieu", ANSWER, "answer_"),
            "Où la charte le demande, l'accord du lieu ne vaut qu'avec celui de sa ou de son DPO ; une restriction faite après cet accord le redemande.\n",
            f"## Motifs de refus\n\nTous sont de politique : aucun ne dit combien de personnes seraient touchées.\n\n{reasons}\n",
        ]
    )


def _part(title: str, table: Mapping[tuple[Kind, Act], Kind], words: str) -> str:
    def said(state: StrEnum) -> str:
        return WORDS[f"{words}{state.value}"][0]

    def act(done: Act) -> str:
        return f"*{ACTS[done]}* (calendrier)" if done in CALENDAR else ACTS[done]

    lines = [f"| {said(a)} | {act(done)} | {said(b)} |" for (a, done), b in table.items()]
    arrows = [f"    {a.value} --> {b.value} : {ACTS[done]}" for (a, done), b in table.items()]
    names = {state: said(state) for (a, _), b in table.items() for state in (a, b)}
    states = [f"    {state.value} : {name}" for state, name in names.items()]
    diagram = "\n".join(["```mermaid", "stateDiagram-v2", *states, *arrows, "```"])
    rows = "\n".join(["| De | Acte | À |", "|---|---|---|", *lines])
    return f"## {title}\n\n{diagram}\n\n{rows}\n"
