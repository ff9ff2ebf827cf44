"""The public JSON API over what was published; ``contracts.public_api`` has its paths and its messages."""
