"""The agent: runs inside a venue, lets leave only what the charter allows, sealed."""
