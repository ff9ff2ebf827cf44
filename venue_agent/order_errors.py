"""How a partner's order can fail in a house, one exit code each, as every error of the agent."""

from venue_agent.errors import AgentError


class OrderUnknown(AgentError):
    """No order of that number or name has come to this house."""

    exit_code = 80


class OrderForged(AgentError):
    """An order was not signed by the charter's hub, or was altered since."""

    exit_code = 81


class OrderForeign(AgentError):
    """An order is addressed to another house, or does not follow the charter."""

    exit_code = 82


class OrderReplayed(AgentError):
    """An order was run or refused already, or comes again with other words."""

    exit_code = 83


class OrderExpired(AgentError):
    """An order's last day is over; nothing may be sent for it."""

    exit_code = 84


class BeyondPolicy(AgentError):
    """An order asks for more than this house's own policy allows."""

    exit_code = 85


class OrderUndecided(AgentError):
    """Nobody of this house approved the order."""

    exit_code = 86


class TooFewPeople(AgentError):
    """An order selects fewer people than anything may be sent to."""

    exit_code = 87


class TokensMissing(AgentError):
    """People have no tokens of this season here: who is held out cannot be told."""

    exit_code = 88
