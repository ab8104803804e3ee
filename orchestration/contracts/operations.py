"""What was delivered and supported: tickets, delivery milestones, hours.

Lives here: the canonical contract of the operations extract. Does not: any ticketing system's own column names.
"""

from orchestration.contracts.model import Source, Table
from orchestration.contracts.words import columns

TICKETS = Table(
    source="operations",
    name="tickets",
    grain="one support ticket",
    stage=4,
    key=("ticket_id",),
    columns=columns(
        """
        ticket_id               text!
        customer_id             text!
        subscription_id         text
        priority                text! P1|P2|P3|P4
        kind                    text! incident|request|preventive|corrective|consumable
        created_at              timestamp!
        first_response_at       timestamp
        resolved_at             timestamp
        reopened_count          int
        paused_minutes          number
        sla_response_minutes    number
        sla_resolution_minutes  number
        status                  text!
        """,
        canonical=True,
    ),
)

DELIVERIES = Table(
    source="operations",
    name="deliveries",
    grain="one delivery milestone",
    stage=3,
    key=("delivery_id",),
    amount="billable_amount",
    currency="currency",
    columns=columns(
        """
        delivery_id      text!
        contract_id      text!
        customer_id      text!
        subscription_id  text
        milestone        text!
        planned_on       date!
        provisioned_at   timestamp
        delivered_at     timestamp
        accepted_at      timestamp
        acceptance_doc   text
        training_done    bool
        billable_amount  money
        currency         ccy
        """,
        canonical=True,
    ),
)

TIMESHEETS = Table(
    source="operations",
    name="timesheets",
    grain="hours of one engineer team on one own service on one day",
    stage=4,
    key=("timesheet_id",),
    columns=columns(
        """
        timesheet_id     text!
        customer_id      text!
        subscription_id  text
        worked_on        date!
        hours            qty!
        hourly_rate      price
        currency         ccy
        billable         bool!
        """,
        canonical=True,
    ),
)

SOURCE = Source(
    name="operations",
    title="Operations extract",
    kind="operations",
    manifest="cuadre",
    tables=(TICKETS, DELIVERIES, TIMESHEETS),
)
