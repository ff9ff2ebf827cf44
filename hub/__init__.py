"""The hub: receives sealed batches, publishes differentially private editions."""
