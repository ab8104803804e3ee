"""The DuckDB file of a month: who may write it, what stands in it, and how dbt builds it."""
