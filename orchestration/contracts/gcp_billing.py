"""Google Cloud billing export: standard, detailed, and the Channel Services (reseller) export.

Lives here: the columns of all three, nested fields flattened by name (`service.id` is `service_id`). Does not: arrays, which
stay JSON text in one column each, because a charge has many credits and many labels.
"""

from orchestration.contracts.model import Source, Table
from orchestration.contracts.words import columns

SOURCE = Source(
    name="gcp_billing",
    title="Google Cloud billing export",
    kind="provider",
    docs=(
        "https://docs.cloud.google.com/billing/docs/how-to/export-data-bigquery-tables/standard-usage",
        "https://docs.cloud.google.com/channel/docs/rebilling/export-data-to-bigquery (updated 2026-04-08)",
    ),
    tables=(
        Table(
            source="gcp_billing",
            name="lines",
            grain="one SKU of one project or resource over one usage interval; no line id, corrections are new rows",
            stage=5,
            amount="cost",
            currency="currency",
            period_from="invoice_month",
            nulls=("NULL", "null"),
            columns=columns(
                """
                billing_account_id                     text
                payer_billing_account_id               text   # reseller export
                service_id                             text
                service_description                    text
                sku_id                                 text
                sku_description                        text
                usage_start_time                       timestamp
                usage_end_time                         timestamp  # exclusive
                project_id                             text
                project_number                         text
                project_name                           text
                project_labels                         text   # JSON text
                project_ancestry_numbers               text
                project_ancestors                      text   # JSON text
                labels                                 text   # JSON text
                system_labels                          text   # JSON text
                tags                                   text   # JSON text
                location_location                      text
                location_country                       text
                location_region                        text
                location_zone                          text
                resource_name                          text
                resource_global_name                   text
                price_effective_price                  price
                price_tier_start_amount                number
                price_unit                             text
                price_pricing_unit_quantity            qty
                price_list_price                       price
                price_effective_price_default          price
                price_list_price_consumption_model     price
                export_time                            timestamp
                cost                                   money!  # before credits; net is cost + the credits' amounts
                currency                               ccy!
                currency_conversion_rate               rate    # US dollar to the billing currency
                usage_amount                           qty
                usage_unit                             text
                usage_amount_in_pricing_units          qty    = usage_amount_in_pricing_unit
                usage_pricing_unit                     text
                credits                                json   ~ []   # an export without the column states no credits
                invoice_month                          text   # 'YYYYMM'
                invoice_publisher_type                 text
                cost_type                              text
                adjustment_info_id                     text
                adjustment_info_description            text
                adjustment_info_mode                   text
                adjustment_info_type                   text
                adjustments_info                       text   # JSON text, reseller export
                cost_at_list                           money
                transaction_type                       text
                seller_name                            text
                subscription_instance_id               text
                cost_at_effective_price_default        money
                cost_at_list_consumption_model         money
                consumption_model_id                   text
                consumption_model_description          text
                entitlement_name                       text   # reseller export, from here on
                channel_partner_name                   text
                channel_partner_cost                   money
                customer_name                          text
                customer_cost                          money
                customer_repricing_config_name         text
                channel_partner_repricing_config_name  text
                customer_correlation_id                text
                """
            ),
        ),
    ),
)
