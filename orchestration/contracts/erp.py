"""What was invoiced and collected: documents, their lines, payments, and what was applied to each invoice.

Lives here: the canonical contract of the ERP extract. Does not: any ERP's own column names (its adapter's).
"""

from orchestration.contracts.model import Source, Table
from orchestration.contracts.words import columns

INVOICES = Table(
    source="erp",
    name="invoices",
    grain="one customer document (invoice, credit note, debit note)",
    stage=5,
    key=("company_id", "invoice_id"),
    amount="total_amount",
    currency="currency",
    columns=columns(
        """
        company_id             text!
        invoice_id             text!
        doc_class              text! invoice|credit_note|debit_note|cancellation
        fiscal_doc_type        text
        fiscal_number          text
        legal_status           text accepted|rejected|pending|annulled
        status                 text! draft|posted|cancelled
        customer_id            text!
        customer_fiscal_id     text
        issue_date             date!
        due_date               date
        currency               ccy!
        fx_rate                rate     # to company currency; 1 when local
        reference_fx_rate      rate     # contract currency into document currency, when they differ
        net_amount             money!   # never negative: the sign follows doc_class
        tax_amount             money!   # never negative
        total_amount           money!   # never negative
        open_amount            money
        applies_to_invoice_id  text
        contract_id            text
        po_number              text
        created_by             text
        approved_by            text
        country                country!
        is_final               bool     # closed in the ERP: nothing more is expected on it
        """,
        canonical=True,
    ),
)

INVOICE_LINES = Table(
    source="erp",
    name="invoice_lines",
    grain="one line of a customer document",
    stage=5,
    key=("company_id", "invoice_id", "line_no"),
    amount="net_amount",
    columns=columns(
        """
        company_id       text!
        invoice_id       text!
        line_no          int!
        subscription_id  text
        product_code     text!
        description      text
        quantity         qty!
        unit_price       price!   # document currency, per price_period of the contract (month unless stated)
        discount_pct     number
        net_amount       money!   # never negative: the sign follows doc_class
        tax_code         text
        tax_rate_pct     number
        tax_amount       money
        period_from      date
        period_to        date     # inclusive
        override_user    text
        override_reason  text
        """,
        canonical=True,
    ),
)

PAYMENTS = Table(
    source="erp",
    name="payments",
    grain="one payment received",
    stage=5,
    key=("payment_id",),
    amount="amount",
    currency="currency",
    columns=columns(
        """
        payment_id    text!
        customer_id   text!
        payment_date  date!
        method        text
        currency      ccy!
        amount        money!
        fx_rate       rate
        reference     text
        status        text! received|reversed
        is_final         bool   # the customer will pay no more on what it pays
        bank_fee_amount  money  # kept by the banks on the way, payment currency
        """,
        canonical=True,
    ),
)

PAYMENT_APPLICATIONS = Table(
    source="erp",
    name="payment_applications",
    grain="one application of money or of a legal deduction to one invoice",
    stage=5,
    key=("application_id",),
    amount="amount",
    columns=columns(
        """
        application_id  text!
        payment_id      text
        company_id      text!
        invoice_id      text!
        kind            text! cash|withholding|detraccion|factoring_fee|credit_note|fx_diff|write_off|split_tax
        tax_code        text
        certificate_no  text
        applied_on      date!
        amount          money!  # document currency
        approved_by     text
        """,
        canonical=True,
    ),
)

SOURCE = Source(
    name="erp",
    title="ERP extract",
    kind="erp",
    manifest="cuadre",
    tables=(INVOICES, INVOICE_LINES, PAYMENTS, PAYMENT_APPLICATIONS),
)
