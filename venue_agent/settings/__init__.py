"""What venue IT writes: the mapping file and its parts, read without echoing them."""
