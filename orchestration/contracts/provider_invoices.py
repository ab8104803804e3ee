"""The header of each provider's invoice: the total on its PDF, captured apart from its lines.

Lives here: the canonical contract. Does not: the lines, which each provider delivers in its own format.
"""

from orchestration.contracts.model import Source, Table
from orchestration.contracts.words import columns

SOURCE = Source(
    name="provider_invoices",
    title="Provider invoice headers",
    kind="provider",
    manifest="cuadre",
    tables=(
        Table(
            source="provider_invoices",
            name="headers",
            grain="one invoice issued by a provider to the reseller",
            stage=5,
            key=("provider", "invoice_id"),
            amount="total",
            currency="currency",
            columns=columns(
                """
                provider            text!
                invoice_id          text!
                billing_account_id  text!
                issued_on           date!
                currency            ccy!
                net_total           money!
                tax_total           money!
                adjustments         money   # credits shown only on the header
                total               money!
                due_on              date
                """,
                canonical=True,
            ),
        ),
    ),
)
