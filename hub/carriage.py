"""The custodian as the vault meets it when a season opens: signed requests, full of blinded points."""

from dataclasses import dataclass, field
from typing import Final, TypeVar

import requests
from pydantic import ValidationError

from contracts.api import (
    PATH_CARRIAGES,
    PATH_CARRY,
    Carriage,
    CarriageRequest,
    CarryRequest,
    CarryResponse,
)
from contracts.base import Wire, canonical
from contracts.charter import SignedCharter
from contracts.clock import Clock
from contracts.ristretto import POINT_BYTES
from contracts.signing import Outgoing, sign_request
from hub.errors import CarriageRefused, WitnessUnreachable

TIMEOUT_SECONDS: Final = 120
Model = TypeVar("Model", bound=Wire)


@dataclass
class HttpCarrier:
    """Carries from one season to the one that *charter* names; asks for the grant before the first point."""

    charter: SignedCharter
    former: str
    key: bytes = field(repr=False)  # the hub's signing key, which the custodian has pinned
    clock: Clock
    session: requests.Session = field(default_factory=requests.Session)
    granted: Carriage | None = None

    def carry(self, points: bytes) -> bytes:
        """Return δ·B for each 32-byte point.

        Raises:
            WitnessUnreachable: the custodian does not answer.
            CarriageRefused: it does not carry under this charter, or holds the network's quota for spent.
        """
        if self.granted is None:
            asked = CarriageRequest(charter=self.charter, former=self.former)
            self.granted = self._post(PATH_CARRIAGES, asked, Carriage)
        text, width = points.hex(), 2 * POINT_BYTES
        request = CarryRequest(
            network=self.charter.charter.network,
            former=self.former,
            season=self.charter.charter.pseudonym_season,
            points=[text[at : at + width] for at in range(0, len(text), width)],
        )
        return bytes.fromhex("".join(self._post(PATH_CARRY, request, CarryResponse).points))

    def _post(self, path: str, message: Wire, kind: type[Model]) -> Model:
        charter = self.charter.charter
        url, body = charter.custodian.url.rstrip("/") + path, canonical(message)
        headers = sign_request(Outgoing("POST", url, body), self.key, charter.network, self.clock)
        headers["Content-Type"] = "application/json"
        try:
            answer = self.session.post(url, data=body, headers=headers, timeout=TIMEOUT_SECONDS)
        except requests.RequestException as error:
            raise WitnessUnreachable(
                "The custodian at {url} does not answer. Nothing was changed; open the season again later.",
                url=charter.custodian.url,
            ) from error
        if not answer.ok:
            raise CarriageRefused(
                "The custodian does not carry the pseudonyms of {former} (status {status_code}). Nothing was "
                "changed. Its operator must allow this very charter with `farandole-custodian season carry`, "
                "and hold both seasons' keys.",
                former=self.former,
                status_code=answer.status_code,
            )
        try:
            return kind.model_validate_json(answer.content)
        except ValidationError as error:
            raise CarriageRefused(
                "The custodian's answer does not follow its schema. Nothing was changed; check its address "
                "in the charter."
            ) from error
