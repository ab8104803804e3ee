"""What sqlfluff sees of dbt's target."""

type = "duckdb"
name = "month"
