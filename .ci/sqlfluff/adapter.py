"""What sqlfluff sees of dbt's adapter: a macro that each engine has its own of becomes a call by the macro's name."""


def dispatch(name, *_):
    """The macro of this engine; its text does not matter to the form of the model that uses it."""
    return lambda *arguments, **named: f"{name}({', '.join(str(each) for each in (*arguments, *named.values()))})"
