"""What every room may use: DuckDB text, spreadsheet-safe cells, the memory of the machine. Knows nothing of closes."""
