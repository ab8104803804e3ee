"""What sqlfluff sees of dbt's target."""

type = "duckdb"  # noqa: A001 (dbt's word)
name = "month"
