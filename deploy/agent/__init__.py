"""How the agent is delivered: a wheel, a single file, a Debian package; and from which wheels it is made."""
