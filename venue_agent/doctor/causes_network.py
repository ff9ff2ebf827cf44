"""What can be wrong between this machine and the network: proxy, line, certificates, clock, charter, chain, quota."""

from types import MappingProxyType
from typing import Final

from venue_agent.doctor.finding import Cause, State
from venue_agent.words import mark

NETWORK: Final = MappingProxyType(
    {
        "proxy-dead": Cause(
            "proxy", State.FAILED,
            mark("the proxy {proxy} ({where}) does not answer: {error}"),
            mark("a proxy that answers, or none"),
            mark("Correct HTTPS_PROXY (or the system's setting), or name {host} in NO_PROXY. Whoever looks after your network knows the proxy."),
        ),
        "proxy-refuses": Cause(
            "proxy", State.FAILED,
            mark("the proxy {proxy} does not let through to {host}: {error}"),
            mark("HTTPS to {host} let through"),
            mark("Ask whoever looks after your network to let HTTPS through to {host}; with 407, put user and password in HTTPS_PROXY."),
        ),
        "address-wrong": Cause(
            "line", State.FAILED,
            mark("{error}"),
            mark("the address of the invitation"),
            mark("Copy the address from the invitation again, into agent.toml or after --hub and --custodian."),
        ),
        "name-unknown": Cause(
            "line", State.FAILED,
            mark("the name {host} is not known here"),
            mark("a name that DNS knows"),
            mark("See whether this machine has Internet at all; if it has, compare the address with the invitation, then ask your network for its DNS."),
        ),
        "line-cut": Cause(
            "line", State.FAILED,
            mark("{host}, port {port}: {error}"),
            mark("a server that answers"),
            mark("See whether this machine has Internet at all; if it has, ask your network to let TCP {port} out to {host}, then call {contact}."),
        ),
        "tls-expired": Cause(
            "tls", State.FAILED,
            mark("the certificate of {host} expired on {day}; here it is {today}"),
            mark("a certificate that is valid today"),
            mark("If this machine's date is right, call {contact}, who renews it; if not, set the date."),
        ),
        "tls-early": Cause(
            "tls", State.FAILED,
            mark("the certificate of {host} is not valid before {day}; here it is {today}"),
            mark("a certificate that is valid today"),
            mark("This machine's date is probably wrong: `timedatectl set-ntp true` (Linux), `w32tm /resync` (Windows). If it is right, call {contact}."),
        ),
        "tls-name": Cause(
            "tls", State.FAILED,
            mark("the certificate shown for {host} is of {names}"),
            mark("a certificate of {host}"),
            mark("Compare the address with the invitation; if it is right, something stands in between: ask whoever looks after your network."),
        ),
        "tls-issuer": Cause(
            "tls", State.FAILED,
            mark("the certificate of {host} is signed by {issuer}, which {store} does not know"),
            mark("an authority that this machine trusts"),
            mark("If that is your own network's authority, add it to the system: on Debian its .crt in /usr/local/share/ca-certificates, then `update-ca-certificates`; on Windows `certutil -addstore Root FILE.crt`. If not, send nothing and call {contact}."),
        ),
        "tls-other": Cause(
            "tls", State.FAILED,
            mark("no secure connection with {host}: {error}"),
            mark("TLS 1.2 or newer, from end to end"),
            mark("A filter of your network may open or cut secure connections: ask whoever looks after it, then {contact}."),
        ),
        "tls-soon": Cause(
            "tls", State.WARNING,
            mark("the certificate of {host} expires in {days} days"),
            mark("{least} days at least"),
            mark("Tell {contact}."),
        ),
        "clock-off": Cause(
            "clock", State.FAILED,
            mark("this machine says {here} UTC, the hub {there}: {seconds} s apart"),
            mark("{most} s at most, else every signature is refused"),
            mark("Set the clock by the network: `timedatectl set-ntp true` (Linux), `w32tm /resync` (Windows)."),
        ),
        "clock-drifts": Cause(
            "clock", State.WARNING,
            mark("{seconds} s away from the hub's clock"),
            mark("{least} s at most"),
            mark("Set the clock by the network: `timedatectl set-ntp true` (Linux), `w32tm /resync` (Windows)."),
        ),
        "hub-odd": Cause(
            "hub", State.FAILED,
            mark("{error}"),
            mark("a hub of Farandole"),
            mark("Open {url} in a browser: a page of your network may answer in its place. Compare the address with the invitation, update the agent, or call the network."),
        ),
        "hub-down": Cause(
            "hub", State.FAILED,
            mark("{error}"),
            mark("a hub that answers"),
            mark("Nothing is lost. Try again in an hour; then call {contact}."),
        ),
        "fingerprint-other": Cause(
            "hub", State.FAILED,
            mark("the hub shows the fingerprint {found}…"),
            mark("{expected}…, confirmed when this venue joined"),
            mark("Send nothing. Call the network's coordination, by a number that you know."),
        ),
        "charter-none": Cause(
            "charter", State.WARNING,
            mark("there is no charter in force yet"),
            mark("a charter that every venue has signed"),
            mark("Wait until the network tells you, then run `venue-agent init` to read and sign it."),
        ),
        "charter-unsigned": Cause(
            "charter", State.FAILED,
            mark("this venue has not signed revision {revision}"),
            mark("the signatures of all members"),
            mark("Read and sign it: `venue-agent init`"),
        ),
        "charter-waits": Cause(
            "charter", State.FAILED,
            mark("{error}"),
            mark("the signatures of all members"),
            mark("Nothing to do here: tell {contact}."),
        ),
        "charter-over": Cause(
            "charter", State.FAILED,
            mark("{error}"),
            mark("a charter in force"),
            mark("If this machine's date is right, ask {contact} for the next charter; then `venue-agent init`"),
        ),
        "charter-broken": Cause(
            "charter", State.FAILED,
            mark("{error}"),
            mark("a charter that every member signed, as it is"),
            mark("Send nothing. Tell {contact} and your DPO."),
        ),
        "charter-stranger": Cause(
            "charter", State.FAILED,
            mark("the charter names another key for this venue ({found}…) than the one kept here ({expected}…)"),
            mark("the venue's own key"),
            mark("If the key was changed or restored, put the right one back; if not, send nothing, tell {contact} and your DPO."),
        ),
        "charter-back": Cause(
            "charter", State.FAILED,
            mark("the hub shows revision {found}; this venue already obeyed revision {expected}, another one"),
            mark("never an older charter"),
            mark("Send nothing. Tell {contact} and your DPO."),
        ),
        "charter-changed": Cause(
            "charter", State.WARNING,
            mark("revision {found} is in force; this venue last used revision {before}"),
            mark("a charter that somebody here has read"),
            mark("Read what changed with your DPO (`venue-agent init` shows it), then `venue-agent preview`"),
        ),
        "charter-soon": Cause(
            "charter", State.WARNING,
            mark("the charter expires on {day}, in {days} days"),
            mark("{least} days at least"),
            mark("Ask {contact} for the next one."),
        ),
        "chain-forked": Cause(
            "chain", State.FAILED,
            mark("{error}"),
            mark("a chain that goes on from the head kept here"),
            mark("Send nothing. Tell {contact} and your DPO: the hub was restored from an old backup, or shows two histories."),
        ),
        "memory-damaged": Cause(
            "chain", State.FAILED,
            mark("{error}"),
            mark("the last charter and head that were seen"),
            mark("Ask {contact} for the charter's fingerprint and the head of the chain, compare, then remove network.json."),
        ),
        "custodian-silent": Cause(
            "custodian", State.FAILED,
            mark("{error}"),
            mark("a custodian of Farandole"),
            mark("Try again in an hour; then call {contact}. What is here already waits without harm."),
        ),
        "custodian-other": Cause(
            "custodian", State.FAILED,
            mark("the custodian shows another key for {season} ({found}…)"),
            mark("{expected}…, as the signed charter says"),
            mark("Send nothing. Tell {contact} and the custodian: one of them is not who it says."),
        ),
        "not-enrolled": Cause(
            "quota", State.FAILED,
            mark("the custodian does not know this venue's key"),
            mark("a venue enrolled with the custodian"),
            mark("Ask {contact} for a one-time code, then `venue-agent init` with it after --custodian-code."),
        ),
        "quota-out": Cause(
            "quota", State.FAILED,
            mark("{left} identifiers left of {cap} for {season}"),
            mark("{least} at least: one request"),
            mark("Ask {contact} to approve a rebuild (`quota raise` at the custodian)."),
        ),
        "quota-low": Cause(
            "quota", State.WARNING,
            mark("{left} identifiers left of {cap} for {season}"),
            mark("a tenth at least"),
            mark("Ask {contact} to approve a rebuild before it is used up."),
        ),
        "quota-day": Cause(
            "quota", State.WARNING,
            mark("today's quota is used up: {spent} of {cap} identifiers"),
            mark("some left for today"),
            mark("Wait until tomorrow (UTC): what was evaluated is kept here and costs nothing again."),
        ),
    }
)  # fmt: skip
