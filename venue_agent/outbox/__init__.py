"""What waits to leave, what must be true before it does, and what has left."""
