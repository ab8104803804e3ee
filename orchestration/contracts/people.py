"""Who does the closing, what they are certified in, and what improving the process costs.

Lives here: the canonical contract of the people extract. Does not: any payroll system's own column names.
"""

from orchestration.contracts.model import Source, Table
from orchestration.contracts.words import columns

ROSTER = Table(
    source="people",
    name="roster",
    grain="one analyst's planned and available hours in one week",
    stage=5,
    key=("analyst_id", "week"),
    columns=columns(
        """
        analyst_id       text!
        country          country!
        week             date!
        planned_hours    qty!
        available_hours  qty!
        """,
        canonical=True,
    ),
)

CERTIFICATIONS = Table(
    source="people",
    name="certifications",
    grain="one certificate of one analyst",
    stage=5,
    key=("analyst_id", "skill", "valid_from"),
    columns=columns(
        """
        analyst_id  text!
        skill       text! nce_licence|azure_plan|reservation|marketplace|pec|aws|gcp|security
        valid_from  date!
        valid_to    date
        """,
        canonical=True,
    ),
)

IMPROVEMENT_SPEND = Table(
    source="people",
    name="improvement_spend",
    grain="one improvement expense",
    stage=5,
    key=("spend_id",),
    amount="amount",
    currency="currency",
    columns=columns(
        """
        spend_id     text!
        spent_on     date!
        pillar       text! metodo|automatizacion|mano_de_obra|other
        kind         text! capex|opex
        amount       money!
        currency     ccy!
        country      country
        approved_by  text
        """,
        canonical=True,
    ),
)

ANALYSTS = Table(
    source="people",
    name="analysts",
    grain="one person in one role for one validity range",
    stage=5,
    key=("analyst_id", "role", "valid_from"),
    columns=columns(
        """
        analyst_id    text!  # a pseudonym, never a name
        country       country!
        team          text!
        role          text! analyst|controller|finance_lead|data_team|auditor
        valid_from    date!
        valid_to      date
        leave_reason  text
        """,
        canonical=True,
    ),
)

AUTHORITY = Table(
    source="people",
    name="authority",
    grain="one limit of one role on one kind of decision",
    stage=5,
    key=("role", "decision", "country", "valid_from"),
    columns=columns(
        """
        role         text! analyst|controller|finance_lead|data_team|auditor
        decision     text! accept|bill|credit|dispute|recover|write_off|map_customer|explain|certify|lock|reopen|override
        country      country  ~ every country  # a limit of the whole region is written once
        may_prepare  bool!
        may_approve  bool!
        limit_usd    money  ~ no limit  # certify, lock and reopen have no amount
        valid_from   date!
        valid_to     date
        """,
        canonical=True,
    ),
)

SOURCE = Source(
    name="people",
    title="People extract",
    kind="people",
    carries_forward=True,
    manifest="cuadre",
    tables=(ROSTER, CERTIFICATIONS, IMPROVEMENT_SPEND, ANALYSTS, AUTHORITY),
)
