"""People and what they may do: pure rules, without a database or a page."""
