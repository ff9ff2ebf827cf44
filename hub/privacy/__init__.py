"""Bounding, noise, thresholds and what they cost; pure."""
