"""What a venue's export may be made of: text, a spreadsheet, Parquet, or rows of a database."""
