"""What every room may use: SQL literals, hashes of files, spreadsheet-safe cells, the memory of the machine. Knows nothing of closes."""
