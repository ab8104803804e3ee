"""Partner Center invoice reconciliation, new commerce: every billed line, Azure plan aggregated per meter.

Lives here: the columns of the CSV (46 to 48, by normalised name) and the extras of the API's JSON Lines. Does not: what a
line means.
"""

from orchestration.contracts.model import Source, Table
from orchestration.contracts.words import columns

SOURCE = Source(
    name="microsoft_csp_invoice",
    title="Microsoft Partner Center invoice reconciliation (new commerce)",
    kind="provider",
    manifest="graph",
    docs=(
        "https://learn.microsoft.com/en-us/partner-center/billing/modern-invoice-reconciliation-file (copy of 2022-01-18, 46 columns)",
        "https://learn.microsoft.com/en-us/partner-center/recon-file-charge-types (copy of 2021)",
    ),
    tables=(
        Table(
            source="microsoft_csp_invoice",
            name="lines",
            grain="one billed line; the file has no line id",
            stage=5,
            amount="subtotal",
            currency="currency",
            period_from="charge_start_date",
            nulls=("NULL", "null"),
            date_order="MDY",  # the portal's CSV writes M/D/YYYY (documented sample, 2022); the API writes ISO
            columns=columns(
                """
                partner_id                    text
                customer_id                   text    # customer tenant; blank on adjustments of the whole invoice; the API may prefix 'org:'
                customer_name                 text
                customer_domain_name          text
                customer_country              text
                invoice_number                text    # blank while unbilled
                mpn_id                        text
                reseller_mpn_id               text    = tier2_mpn_id   # 0 or -1 mean none
                order_id                      text
                order_date                    timestamp
                product_id                    text
                sku_id                        text    # leading zeros matter
                availability_id               text
                sku_name                      text
                product_name                  text
                charge_type                   text    # casing varies within one file; unknown values are data to show
                unit_price                    price   # price list, not what is charged
                quantity                      qty
                subtotal                      money!  # what is charged before tax
                tax_total                     money   = tax, tax_amount  ~ 0   # a file without the column states no tax; the documented layouts all have it
                total                         money   = total_for_customer
                currency                      ccy!
                price_adjustment_description  text    # a JSON array as text, in more than one form
                publisher_name                text
                publisher_id                  text
                subscription_description      text
                subscription_id               text
                charge_start_date             date
                charge_end_date               date    # inclusive
                term_and_billing_cycle        text
                effective_unit_price          price
                unit_type                     text
                alternate_id                  text
                billable_quantity             qty
                billing_frequency             text
                pricing_currency              ccy
                pc_to_bc_exchange_rate        rate
                pc_to_bc_exchange_rate_date   date
                meter_description             text
                reservation_order_id          text
                credit_reason_code            text
                subscription_start_date       date
                subscription_end_date         date
                reference_id                  text
                product_qualifiers            text
                promotion_id                  text
                product_category              text    # seen in third-party parsers only
                partner_name                  text    # seen in a third-party parser only
                publisher_discount            text    # seen in a third-party parser only
                discount_details              text
                invoice_line_item_type        text    # API only
                billing_provider              text    # API only
                provider_name                 text    # API only, older name of the publisher
                provider_id                   text    # API only
                quote_id                      text    # API only
                attributes_object_type        text    # API only
                """
            ),
        ),
    ),
)
