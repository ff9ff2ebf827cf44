"""Writes each house's mapping file for its agent: the preset of its layout, its words for yes, its other files."""

from deploy.demo.houses import House


def mapping_toml(house: House, files: tuple[str, ...]) -> str:
    """Return the text of ``mapping.toml`` for *house*, whose other files are named in *files*."""
    return f'preset = "{house.layout}"\nfiles = {list(files)!r}\n'
