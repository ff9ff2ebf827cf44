"""`venue-agent doctor`: looks at all that the agent needs, and names the remedy of whatever is wrong."""
