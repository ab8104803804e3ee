"""Daily rated usage of the Azure plan: the detail behind three lines of the Microsoft invoice.

Lives here: the 55 columns of the file and how a month is spread over days. Does not: decide the totals, which are those
of the invoice, to the cent. Standard library only.
"""

from datetime import date
from decimal import Decimal

import sample_facts as facts
from sample_month import guid, plain
from sample_providers import us_date

COLUMNS = """
PartnerId PartnerName CustomerId CustomerName CustomerDomainName CustomerCountry MpnId Tier2MpnId InvoiceNumber
ProductId SkuId AvailabilityId SkuName ProductName PublisherName PublisherId SubscriptionDescription SubscriptionId
ChargeStartDate ChargeEndDate UsageDate MeterType MeterCategory MeterId MeterSubCategory MeterName MeterRegion Unit
ResourceLocation ConsumedService ResourceGroup ResourceURI ChargeType UnitPrice Quantity UnitType BillingPreTaxTotal
BillingCurrency PricingPreTaxTotal PricingCurrency ServiceInfo1 ServiceInfo2 Tags AdditionalInfo EffectiveUnitPrice
PCToBCExchangeRate PCToBCExchangeRateDate EntitlementId EntitlementDescription PartnerEarnedCreditPercentage
CreditPercentage CreditType BenefitOrderId BenefitId BenefitType
""".split()  # noqa: SIM905  a header is copied here as it is published
DAYS = range(1, 31, 3)  # ten days, a tenth of the month's quantity each


def azure_usage(customer_id="C-CL-4", subscription_id="S-A01"):
    """Rows of the file: each meter of the plan on each of the ten days."""
    rows = []
    for meter, unit, unit_price, quantity in facts.AZURE:
        for day in DAYS:
            used = quantity / len(DAYS)
            net = used * unit_price * Decimal("0.85")
            row = {
                "PartnerId": guid("partner"),
                "PartnerName": "Revendedor de muestra",
                "CustomerId": guid(customer_id),
                "CustomerName": facts.CUSTOMERS[customer_id][0],
                "CustomerDomainName": f"{customer_id.lower()}.example",
                "CustomerCountry": customer_id[2:4],
                "MpnId": "6034453",
                "Tier2MpnId": "0",
                "InvoiceNumber": "G024090099",
                "ProductId": "DZH318Z0BPS6",
                "SkuId": "006G",
                "AvailabilityId": "DZH318Z08B80",
                "SkuName": "Azure plan",
                "ProductName": "Azure plan",
                "PublisherName": "Microsoft",
                "PublisherId": "NA",
                "SubscriptionDescription": "Azure plan",
                "SubscriptionId": guid(subscription_id),
                "ChargeStartDate": "9/1/2024",
                "ChargeEndDate": "9/30/2024",
                "UsageDate": us_date(date(2024, 9, day)),
                "MeterType": unit,
                "MeterCategory": meter.split(" - ")[0],
                "MeterId": guid(meter),
                "MeterName": meter,
                "MeterRegion": "BR South",
                "Unit": unit,
                "ResourceLocation": "brazilsouth",
                "ResourceGroup": "muestra",
                "ResourceURI": f"/subscriptions/{guid('entitlement')}/resourceGroups/muestra",
                "ChargeType": "new",
                "UnitPrice": plain(unit_price),
                "Quantity": plain(used),
                "UnitType": unit,
                "BillingPreTaxTotal": plain(net),
                "BillingCurrency": "USD",
                "PricingPreTaxTotal": plain(net),
                "PricingCurrency": "USD",
                "EffectiveUnitPrice": plain(net / used),
                "PCToBCExchangeRate": "1",
                "PCToBCExchangeRateDate": "9/30/2024",
                "EntitlementId": guid("entitlement"),
                "EntitlementDescription": "Suscripcion de muestra",
                "PartnerEarnedCreditPercentage": "15",
                "CreditPercentage": "0",
            }
            rows.append(row)
    return rows
