"""The hub and the custodian as the agent sees them, and what it remembers of them."""
