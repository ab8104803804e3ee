"""`cuadre explain`: the trace of one charge, finding, unit or invoice as a person reads it in the terminal.

Lives here: printing. Does not: finding anything (trace), nor the sentences (verdicts) and headings (sentences).
"""

from __future__ import annotations

from decimal import Decimal

from rich.console import Console
from rich.table import Table as Grid
from rich.text import Text
from rich.tree import Tree

from orchestration.console.terminal import visible
from orchestration.console.trace import trace
from orchestration.settings import Paths
from orchestration.wording.sentences import PLACES


def show(
    console: Console,
    paths: Paths,
    identifier: str,
    lang: str = "en",
    *,
    kind: str | None = None,
    period: str | None = None,
) -> None:
    """Print the verdict, then the trace as a tree, one branch a place."""
    traced, words = trace(paths, identifier, kind=kind, period=period), PLACES[lang]
    console.print(Text(visible(traced.verdict[lang]), style="bold"))
    months = words["period"].format(period=traced.subject.period)
    if traced.subject.others:
        months += "; " + words["others"].format(periods=", ".join(traced.subject.others))
    tree = Tree(_titled(identifier, months))
    for evidence in traced.evidence:
        branch = tree.add(_titled(words[evidence.kind], evidence.place))
        if evidence.count is not None and evidence.count > len(evidence.rows):
            branch.add(Text(words["more"].format(shown=len(evidence.rows), count=f"{evidence.count:,}"), style="dim"))
        if not evidence.rows:
            branch.add(Text(words[evidence.note or "none"], style="dim"))
        for row in evidence.rows:
            grid = Grid(show_header=False, box=None, padding=(0, 1))
            for name, value in row.items():
                if value is not None:
                    said = words[str(value)] if name == "line_unknown" else _plain(value)
                    grid.add_row(Text(visible(name), style="dim"), Text(visible(said)))
            branch.add(grid)
    console.print(tree)


def _titled(title: str, beside: str) -> Text:
    """A heading and what stands beside it. Both may hold a sender's words: they are text, never markup."""
    return Text.assemble((visible(title), "bold"), "  ", visible(beside))


def _plain(value: object) -> str:
    """A value as a person writes it: an amount without the zeros that its type adds."""
    if isinstance(value, Decimal):
        text = f"{value:f}"
        return text.rstrip("0").rstrip(".") if "." in text else text
    return str(value)
