"""Finds what each column of an export says, asks what it cannot find, and writes the mapping."""
