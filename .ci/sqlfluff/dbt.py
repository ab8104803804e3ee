"""What sqlfluff sees of dbt's own macros."""


def type_string():
    """The engine's text type."""
    return "varchar"
