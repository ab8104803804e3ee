"""What was sold: customers, their identities, opportunities, contracts, subscriptions, renewals.

Lives here: the canonical contract of the CRM extract. Does not: any CRM's own column names (its adapter's).
"""

from orchestration.contracts.model import Source, Table
from orchestration.contracts.words import columns

CUSTOMERS = Table(
    source="crm",
    name="customers",
    grain="one customer account",
    stage=1,
    key=("customer_id",),
    columns=columns(
        """
        customer_id         text!
        customer_code       text
        legal_name          text!
        country             country!
        fiscal_id           text!
        parent_customer_id  text
        email_domain        text
        segment             text A|B|C
        status              text! active|inactive|internal
        withholding_agent   bool
        owner               text
        agreed_bank_fee     money  # what the customer may leave to the banks of one payment, document currency
        """,
        canonical=True,
    ),
)

CUSTOMER_XREF = Table(
    source="crm",
    name="customer_xref",
    grain="one external identity of one customer for one validity range",
    stage=2,
    key=("id_system", "id_value", "valid_from"),
    columns=columns(
        """
        id_system     text! ms_tenant_id|ms_domain|aws_account_id|gcp_project|gcp_billing_account|vendor_account|meter_id|erp
        id_value      text!
        customer_id   text!
        valid_from    date!
        valid_to      date
        match_method  text! fiscal_id|tenant|domain|manual|approved_proposal
        approved_by   text
        approved_at   timestamp
        """,
        canonical=True,
    ),
)

OPPORTUNITIES = Table(
    source="crm",
    name="opportunities",
    grain="one opportunity",
    stage=1,
    key=("opportunity_id",),
    amount="amount",
    currency="currency",
    columns=columns(
        """
        opportunity_id     text!
        customer_id        text!
        name               text
        stage              text!
        status             text! open|won|lost
        amount             money!
        currency           ccy!
        quoted_margin_pct  number
        price_list_id      text
        created_at         timestamp!
        closed_at          timestamp
        expected_close     date
        probability_pct    number
        country            country!
        """,
        canonical=True,
    ),
)

CONTRACTS = Table(
    source="crm",
    name="contracts",
    grain="one contract",
    stage=2,
    key=("contract_id",),
    columns=columns(
        """
        contract_id          text!
        customer_id          text!
        opportunity_id       text
        signed_at            date
        activated_at         date
        start_date           date!
        end_date             date
        status               text! draft|active|suspended|terminated|expired
        approved_by          text
        approved_margin_pct  number
        sla_code             text
        po_number            text
        po_amount            money
        currency             ccy!
        country              country!
        """,
        canonical=True,
    ),
)

SUBSCRIPTIONS = Table(
    source="crm",
    name="subscriptions",
    grain="one subscription of one contract, as valid between two dates (a change of quantity or price is a new row)",
    stage=2,
    key=("subscription_id", "valid_from"),
    columns=columns(
        """
        subscription_id           text!
        contract_id               text!
        customer_id               text!
        provider                  text!  # microsoft|aws|gcp|oracle|own or any vendor's name
        provider_subscription_id  text!
        product_code              text!
        family                    text! csp_licence|azure|aws|gcp|oracle|cybersecurity|metered|own_service
        quantity                  qty
        price_basis               text! per_unit|markup_pct_on_cost|discount_off_list|passthrough|fixed_fee|metered
        unit_price                price
        price_value               number  # a fraction for markup and discount
        price_period              text month|year
        currency                  ccy!
        term                      text P1M|P1Y|P3Y
        billing_frequency         text! monthly|annual|one_time
        start_date                date!
        end_date                  date
        suspended_from            date
        suspended_to              date
        trial_end                 date
        auto_renew                bool
        valid_from                date!
        valid_to                  date
        status                    text! active|suspended|terminated
        min_commit_amount         money
        included_quantity         qty
        overage_price             price
        uplift_pct                number
        promo_end                 date
        promo_discount_pct        number
        pass_credits              bool
        margin_floor_pct          number
        """,
        canonical=True,
    ),
)

RENEWALS = Table(
    source="crm",
    name="renewals",
    grain="one renewal decision",
    stage=6,
    key=("subscription_id", "renewal_due_date"),
    amount="mrr_due",
    currency="currency",
    columns=columns(
        """
        subscription_id      text!
        customer_id          text!
        renewal_due_date     date!
        mrr_due              money!
        currency             ccy!
        decision             text! renewed|churned|downsold|upsold|pending
        decided_at           date
        new_subscription_id  text
        new_mrr              money
        reason               text
        """,
        canonical=True,
    ),
)

SOURCE = Source(
    name="crm",
    title="CRM extract",
    kind="crm",
    carries_forward=True,
    manifest="cuadre",
    tables=(CUSTOMERS, CUSTOMER_XREF, OPPORTUNITIES, CONTRACTS, SUBSCRIPTIONS, RENEWALS),
)
