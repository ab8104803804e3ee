"""Partner Center daily rated usage: Azure plan per resource per day.

Lives here: the 55 columns of the CSV and the extras of the API's JSON Lines. Does not: what a line means. Reservations,
savings plans, licences and marketplace software are never in this file (documented, 2021).
"""

from orchestration.contracts.model import Source, Table
from orchestration.contracts.words import columns

SOURCE = Source(
    name="microsoft_csp_usage",
    title="Microsoft Partner Center daily rated usage (Azure plan)",
    kind="provider",
    manifest="graph",
    docs=(
        "https://learn.microsoft.com/en-us/partner-center/daily-rated-usage-recon-files (copy of 2021, first 52 columns)",
    ),
    tables=(
        Table(
            source="microsoft_csp_usage",
            name="lines",
            grain="one meter of one resource on one day; the file has no line id",
            stage=5,
            amount="billing_pre_tax_total",
            currency="billing_currency",
            period_from="charge_start_date",
            nulls=("NULL", "null"),
            date_order="MDY",
            columns=columns(
                """
                partner_id                        text
                partner_name                      text
                customer_id                       text
                customer_name                     text   = customer_company_name
                customer_domain_name              text
                customer_country                  text
                mpn_id                            text
                tier2_mpn_id                      text   = reseller_mpn_id
                invoice_number                    text
                product_id                        text
                sku_id                            text
                availability_id                   text
                sku_name                          text
                product_name                      text
                publisher_name                    text
                publisher_id                      text
                subscription_description          text
                subscription_id                   text   # the Azure plan, not the Azure subscription
                charge_start_date                 date
                charge_end_date                   date   # the last day, inclusive (23:59 in the CSV)
                usage_date                        date
                meter_type                        text
                meter_category                    text
                meter_id                          text
                meter_sub_category                text
                meter_name                        text
                meter_region                      text
                unit                              text   = unit_of_measure
                resource_location                 text
                consumed_service                  text
                resource_group                    text
                resource_uri                      text
                charge_type                       text
                unit_price                        price
                quantity                          qty
                unit_type                         text
                billing_pre_tax_total             money!
                billing_currency                  ccy!
                pricing_pre_tax_total             money
                pricing_currency                  ccy
                service_info1                     text
                service_info2                     text
                tags                              text
                additional_info                   text
                effective_unit_price              price
                pc_to_bc_exchange_rate            rate
                pc_to_bc_exchange_rate_date       date
                entitlement_id                    text   # the Azure subscription the customer sees
                entitlement_description           text
                partner_earned_credit_percentage  number # percent, 0 to 15
                credit_percentage                 number # percent, 0 or 100
                credit_type                       text
                benefit_order_id                  text
                benefit_id                        text
                benefit_type                      text
                rate_of_partner_earned_credit     number # API only: a ratio, 0 to 0.15
                rate_of_credit                    number # API only: a ratio, 0 or 1
                has_partner_earned_credit         bool   = is_partner_earned_credit_applied  # API only
                invoice_line_item_type            text   # API only
                billing_provider                  text   # API only
                attributes_object_type            text   # API only
                """
            ),
        ),
    ),
)
