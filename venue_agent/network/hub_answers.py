"""What the hub's answers mean: each refusal an error of the agent's, each grant a message of the schema."""

import datetime as dt
from collections.abc import Callable
from typing import Final, TypeVar

from pydantic import ValidationError

from contracts.base import Wire
from contracts.problems import Problem, ProblemType, problem_slug
from venue_agent.errors import CharterRefused, ClockOff, HubDown, HubRefused
from venue_agent.network.transport import Answer
from venue_agent.words import _

_LATER: Final = frozenset({429, 500, 502, 503, 504})
_KNOWN: Final = {problem.slug: problem for problem in ProblemType}

Model = TypeVar("Model", bound=Wire)
Found = TypeVar("Found")


def refusal(
    answer: Answer, url: str, here: dt.datetime
) -> HubRefused | HubDown | ClockOff | CharterRefused:
    """Return the error that an answer which grants nothing is; *here* is this machine's hour."""
    problem = _KNOWN.get(_slug(answer))
    if problem is ProblemType.CLOCK:
        there = f"{answer.date:%Y-%m-%d %H:%M:%S} UTC" if answer.date else _("more than 5 min away")
        return ClockOff(
            _(
                "This machine says {here} UTC, the hub says {there}. Set "
                "this machine's clock (NTP) and start again."
            ).format(here=f"{here:%Y-%m-%d %H:%M:%S}", there=there)
        )
    if problem is ProblemType.CHARTER:
        return CharterRefused(
            _(
                "The hub's charter is not the one that was packed under. Fetch it, sign it if "
                "it is new, and prepare the batch again with `preview`."
            )
        )
    if answer.status in _LATER or problem is ProblemType.STORAGE:
        return HubDown(
            _(
                "The hub at {url} answers that it cannot take anything now (HTTP {status}). "
                "Nothing is lost; start again later."
            ).format(url=url, status=answer.status)
        )
    if problem is None:
        return HubRefused(
            _(
                "The hub at {url} answered HTTP {status} without saying why. Check the "
                "address; something else may stand there."
            ).format(url=url, status=answer.status)
        )
    return HubRefused(
        _("The hub refused: {title} {remedy}").format(
            title=_(problem.value[2]), remedy=_(problem.value[3])
        ),
        problem.slug,
    )


def _slug(answer: Answer) -> str:
    try:
        return problem_slug(Problem.model_validate_json(answer.body))
    except ValidationError:
        return ""


def validated(parse: Callable[[bytes], Found], body: bytes) -> Found:
    """Return what *parse* makes of an answer.

    Raises:
        HubRefused: it does not follow the schema.
    """
    try:
        return parse(body)
    except ValidationError:
        raise HubRefused(
            _(
                "The hub's answer does not follow the schema of this version. Update the "
                "agent, or check that the address is the hub's."
            )
        ) from None


def parsed(answer: Answer, model: type[Model]) -> Model:
    """Return the message that an answer is; raises as ``validated``."""
    return validated(model.model_validate_json, answer.body)
