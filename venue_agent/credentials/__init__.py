"""The keys that the agent acts with: where they live, who may read them, how they change."""
