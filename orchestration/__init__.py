"""Cuadre's Python: it moves data from the inbox to the published file; dbt decides what the data means.

Floors, in the only direction a row may move: inbox, raw, staging, focus, reconciled, marts, published.

Whoever imports any of it sends nothing out: see `settings.silence`.
"""

from orchestration.settings import silence

silence()
