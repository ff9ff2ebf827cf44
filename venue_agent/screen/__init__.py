"""What people are shown of all this, in words and counts, before it becomes a page."""
