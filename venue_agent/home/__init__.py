"""The agent's own folder: its version, lock, journal, and everything that it keeps."""
