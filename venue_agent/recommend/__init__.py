"""Advice inside one house: its own consenting people, the network's model, no connection."""
