"""AWS Cost and Usage Report, legacy (`lineItem/UnblendedCost`) and 2.0 (`line_item_unblended_cost`).

Lives here: the columns that matter to a reseller, in the names of CUR 2.0. Does not: the hundreds of `product_*` and tag
columns, which come and go by month and are kept as text under their normalised names.
"""

from orchestration.contracts.model import Source, Table
from orchestration.contracts.words import columns

SOURCE = Source(
    name="aws_cur",
    title="AWS Cost and Usage Report",
    kind="provider",
    manifest="aws",
    docs=(
        "https://docs.aws.amazon.com/cur/latest/userguide/dataexports-export-delivery.html",
        "https://docs.aws.amazon.com/cur/latest/userguide/table-dictionary-cur2-bill.html",
    ),
    tables=(
        Table(
            source="aws_cur",
            name="lines",
            grain="one line item of one hour, day or month; identity_line_item_id repeats (measured up to 1,464 times)",
            stage=5,
            amount="line_item_unblended_cost",
            currency="line_item_currency_code",
            period_from="bill_billing_period_start_date",
            nulls=("NULL", "null", r"\N"),
            columns=columns(
                r"""
                identity_line_item_id             text
                identity_time_interval            text
                bill_bill_type                    text
                bill_billing_entity               text
                bill_invoice_id                   text   # blank until the report is final
                bill_invoicing_entity             text
                bill_payer_account_id             text
                bill_payer_account_name           text
                bill_billing_period_start_date    timestamp
                bill_billing_period_end_date      timestamp  # exclusive
                line_item_usage_account_id        text!?  # a line without an account is nobody's: found as EX07, never refused
                line_item_usage_account_name      text
                line_item_line_item_type          text!  ~ Usage  # an export cut down to its usage columns; every other type needs the column to be told apart
                line_item_usage_start_date        timestamp
                line_item_usage_end_date          timestamp
                line_item_product_code            text
                line_item_usage_type              text
                line_item_operation               text
                line_item_availability_zone       text
                line_item_resource_id             text
                line_item_usage_amount            qty
                line_item_normalization_factor    number
                line_item_normalized_usage_amount qty
                line_item_currency_code           ccy!   ~ USD    # AWS bills in US dollars unless the payer chose otherwise (from memory, not read)
                line_item_unblended_rate          price
                line_item_unblended_cost          money!
                line_item_net_unblended_rate      price  # only with negotiated discounts
                line_item_net_unblended_cost      money  # only with negotiated discounts
                line_item_blended_rate            price
                line_item_blended_cost            money
                line_item_line_item_description   text
                line_item_tax_type                text
                line_item_legal_entity            text
                line_item_iam_principal           text
                line_item_user_identifier         text
                pricing_rate_code                 text
                pricing_rate_id                   text
                pricing_currency                  ccy
                pricing_public_on_demand_cost     money
                pricing_public_on_demand_rate     price
                pricing_term                      text
                pricing_unit                      text
                pricing_purchase_option           text
                pricing_lease_contract_length     text
                pricing_offering_class            text
                reservation_reservation_a_r_n     text   = reservation_arn
                reservation_effective_cost        money
                reservation_net_effective_cost    money
                reservation_amortized_upfront_cost_for_usage               money
                reservation_net_amortized_upfront_cost_for_usage           money
                reservation_amortized_upfront_fee_for_billing_period       money
                reservation_net_amortized_upfront_fee_for_billing_period   money
                reservation_recurring_fee_for_usage                        money
                reservation_net_recurring_fee_for_usage                    money
                reservation_unused_quantity                                qty
                reservation_unused_normalized_unit_quantity                qty
                reservation_unused_recurring_fee                           money
                reservation_net_unused_recurring_fee                       money
                reservation_unused_amortized_upfront_fee_for_billing_period      money
                reservation_net_unused_amortized_upfront_fee_for_billing_period  money
                reservation_upfront_value         money
                reservation_net_upfront_value     money
                reservation_start_time            text
                reservation_end_time              text
                reservation_subscription_id       text
                reservation_availability_zone     text
                savings_plan_savings_plan_a_r_n   text   = savings_plan_arn
                savings_plan_savings_plan_rate    price  = savings_plan_rate
                savings_plan_savings_plan_effective_cost      money  = savings_plan_effective_cost
                savings_plan_net_savings_plan_effective_cost  money  = savings_plan_net_effective_cost
                savings_plan_used_commitment                  money
                savings_plan_total_commitment_to_date         money
                savings_plan_amortized_upfront_commitment_for_billing_period      money
                savings_plan_net_amortized_upfront_commitment_for_billing_period  money
                savings_plan_recurring_commitment_for_billing_period              money
                savings_plan_net_recurring_commitment_for_billing_period          money
                savings_plan_offering_type        text
                savings_plan_payment_option       text
                savings_plan_purchase_term        text
                savings_plan_region               text
                savings_plan_instance_type_family text
                savings_plan_start_time           text
                savings_plan_end_time             text
                product_product_name              text
                product_product_family            text
                product_servicecode               text
                product_servicename               text
                product_sku                       text
                product_region                    text
                product_region_code               text
                product_location                  text
                product_instance_type             text
                product_usagetype                 text
                product_operation                 text
                product                           text   # CUR 2.0 map, as JSON text
                resource_tags                     text   # CUR 2.0 map, as JSON text
                cost_category                     text   # CUR 2.0 map, as JSON text
                discount                          text   # CUR 2.0 map, as JSON text
                discount_bundled_discount         money
                discount_total_discount           money
                split_line_item_parent_resource_id text
                split_line_item_split_usage       qty
                split_line_item_split_cost        money
                split_line_item_unused_cost       money
                split_line_item_net_split_cost    money
                split_line_item_net_unused_cost   money
                """
            ),
        ),
    ),
)
