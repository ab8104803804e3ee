"""What is sold and where: countries, products, meters, all made up.

Lives here: data. Does not: logic. Prices are per seat and month in US dollars; `cost` is what the reseller pays.
Taxes are added on the net in all five countries (a simplification for BR); deductions follow the regional fact sheet.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

D = Decimal


@dataclass(frozen=True, slots=True)
class Country:
    """One market: our company there, its money, its tax."""

    code: str
    currency: str
    company: str
    suffix: str
    tax_pct: D
    start_rate: D
    rate_decimals: int
    source: str
    series: str
    side: str
    documents: dict[str, str]
    """Native codes of an invoice, a credit note and a debit note."""
    usd_documents: bool


def _codes(invoice: str, credit: str, debit: str) -> dict[str, str]:
    return {"invoice": invoice, "credit_note": credit, "debit_note": debit}


COUNTRIES = {
    country.code: country
    for country in (
        Country(
            "PE",
            "PEN",
            "PE01",
            "S.A.C.",
            D("18.00"),
            D("3.52"),
            3,
            "SBS_BCRP",
            "PD04640PD",
            "sell",
            _codes("01", "07", "08"),
            True,
        ),
        Country(
            "CL",
            "CLP",
            "CL01",
            "SpA",
            D("19.00"),
            D("968.4"),
            2,
            "BCCH",
            "F073.TCO.PRE.Z.D",
            "mid",
            _codes("33", "61", "56"),
            False,
        ),
        Country(
            "AR",
            "ARS",
            "AR01",
            "S.A.",
            D("21.00"),
            D("1402.5"),
            2,
            "ARCA_BNA",
            "DOL",
            "sell",
            _codes("1", "3", "2"),
            True,
        ),
        Country(
            "CO",
            "COP",
            "CO01",
            "S.A.S.",
            D("19.00"),
            D("3951.22"),
            2,
            "TRM",
            "32sa-8pi3",
            "mid",
            _codes("01", "91", "92"),
            True,
        ),
        Country(
            "BR",
            "BRL",
            "BR01",
            "Ltda.",
            D("5.00"),
            D("5.5341"),
            4,
            "PTAX",
            "CotacaoDolar",
            "sell",
            _codes("NFSE", "NFSE", "NFSE"),
            False,
        ),
    )
}
COUNTRY_WEIGHTS = (("PE", 35), ("CL", 20), ("CO", 18), ("AR", 12), ("BR", 15))


@dataclass(frozen=True, slots=True)
class Product:
    """One licence: Microsoft's product and SKU, or a vendor's code."""

    code: str
    name: str
    list_price: D
    cost: D
    vendor: str = "Microsoft"


LICENCES = (
    Product("CFQ7TTC0LH18:0001", "Microsoft 365 Business Basic", D("6.00"), D("5.10")),
    Product("CFQ7TTC0LDPB:0001", "Microsoft 365 Business Standard", D("12.50"), D("10.62")),
    Product("CFQ7TTC0LCHC:0002", "Microsoft 365 Business Premium", D("22.00"), D("18.70")),
    Product("CFQ7TTC0HL8W:000B", "Power BI Pro", D("10.00"), D("8.50")),
    Product("CFQ7TTC0LF8Q:0001", "Microsoft 365 E3", D("36.00"), D("30.60")),
)
SECURITY = (
    Product("AT-EDR-1", "Atalaya EDR", D("9.10"), D("7.75"), "Atalaya"),
    Product("AT-MDR-2", "Atalaya MDR", D("36.80"), D("31.20"), "Atalaya"),
    Product("MU-FW-100", "Muralla Firewall 100", D("142.00"), D("120.40"), "Muralla"),
    Product("MU-FW-200", "Muralla Firewall 200", D("260.00"), D("221.00"), "Muralla"),
)
OWN_SERVICES = (
    Product("OS-SOC", "Centro de operaciones", D("900"), D(0), "own"),
    Product("OS-MSP", "Serviço gerenciado", D("450"), D(0), "own"),
)
METERED = (
    Product("MP-A3", "Impresión gestionada A3", D("80"), D(0), "own"),
    Product("MP-A4", "Impresión gestionada A4", D("35"), D(0), "own"),
)


@dataclass(frozen=True, slots=True)
class Meter:
    """One metered service of a cloud provider. Price per unit; whole units of `step` give amounts in steps of 0.20."""

    code: str
    service: str
    name: str
    unit: str
    price: D
    step: int
    publisher: str


AZURE = (
    Meter("DZH318Z0BPS6:00DN", "Virtual Machines", "D4s v5 - Brazil South", "1 Hour", D("0.2"), 1, "Microsoft"),
    Meter("DZH318Z0BP0X:0042", "Storage", "LRS Data Stored - Brazil South", "1 GB/Month", D("0.02"), 10, "Microsoft"),
    Meter("DZH318Z0BNZ5:006G", "Bandwidth", "Inter-Region Data Transfer Out", "1 GB", D("0.04"), 5, "Microsoft"),
    Meter("DZH318Z0BQ4B:00BC", "SQL Database", "vCore - General Purpose", "1 Hour", D("0.4"), 1, "Microsoft"),
)
AZURE_MARKET = Meter(
    "DZH318Z0BZ1C:0007", "Marketplace", "Atalaya Cloud Firewall", "1 Hour", D("1.2"), 1, "Atalaya Networks"
)
AWS = (
    Meter("AmazonEC2", "Amazon Elastic Compute Cloud", "SAE1-BoxUsage:m5.large", "Hrs", D("0.153"), 1, "AWS"),
    Meter("AmazonS3", "Amazon Simple Storage Service", "SAE1-TimedStorage-ByteHrs", "GB-Mo", D("0.0405"), 1, "AWS"),
    Meter(
        "AmazonRDS",
        "Amazon Relational Database Service",
        "SAE1-InstanceUsage:db.m5.large",
        "Hrs",
        D("0.2365"),
        1,
        "AWS",
    ),
    Meter("AWSDataTransfer", "AWS Data Transfer", "SAE1-DataTransfer-Out-Bytes", "GB", D("0.15"), 1, "AWS"),
)
AWS_MARKET = Meter(
    "8xq2example3fw", "Muralla Gateway (Marketplace)", "SAE1-SoftwareUsage:m5.large", "Hrs", D("0.61"), 1, "Muralla Inc"
)
GCP = (
    Meter(
        "6F81-5844-456A",
        "Compute Engine",
        "E2 Instance Core running in Sao Paulo",
        "hour",
        D("0.03467543"),
        1,
        "GOOGLE",
    ),
    Meter(
        "95FF-2EF5-5EA1", "Cloud Storage", "Standard Storage South America", "gibibyte month", D("0.035"), 1, "GOOGLE"
    ),
    Meter("24E6-581D-38E5", "BigQuery", "Analysis (southamerica-east1)", "tebibyte", D("9.375"), 1, "GOOGLE"),
)
ORACLE = (
    Meter("B91961", "OCI Compute", "Standard - E4 - OCPU", "OCPU Per Hour", D("0.025"), 1, "Oracle"),
    Meter("B91628", "OCI Block Volume", "Storage", "GB Per Month", D("0.0255"), 1, "Oracle"),
    Meter("B95706", "OCI Database", "Autonomous Transaction Processing", "ECPU Per Hour", D("0.336"), 1, "Oracle"),
)

NAMES = (
    "Andina",
    "Austral",
    "Pacífico",
    "del Plata",
    "Altiplano",
    "Caribe",
    "Cordillera",
    "Pampa",
    "Amazonía",
    "Litoral",
    "Sierra",
    "Valle",
)
TRADES = (
    "Minera",
    "Textil",
    "Clínica",
    "Transportes",
    "Agrícola",
    "Constructora",
    "Seguros",
    "Pesquera",
    "Educación",
    "Alimentos",
    "Energía",
    "Banca",
)
