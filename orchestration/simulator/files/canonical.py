"""The extracts in canonical form: CRM, ERP, cash, rates, meters, vendor licences, provider headers, operations, people.

Lives here: column lists as delivered, one CSV per table. Does not: the providers' own formats.
"""

from __future__ import annotations

from pathlib import Path

from orchestration.simulator.files.tables import Csv

COLUMNS = {
    "crm/customers": "customer_id customer_code legal_name country fiscal_id email_domain segment status withholding_agent owner",
    "crm/customer_xref": "id_system id_value customer_id valid_from valid_to match_method approved_by approved_at",
    "crm/opportunities": "opportunity_id customer_id name stage status amount currency quoted_margin_pct created_at closed_at expected_close "
    "probability_pct country",
    "crm/contracts": "contract_id customer_id signed_at activated_at start_date end_date status approved_by po_number currency country",
    "crm/subscriptions": "subscription_id contract_id customer_id provider provider_subscription_id product_code family quantity price_basis "
    "unit_price price_value price_period currency term billing_frequency start_date end_date suspended_from suspended_to trial_end auto_renew "
    "valid_from valid_to status min_commit_amount included_quantity overage_price uplift_pct promo_end promo_discount_pct pass_credits "
    "margin_floor_pct",
    "crm/renewals": "subscription_id customer_id renewal_due_date mrr_due currency decision decided_at new_mrr",
    "erp/invoices": "company_id invoice_id doc_class fiscal_doc_type fiscal_number legal_status status customer_id customer_fiscal_id issue_date "
    "due_date currency fx_rate reference_fx_rate net_amount tax_amount total_amount open_amount applies_to_invoice_id country",
    "erp/invoice_lines": "company_id invoice_id line_no subscription_id product_code description quantity unit_price discount_pct net_amount "
    "tax_code tax_rate_pct tax_amount period_from period_to override_user override_reason",
    "erp/payments": "payment_id customer_id payment_date method currency amount fx_rate reference status",
    "erp/payment_applications": "application_id payment_id company_id invoice_id kind tax_code certificate_no applied_on amount approved_by",
    "fx/fx_rates": "source series base_currency quote_currency side rate rate_date valid_from valid_to",
    "meters/readings": "meter_id counter read_at value unit reading_kind customer_ref",
    "vendor/licence_charges": "vendor invoice_id line_no licence_id customer_ref product_code description charge_type quantity unit_price "
    "list_price amount currency period_from period_to",
    "provider_invoices/headers": "provider invoice_id billing_account_id issued_on currency net_total tax_total adjustments total due_on",
    "operations/tickets": "ticket_id customer_id subscription_id priority kind created_at first_response_at resolved_at reopened_count "
    "paused_minutes sla_response_minutes sla_resolution_minutes status",
    "operations/deliveries": "delivery_id contract_id customer_id subscription_id milestone planned_on provisioned_at delivered_at accepted_at "
    "acceptance_doc training_done billable_amount currency",
    "operations/timesheets": "timesheet_id customer_id subscription_id worked_on hours hourly_rate currency billable",
    "people/roster": "analyst_id country week planned_hours available_hours",
    "people/certifications": "analyst_id skill valid_from valid_to",
    "people/improvement_spend": "spend_id spent_on pillar kind amount currency country approved_by",
}
"""source/table to its columns, in the order they are written."""


class Extracts:
    """Every canonical table of one month; a Windows sender writes a BOM, CRLF and its columns in another order."""

    def __init__(self, inbox: Path, period: str, *, from_windows: bool = False):
        self._tables = {
            name: Csv(
                inbox / name.split("/")[0] / period / f"{name.split('/')[1]}.csv",
                columns.split()[:: -1 if from_windows else 1],
                bom=from_windows,
                end="\r\n" if from_windows else "\n",
            )
            for name, columns in COLUMNS.items()
        }

    def row(self, table: str, **values: object) -> None:
        """One row of `source/table`."""
        self._tables[table].row(values)

    def count(self, table: str) -> int:
        """Rows written so far."""
        return self._tables[table].count

    def close(self) -> None:
        """Finish the files."""
        for table in self._tables.values():
            table.close()
