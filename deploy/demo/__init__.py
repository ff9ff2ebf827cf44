"""A fictitious network of twelve houses and 20,000 people, to see everything work without anyone real."""
