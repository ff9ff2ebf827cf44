"""What leaves with somebody's access or role: the open links that she made or could use, and what she proposed."""

from sqlalchemy import or_, update

from hub.store.tables_people import invitation, proposal
from hub.store.transaction import Transaction


def end_links(tx: Transaction, who: str, address: str) -> None:
    """Let the open links of a person die: hers to use, and those that she made for others."""
    own = or_(invitation.c.email == address, invitation.c.invited_by == who)
    tx.run(update(invitation).where(own, invitation.c.state == "open").values(state="revoked"))


def end_links_for(tx: Transaction, address: str) -> None:
    """Let the open links for one address die."""
    tx.run(
        update(invitation)
        .where(invitation.c.email == address, invitation.c.state == "open")
        .values(state="revoked")
    )


def refuse_proposals(tx: Transaction, who: str, *, by: str) -> None:
    """Refuse what she proposed: nobody confirms for somebody who is no longer trusted with it."""
    tx.run(
        update(proposal)
        .where(proposal.c.proposed_by == who, proposal.c.state == "open")
        .values(state="refused", decided_by=by, decided_at=tx.now())
    )
