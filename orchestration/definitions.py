"""The code location: everything Dagster shows and runs. Composition only."""

from __future__ import annotations

import dagster as dg

from orchestration.defs import automation, floors, home, outputs, sources, warehouse

defs = dg.Definitions(
    assets=[
        *sources.received,
        warehouse.open_warehouse,
        floors.staging,
        floors.focus,
        floors.reconciled,
        warehouse.gates,
        outputs.customer_proposals,
        floors.marts,
        outputs.release,
    ],
    jobs=[automation.close_job],
    schedules=[automation.nightly],
    sensors=[automation.inbox_changed],
    resources={"home": home.Home()},
    # Whatever a person materialises runs in one process: it alone may write the home, and pays once for dbt and the checklists.
    executor=dg.in_process_executor,
)
