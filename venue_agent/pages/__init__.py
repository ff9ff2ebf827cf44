"""Local pages of the agent, made on this machine and read on it: no script, nothing from elsewhere."""
