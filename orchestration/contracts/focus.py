"""FOCUS Cost and Usage 1.0, 1.1 and 1.2, from any provider.

Lives here: the 57 columns of 1.2 in snake_case; 1.0 and 1.1 lack some and are read all the same. Does not: the
specification's conformance rules, which real files break and which are therefore graded in the checklists.
"""

from orchestration.contracts.model import Source, Table
from orchestration.contracts.words import columns

SOURCE = Source(
    name="focus",
    title="FOCUS Cost and Usage",
    kind="provider",
    docs=("FOCUS 1.2, 2025-05-30, https://github.com/FinOps-Open-Cost-and-Usage-Spec/FOCUS_Spec",),
    tables=(
        Table(
            source="focus",
            name="lines",
            grain="one charge; the specification has no line id",
            stage=5,
            amount="billed_cost",
            currency="billing_currency",
            period_from="billing_period_start",
            nulls=("NULL", "null"),
            columns=columns(
                """
                availability_zone                       text
                billed_cost                             money!
                billing_account_id                      text
                billing_account_name                    text
                billing_account_type                    text
                billing_currency                        ccy!
                billing_period_end                      timestamp
                billing_period_start                    timestamp
                capacity_reservation_id                 text
                capacity_reservation_status             text
                charge_category                         text!
                charge_class                            text
                charge_description                      text
                charge_frequency                        text
                charge_period_end                       timestamp
                charge_period_start                     timestamp
                commitment_discount_category            text
                commitment_discount_id                  text
                commitment_discount_name                text
                commitment_discount_quantity            qty
                commitment_discount_status              text
                commitment_discount_type                text
                commitment_discount_unit                text
                consumed_quantity                       qty
                consumed_unit                           text
                contracted_cost                         money
                contracted_unit_price                   price
                effective_cost                          money
                invoice_id                              text
                invoice_issuer_name                     text
                list_cost                               money
                list_unit_price                         price
                pricing_category                        text
                pricing_currency                        ccy
                pricing_currency_contracted_unit_price  price
                pricing_currency_effective_cost         money
                pricing_currency_list_unit_price        price
                pricing_quantity                        qty
                pricing_unit                            text
                provider_name                           text!   = service_provider_name
                publisher_name                          text
                region_id                               text
                region_name                             text
                resource_id                             text
                resource_name                           text
                resource_type                           text
                service_category                        text
                service_name                            text
                service_subcategory                     text
                sku_id                                  text
                sku_meter                               text
                sku_price_details                       text  # JSON text
                sku_price_id                            text
                sub_account_id                          text
                sub_account_name                        text
                sub_account_type                        text
                tags                                    text  # JSON text
                id                                      text   # not in the specification, present in the published sample
                """
            ),
        ),
    ),
)
