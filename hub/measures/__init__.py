"""The catalogue of statistics, one file each; pure."""
