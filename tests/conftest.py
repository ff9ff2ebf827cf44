"""What every test may ask for."""

pytest_plugins = [
    "tests.support.databases",
    "tests.support.english",
    "tests.support.key_rings",
    "tests.support.patience",
]
