"""The empirical privacy audit: neighbours that were made up, drawn by the very code that publishes."""
