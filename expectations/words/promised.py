"""What BI users were promised of each mart: its columns, and which of them are never unknown.

Lives here: those names. Does not: judging them (floors/marts), nor what tells a mart's rows apart (its yml).
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Mart:
    """One published table: its promised columns, and what is never unknown. What tells its rows apart stands in its yml."""

    name: str
    columns: str
    known: str = ""


PROMISED = (
    Mart(
        "fct_provider_charge",
        "charge_id close_period source delivery_sha256 source_file source_row country customer_id subscription_id "
        "is_partner_margin original_charge_type bucket class_code billed_cost_usd billed_cost billing_currency charge_category "
        "charge_class charge_period_start charge_period_end effective_cost list_cost contracted_cost invoice_id provider_name",
        known="charge_id close_period source delivery_sha256 source_file source_row is_partner_margin bucket billed_cost",
    ),
    Mart(
        "fct_reconciliation",
        "unit_id unit_kind close_period country provider customer_id subscription_id product_code currency contract_currency "
        "provider_quantity contract_quantity invoiced_quantity provider_cost_usd partner_margin_usd expected_amount "
        "invoiced_amount collected_amount difference_amount quantity_effect period_effect price_effect fx_effect "
        "existence_effect rounding_effect expected_usd invoiced_usd collected_usd collected_to_date_amount collected_to_date_usd "
        "collected_in_month_usd difference_usd expected_fx_rate used_fx_rate expected_margin_usd actual_margin_usd bucket class_code",
        known="unit_id unit_kind close_period expected_amount invoiced_amount difference_amount bucket",
    ),
    Mart(
        "fct_leak",
        "leak_id close_period class_code direction severity cause_7m stage country provider customer_id subscription_id "
        "product_code unit_id invoice_id provider_invoice_id payment_id amount currency amount_usd is_bridge evidence "
        "evidence_charge_ids evidence_charge_count rule_version suggested_resolution_es suggested_resolution_pt suggested_resolution_en "
        "first_seen_period periods_seen is_provisional is_rounding",
        known="leak_id close_period class_code direction severity cause_7m stage amount currency is_bridge is_rounding "
        "suggested_resolution_es suggested_resolution_pt suggested_resolution_en first_seen_period periods_seen is_provisional",
    ),
    Mart(
        "fct_conservation",
        "close_period side provider invoice_id currency line_count line_total header_total bucket_total unexplained_total "
        "tolerance is_conserved",
        known="close_period side line_count line_total bucket_total unexplained_total is_conserved",
    ),
    Mart(
        "fct_margin",
        "close_period country customer_id product_code family provider_cost_usd partner_margin_usd invoiced_usd "
        "collected_in_month_usd collected_to_date_usd collected_usd booked_margin_usd reconciled_margin_usd certified_margin_usd "
        "not_certified_because margin_at_risk_usd margin_distortion_pct finding_count",
        known="close_period provider_cost_usd partner_margin_usd finding_count",
    ),
    Mart(
        "fct_delivery",
        "delivery_sha256 source close_period file sha256 bytes rows amount_total currency received_at status reason",
        known="delivery_sha256 source close_period file status received_at",
    ),
    Mart(
        "fct_invoice",
        "company_id invoice_id is_current doc_class sign customer_id country issue_date due_date currency net_amount tax_amount "
        "total_amount expected_tax_amount expected_cash_amount cash_amount documented_deduction_amount collected_in_month_amount "
        "open_amount days_overdue used_fx_rate expected_fx_rate legal_status days_to_issue days_to_cash",
        known="close_period is_current sign company_id invoice_id doc_class customer_id issue_date currency net_amount total_amount",
    ),
    Mart(
        "dim_customer",
        "customer_id legal_name country fiscal_id fiscal_id_valid segment customer_group_id match_method",
        known="customer_id legal_name",
    ),
    Mart(
        "dim_subscription",
        "subscription_id customer_id provider provider_subscription_id product_code family price_basis start_date end_date status",
        known="subscription_id",
    ),
    Mart(
        "dim_product",
        "product_code provider family description tax_class",
        known="product_code",
    ),
    Mart(
        "dim_country",
        "country name currency currency_decimals fx_rule tax_rule timezone",
        known="country name currency currency_decimals timezone",
    ),
    Mart(
        "dim_stage",
        "stage name_es name_pt name_en objective_es output_es owner_areas macroprocess module",
        known="stage name_es name_pt name_en",
    ),
    Mart(
        "dim_leak_class",
        "code class class_es class_pt definition amount_formula direction evidence_columns severity cause_7m stage resolution detector "
        "missing_evidence owner_area owner_role decision_days",
        known="code class class_es class_pt direction severity cause_7m stage",
    ),
    Mart(
        "dim_close_period",
        "close_period status completeness provisional_because_es provisional_because_pt provisional_because_en as_of "
        "certified_at certified_by certified_for manifest_sha256",
        known="close_period status completeness as_of",
    ),
)
"""The published contract. Adding a column is free, renaming one breaks its users."""
