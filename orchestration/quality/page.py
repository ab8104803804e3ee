"""The checklists of one close as a page that needs nothing but itself: to read, to print, to sign.

Lives here: one HTML file a language, made from the items that were published. Does not: judge. GX's own Data Docs stand beside
it with every expectation in GX's words; their pages fetch their looks from the network, this one does not.
"""

from __future__ import annotations

from itertools import groupby
from pathlib import Path

import jinja2
import polars as pl

from orchestration.settings import Paths

WORDS = {
    "es": {
        "title": "Listas de control", "passed": "cumplidos", "failed": "no cumplidos", "item": "punto", "severity": "severidad",
        "stage": "etapa", "cause": "7M", "owner": "responsable", "observed": "observado", "rows": "filas", "why": "por qué",
        "block": "bloquea", "warn": "avisa", "report": "informa", "as_of": "con lo recibido hasta", "close": "cierre",
        "data_team": "equipo de datos", "billing_analyst": "analista de facturación", "finance_lead": "finanzas",
        "sales_operations": "operaciones comerciales", "provider_manager": "gestión de proveedores", "tax_lead": "impuestos",
    },
    "pt": {
        "title": "Listas de verificação", "passed": "cumpridos", "failed": "não cumpridos", "item": "item",
        "severity": "severidade", "stage": "etapa", "cause": "7M", "owner": "responsável", "observed": "observado",
        "rows": "linhas", "why": "por quê", "block": "bloqueia", "warn": "avisa", "report": "informa",
        "as_of": "com o recebido até", "close": "fechamento",
        "data_team": "equipe de dados", "billing_analyst": "analista de faturamento", "finance_lead": "finanças",
        "sales_operations": "operações comerciais", "provider_manager": "gestão de provedores", "tax_lead": "tributos",
    },
    "en": {
        "title": "Checklists", "passed": "passed", "failed": "not passed", "item": "item", "severity": "severity",
        "stage": "stage", "cause": "7M", "owner": "owner", "observed": "observed", "rows": "rows", "why": "why",
        "block": "blocks", "warn": "warns", "report": "reports", "as_of": "with what had arrived by", "close": "close",
        "data_team": "data team", "billing_analyst": "billing analyst", "finance_lead": "finance",
        "sales_operations": "sales operations", "provider_manager": "provider management", "tax_lead": "tax",
    },
}  # fmt: skip


def write_pages(paths: Paths, period: str, items: pl.DataFrame) -> list[Path]:
    """Write `quality/checklists/<period>.<language>.html` from a close's `fct_checklist_item`; returns the files."""
    folder = paths.quality / "checklists"
    folder.mkdir(parents=True, exist_ok=True)
    environment = jinja2.Environment(loader=jinja2.FileSystemLoader(Path(__file__).parent), autoescape=True)
    template = environment.get_template("checklist.html.j2")
    rows = items.to_dicts()
    suites = [
        {
            "floor": floor,
            "name": suite,
            "items": sorted(judged, key=lambda item: item["passed"]),
            "failed": sum(not item["passed"] for item in judged),
        }
        for (floor, suite), group in groupby(rows, key=lambda item: (item["floor"], item["suite"]))
        for judged in [list(group)]
    ]
    written = []
    for language, words in WORDS.items():
        file = folder / f"{period}.{language}.html"
        file.write_text(
            template.render(
                period=period, language=language, languages=WORDS, words=words, suites=suites, first=rows[0]
            ),
            encoding="utf-8",
        )
        written.append(file)
    return written
