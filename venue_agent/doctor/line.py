"""Checks of the way to hub and custodian: proxy, line, certificate; then the clock, by the hub's own."""

import datetime as dt
from collections.abc import Iterator
from typing import Final

from contracts.api import PATH_CHARTER
from venue_agent.doctor import probe
from venue_agent.doctor.causes import ill
from venue_agent.doctor.finding import Finding, State, skipped, well
from venue_agent.doctor.patient import Patient
from venue_agent.doctor.probe import Certificate, Refused, Route
from venue_agent.errors import ConfigError
from venue_agent.network.transport import Unreachable, checked_url, new_sender
from venue_agent.words import _, mark

MOST_SECONDS: Final = 300
"""What hub and custodian allow (contracts.signing); beyond it they refuse every request."""
DRIFT_SECONDS: Final = 60
RENEWAL_DAYS: Final = 14
UNANSWERED: Final = mark("not checked: no connection")


def line(patient: Patient) -> Iterator[Finding]:
    """Check proxy, line and certificate, server by server; a step that fails hides those behind it."""
    for url, contact in ((patient.hub_url, patient.contact), (patient.custodian_url, patient.custodian_contact)):  # fmt: skip
        if url:
            found = list(_server(patient, url, contact))
            if any(each.state is State.FAILED for each in found):
                patient.silent.add(url)
            yield from found
    if not patient.hub_url and not patient.custodian_url:
        yield skipped("line", _("not checked: no address yet; --hub and --custodian try one"))


def clock(patient: Patient) -> Iterator[Finding]:
    """Compare this machine's clock with the hub's."""
    if patient.hub_url in patient.silent:
        yield skipped("clock", _(UNANSWERED))
    elif patient.hub_url:
        try:
            answer = new_sender()("GET", checked_url(patient.hub_url) + PATH_CHARTER, b"", {})
        except (Unreachable, ConfigError):
            yield skipped("clock", _(UNANSWERED))
        else:
            yield judge_clock(patient.clock.now(), answer.date)


def judge_clock(here: dt.datetime, there: dt.datetime | None) -> Finding:
    """Judge this machine's instant against the one that the hub wrote on its answer."""
    if there is None:
        return skipped("clock", _("not checked: the hub does not date its answers"))
    seconds = round(abs((here - there).total_seconds()))
    if seconds > MOST_SECONDS:
        told = {"here": f"{here:%Y-%m-%d %H:%M:%S}", "there": f"{there:%Y-%m-%d %H:%M:%S}"}
        return ill("clock-off", seconds=seconds, most=MOST_SECONDS, **told)
    if seconds > DRIFT_SECONDS:
        return ill("clock-drifts", seconds=seconds, least=DRIFT_SECONDS)
    return well("clock", _("{seconds} s from the hub's").format(seconds=seconds))


def judge_certificate(shown: Certificate, host: str, now: dt.datetime, contact: str) -> Finding:
    """Judge a certificate: its dates, its names, then who vouches for it."""
    today = f"{now:%Y-%m-%d}"
    if now > shown.ends:
        return ill("tls-expired", host=host, day=f"{shown.ends:%Y-%m-%d}", today=today, contact=contact)  # fmt: skip
    if now < shown.begins:
        return ill("tls-early", host=host, day=f"{shown.begins:%Y-%m-%d}", today=today, contact=contact)  # fmt: skip
    if not shown.is_of(host):
        return ill("tls-name", host=host, names=", ".join(shown.names) or "?")
    if not shown.trusted:
        kept_in = probe.store() or _("this system's store of certificates")
        return ill("tls-issuer", host=host, issuer=shown.issuer, store=kept_in, contact=contact)
    days = (shown.ends - now).days
    if days < RENEWAL_DAYS:
        return ill("tls-soon", host=host, days=days, least=RENEWAL_DAYS, contact=contact)
    told = _("{host}: valid until {day}, signed by {issuer}, known to {store}")
    return well("tls", told.format(host=host, day=f"{shown.ends:%Y-%m-%d}", issuer=shown.issuer,
                                   store=probe.store() or _("this system's store of certificates")))  # fmt: skip


def _server(patient: Patient, url: str, contact: str) -> Iterator[Finding]:
    try:
        route = probe.route_to(checked_url(url), patient.environment)
    except ConfigError as error:
        yield ill("address-wrong", error=error)
        return
    if broken := _reached(route, contact):
        yield broken
        return
    if route.proxy:
        yield well("proxy", _("{proxy} ({where}) for {host}").format(
            proxy=route.shown_proxy, where=_where(route), host=route.host))  # fmt: skip
    else:
        told = _("{host}, port {port}: answers, no proxy in between")
        yield well("line", told.format(host=route.host, port=route.port))
    if route.secure:
        yield _secured(patient, route, contact)
    else:
        yield well("tls", _("{host}: this very machine, nothing to encrypt").format(host=route.host))  # fmt: skip


def _reached(route: Route, contact: str) -> Finding | None:
    """Return what is wrong with the first machine of the way; None when it answers."""
    try:
        probe.connect(route)
    except Refused as refused:
        if route.proxy:
            return ill("proxy-dead", proxy=route.shown_proxy, where=_where(route), host=route.host, error=refused)  # fmt: skip
        if refused.step == "name":
            return ill("name-unknown", host=route.host)
        return ill("line-cut", host=route.host, port=route.port, error=refused, contact=contact)
    return None


def _secured(patient: Patient, route: Route, contact: str) -> Finding:
    try:
        shown = probe.certificate(route)
    except Refused as refused:
        if refused.step == "proxy":
            return ill("proxy-refuses", proxy=route.shown_proxy, host=route.host, error=refused)
        return ill("tls-other", host=route.host, error=refused, contact=contact)
    return judge_certificate(shown, route.host, patient.clock.now(), contact)


def _where(route: Route) -> str:
    return route.where or _("the system's setting")
