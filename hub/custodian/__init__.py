"""The other legal entity: evaluates blinded points, witnesses the chain."""
