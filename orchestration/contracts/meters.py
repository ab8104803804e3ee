"""Own metered services: equipment, consumables, any counter.

Lives here: the canonical contract of the readings. Does not: what a reading is worth (the CRM's contract says).
"""

from orchestration.contracts.model import Source, Table
from orchestration.contracts.words import columns

SOURCE = Source(
    name="meters",
    title="Meter readings",
    kind="provider",
    manifest="cuadre",
    tables=(
        Table(
            source="meters",
            name="readings",
            grain="one counter read at one time",
            stage=5,
            key=("meter_id", "counter", "read_at"),
            columns=columns(
                """
                meter_id      text!
                counter       text!
                read_at       timestamp!
                value         qty!
                unit          text!
                reading_kind  text! actual|estimated|reset
                customer_ref  text
                """,
                canonical=True,
            ),
        ),
    ),
)
