"""What every test may ask for."""

from hypothesis import settings

pytest_plugins = [
    "tests.support.databases",
    "tests.support.english",
    "tests.support.key_rings",
    "tests.support.patience",
]

settings.register_profile("shared", deadline=None)  # a busy machine is no finding of a property
settings.load_profile("shared")
