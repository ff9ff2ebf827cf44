"""One person, one record, inside one venue: who is who, and who buys for others."""
