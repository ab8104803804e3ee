"""Oracle's FOCUS 1.2 export.

Lives here: the 57 columns in the specification's order and spelling. Does not: prices. Two habits of real exports are kept: text
'NULL' and timestamps without a zone.
"""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from pathlib import Path

from orchestration.simulator import calendar
from orchestration.simulator.files.tables import Csv
from orchestration.simulator.known import known
from orchestration.simulator.money import ZERO, places
from orchestration.simulator.story import Story

_COLUMNS = (
    "AvailabilityZone BilledCost BillingAccountId BillingAccountName BillingAccountType BillingCurrency BillingPeriodEnd BillingPeriodStart "
    "CapacityReservationId CapacityReservationStatus ChargeCategory ChargeClass ChargeDescription ChargeFrequency ChargePeriodEnd "
    "ChargePeriodStart CommitmentDiscountCategory CommitmentDiscountId CommitmentDiscountName CommitmentDiscountQuantity "
    "CommitmentDiscountStatus CommitmentDiscountType CommitmentDiscountUnit ConsumedQuantity ConsumedUnit ContractedCost ContractedUnitPrice "
    "EffectiveCost InvoiceId InvoiceIssuerName ListCost ListUnitPrice PricingCategory PricingCurrency PricingCurrencyContractedUnitPrice "
    "PricingCurrencyEffectiveCost PricingCurrencyListUnitPrice PricingQuantity PricingUnit ProviderName PublisherName RegionId RegionName "
    "ResourceId ResourceName ResourceType ServiceCategory ServiceName ServiceSubcategory SkuId SkuMeter SkuPriceDetails SkuPriceId SubAccountId "
    "SubAccountName SubAccountType Tags"
)
COLUMNS = _COLUMNS.split()
TENANCY = "ocid1.tenancy.oc1..reventa"
CATEGORY = {
    "OCI Compute": ("Compute", "Virtual Machines"),
    "OCI Block Volume": ("Storage", "Block Storage"),
    "OCI Database": ("Databases", "Relational Databases"),
}


class Focus:
    """One month of one tenancy."""

    def __init__(self, inbox: Path, period: str, *, zipped: bool):
        self.period = period
        self.path = inbox / "focus" / period / f"oci_focus_{period}.csv{'.gz' if zipped else ''}"
        self._csv = Csv(self.path, COLUMNS)
        self.invoice = f"OCI-{period.replace('-', '')}"
        self.total = ZERO

    def write(self, story: Story) -> None:
        """All lines of one compartment."""
        opens, after = calendar.first(self.period), calendar.first(calendar.shift(self.period, 1))
        for charge in story.charges:
            meter = known(charge.meter)
            category, sub = CATEGORY[meter.service]
            self.total += charge.cost
            row = dict.fromkeys(COLUMNS, "NULL")
            row |= {
                "BilledCost": charge.cost,
                "BillingAccountId": TENANCY,
                "BillingAccountName": "reventa",
                "BillingAccountType": "Tenancy",
                "BillingCurrency": "USD",
                "BillingPeriodEnd": f"{after} 00:00:00",
                "BillingPeriodStart": f"{opens} 00:00:00",
                "ChargeCategory": "Usage",
                "ChargeClass": "Correction" if charge.kind == "correction" else "NULL",
                "ChargeDescription": meter.name,
                "ChargeFrequency": "Usage-Based",
                "ChargePeriodEnd": f"{charge.start + timedelta(days=1)} 00:00:00",
                "ChargePeriodStart": f"{charge.start} 00:00:00",
                "ConsumedQuantity": charge.quantity,
                "ConsumedUnit": meter.unit,
                "ContractedCost": charge.cost,
                "ContractedUnitPrice": charge.price,
                "EffectiveCost": charge.cost,
                "InvoiceId": self.invoice,
                "InvoiceIssuerName": "Oracle",
                "ListCost": charge.list_cost,
                "ListUnitPrice": charge.list_price,
                "PricingCategory": "Standard",
                "PricingCurrency": "USD",
                "PricingQuantity": charge.quantity,
                "PricingUnit": meter.unit,
                "ProviderName": "Oracle",
                "PublisherName": "Oracle",
                "RegionId": "sa-saopaulo-1",
                "RegionName": "Brazil East (Sao Paulo)",
                "ResourceId": f"ocid1.resource.oc1..{story.agreement.number}",
                "ServiceCategory": category,
                "ServiceName": meter.service,
                "ServiceSubcategory": sub,
                "SkuId": charge.code,
                "SkuPriceId": f"{charge.code}-USD",
                "SubAccountId": "NULL" if charge.is_orphan else story.agreement.provider_id,
                "SubAccountName": "NULL" if charge.is_orphan else story.agreement.provider_id.split(".")[-1],
                "SubAccountType": "NULL" if charge.is_orphan else "Compartment",
                "Tags": "{}",
            }
            self._csv.row(row)

    @property
    def header(self) -> tuple[Decimal, Decimal]:
        """Net and tax as the invoice prints them."""
        return places(self.total, 2), ZERO

    def close(self) -> None:
        """Finish the files."""
        self._csv.close()
