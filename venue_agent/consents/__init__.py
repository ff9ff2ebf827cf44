"""What people answered, which answer decides, and the proof of it."""
