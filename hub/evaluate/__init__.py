"""What the recommendation method is worth, on invented worlds; it never reads a vault."""
