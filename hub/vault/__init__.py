"""The only code that touches visit rows and vault keys."""
