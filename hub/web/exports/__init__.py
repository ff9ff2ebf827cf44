"""Files made of a published edition: workbooks, JSON, Parquet, pictures and reports; the same bytes at every call."""
