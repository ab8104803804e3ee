"""The made-up half of the sample: countries, customers, contracts, and what was done wrong on purpose.

Lives here: facts as plain tables, with the arithmetic of every seeded leak in words. Does not: read, compute or write
anything; `make_samples.py` does. Every customer here is fictitious. The fiscal ids were built in ranges that no
authority has handed out; only their check digits are right.
"""

from datetime import date
from decimal import Decimal as D  # noqa: N817  the tables below are read by eye

# country: company, currency, decimals, sales tax %, rate series (source, series, side), (rate 2023, 2024), weekly step
COUNTRIES = {
    "PE": ("PE01", "PEN", 2, D("18.00"), ("SBS_BCRP", "PD04640PD", "sell"), (D("3.7820"), D("3.7260")), D("0.0015")),
    "CL": ("CL01", "CLP", 0, D("19.00"), ("BCCH", "F073.TCO.PRE.Z.D", "mid"), (D("892.40"), D("931.20")), D("0.0045")),
    "AR": ("AR01", "ARS", 2, D("21.00"), ("ARCA_BNA", "DOL", "sell"), (D("350.50"), D("944.00")), D("0.0030")),
    "CO": ("CO01", "COP", 2, D("19.00"), ("TRM", "32sa-8pi3", "mid"), (D("4062.15"), D("4088.60")), D("0.0025")),
    "BR": ("BR01", "BRL", 2, D("5.00"), ("PTAX", "CotacaoDolar", "sell"), (D("4.9210"), D("5.4870")), D("0.0040")),
}
# Rates hold from Tuesday to Monday, so that every reasonable reading of a country's date rule picks the same number.
FX_WEEKS = {2023: date(2023, 9, 26), 2024: date(2024, 7, 30)}
FX_DAYS = {"2023-11": (date(2023, 10, 1), date(2023, 11, 30)), "2024-09": (date(2024, 8, 1), date(2024, 9, 30))}

SUFFIX = {"PE": "S.A.C.", "CL": "SpA", "AR": "S.A.", "CO": "S.A.S.", "BR": "Ltda."}
DOCUMENT_TYPES = {"PE": ("01", "07"), "CL": ("33", "61"), "AR": ("1", "3"), "CO": ("01", "91"), "BR": ("NFSE", "NFSE")}
FISCAL_IDS = {
    "PE": ("20999999019", "20999999027", "20999999035", "20999999043"),
    "CL": ("89999901-0", "89999902-9", "89999903-7", "89999904-5"),
    "AR": ("30899999017", "30899999025", "30899999033", "30899999041"),
    "CO": ("999999901-3", "999999902-0", "999999903-8", "999999904-5"),
    "BR": ("99999901000104", "99999902000140", "99999903000195", "99999904000130"),
}
WORDS = ("Minera Ejemplo", "Comercial Muestra", "Agro Ficticia", "Clinica Modelo")
CUSTOMERS = {
    f"C-{country}-{n + 1}": (f"{WORDS[n]} {country} {SUFFIX[country]} (sintetico)", country, fiscal_id)
    for country, ids in FISCAL_IDS.items()
    for n, fiscal_id in enumerate(ids)
}
BILLED_IN_USD = {"C-PE-2"}  # its documents are in dollars: the contract's currency, so no reference rate

# Real FOCUS accounts with a contract of their own; the others fall under `sample_accounts.terms_for`.
#   account: customer, fixed monthly fee in USD, what is wrong
SPECIAL_ACCOUNTS = {
    "11353890204": ("C-PE-1", None, "EX01"),
    "46124420288": ("C-AR-1", D("350.00"), "EX03"),
    "90054491575": ("C-CL-1", D("900.00"), "FX01"),
    "86366525267": ("C-AR-2", D("275.00"), "BL01"),
    "85742851457": ("C-PE-3", D("480.00"), "CR05"),
}

# What was done wrong on purpose in 2024-09, in USD; make_samples computes each amount, these lines are the hand check.
SEEDED_2024_09 = {
    "EX01": "real AWS account 11353890204 has no subscription in the CRM: its whole cost, 13.61648254970 "
    "(its credit of -2.61370 included)",
    "EX03": "real AWS account 46124420288, fee 350.00, was never invoiced: 350.00",
    "FX01": "fee 900.00 invoiced at the rate of 15 Aug (931.20 x 1.0090 = 939.5808), not "
    "of 26 Sep (931.20 x 1.0360 = 964.7232): 900 x (964.7232 - 939.5808) / 964.7232 = 23.46",
    "BL01": "fee 275.00 invoiced twice: -275.00",
    "CR05": "a credit note of 120.00 that names no invoice: 120.00",
    "EX04": "an invoice line of 230.00 with no subscription and no charge behind it: -230.00",
    "EX05": "AWS account 70000000001 is contracted and invoiced 320.00, the provider never charges it: -320.00",
    "PR01": "50 seats at 21.50 instead of 23.50: 50 x 2.00 = 100.00",
    "PR02": "150 licences at 4.95 instead of 4.50: -150 x 0.45 = -67.50",
    "QT01": "45 seats charged, 40 billed, at 23.50: 5 x 23.50 = 117.50",
    "QT03": "6 seats added on 11 Sep (20 of 30 days) at 10.50, not billed: 6 x 20/30 x 10.50 = 42.00",
    "TP01": "contract ended on 31 Aug, the provider goes on: 25 seats x cost 18.70 = 467.50",
    "TP06": "80 licences at 15.00 billed to 20 Sep only: 80 x 15.00 x 10/30 = 400.00",
    "CO01": "August invoice paid 350,000 COP short of total less withholding: "
    "350000 / (4088.60 x 1.0075 = 4119.2645) = 84.97",
}
SEEDED_2023_11 = {"QT02": "18 licences charged, 20 billed, at 15.00: -2 x 15.00 = -30.00"}

# Microsoft CSP seats of 2024-09. cost is the monthly price per seat that Microsoft charges.
PRODUCTS = {
    "CFQ7TTC0LH18:0001": ("Microsoft 365 Business Basic", D("6.00"), D("5.10")),
    "CFQ7TTC0LCHC:0002": ("Microsoft 365 Business Premium", D("22.00"), D("18.70")),
    "CFQ7TTC0HL8W:000B": ("Power BI Pro", D("10.00"), D("8.50")),
}
# fmt: off
CSP = (
    # id, customer, product, contract price, contract currency, term, start of the subscription,
    # what Microsoft writes: (charge type, seats, first day, last day),
    # what we bill: (seats, price, first day, last day), seeded
    ("S-M01", "C-PE-1", "CFQ7TTC0LCHC:0002", D("23.50"), "USD", "P1M", date(2024, 1, 1),
     [("cycleCharge", 60, 1, 30)], [(60, "23.50", 1, 30)], None),
    ("S-M02", "C-PE-2", "CFQ7TTC0LH18:0001", D("6.60"), "USD", "P1Y", date(2024, 1, 1),
     [("CycleCharge", 120, 1, 30)], [(120, "6.60", 1, 30)], None),
    ("S-M03", "C-CL-2", "CFQ7TTC0HL8W:000B", D("10.50"), "USD", "P1M", date(2024, 2, 1),
     [("cyclecharge", 45, 1, 30)], [(45, "10.50", 1, 30)], None),
    ("S-M04", "C-AR-3", "CFQ7TTC0LCHC:0002", D("23.50"), "USD", "P1M", date(2024, 3, 1),
     [("cycleCharge", 45, 1, 30)], [(40, "23.50", 1, 30)], "QT01"),
    # Credit and rebill: minus the 30 old seats, plus the 36 new ones, for the 20 days that are left.
    ("S-M05", "C-BR-1", "CFQ7TTC0HL8W:000B", D("10.50"), "USD", "P1M", date(2024, 1, 1),
     [("cycleCharge", 30, 1, 30), ("addQuantity", -30, 11, 30), ("addQuantity", 36, 11, 30)],
     [(30, "10.50", 1, 30)], "QT03"),
    # The other shape of the same event: one delta line. Billed as it should be.
    ("S-M06", "C-CO-1", "CFQ7TTC0LH18:0001", D("6.60"), "USD", "P1M", date(2024, 1, 1),
     [("CycleCharge", 80, 1, 30), ("addquantity", 12, 16, 30)], [(80, "6.60", 1, 30), (12, "6.60", 16, 30)], None),
    ("S-M07", "C-CO-2", "CFQ7TTC0LCHC:0002", D("23.50"), "USD", "P1Y", date(2024, 4, 1),
     [("cycleCharge", 50, 1, 30)], [(50, "21.50", 1, 30)], "PR01"),
    ("S-M08", "C-CL-3", "CFQ7TTC0LCHC:0002", D("23.50"), "USD", "P1M", date(2024, 1, 1),
     [("cycleCharge", 25, 1, 30)], [], "TP01"),
    ("S-M09", "C-BR-2", "CFQ7TTC0LCHC:0002", D("131.90"), "BRL", "P1M", date(2024, 1, 1),
     [("cycleCharge", 35, 1, 30)], [(35, "131.90", 1, 30)], None),
    # Anniversary month from the 10th: it belongs to September, where it starts, on both sides. Day 39 is 9 October.
    ("S-M10", "C-AR-4", "CFQ7TTC0HL8W:000B", D("10.50"), "USD", "P1Y", date(2024, 7, 10),
     [("CycleCharge", 20, 10, 39)], [(20, "10.50", 10, 39)], None),
    # Six seats given back within the window of seven days; both sides take the credit.
    ("S-M11", "C-PE-4", "CFQ7TTC0LCHC:0002", D("23.50"), "USD", "P1M", date(2024, 9, 1),
     [("new", 40, 1, 30), ("removeQuantity", -40, 4, 30), ("RemoveQuantity", 34, 4, 30)],
     [(40, "23.50", 1, 3), (34, "23.50", 4, 30)], None),
)
CSP_TERMS = {"P1M": "One-Month commitment for monthly billing", "P1Y": "One-Year commitment for monthly billing"}

# Azure plan of C-CL-4: meter, unit price, quantity. Every line carries 15 % partner earned credit, so we pay 85 %.
# Gross 0.10 x 12000 + 0.032 x 20000 + 0.0492 x 2000 = 1200.00 + 640.00 + 98.40 = 1938.40; sold at cost + 8 %.
AZURE = (("Virtual Machines - D4s v5 - BR South", "1 Hour", D("0.10"), D("12000")),
         ("Storage - LRS Data Stored", "1 GB/Month", D("0.032"), D("20000")),
         ("Bandwidth - Standard Data Transfer Out", "1 GB", D("0.0492"), D("2000")))

# GCP reseller export: project, customer, service, sku,
# usage, list, cost, sustained-use credit, reseller margin, cost type
GCP = (
    ("muestra-tienda-co", "C-CO-3", "Compute Engine", "N2 Instance Core running in Sao Paulo",
     "8640", "1600.00", "1450.00", "-120.00", "-145.00", "regular"),
    ("muestra-tienda-co", "C-CO-3", "BigQuery", "Analysis (southamerica-east1)",
     "49.64", "310.25", "310.25", None, "-31.025", "regular"),
    ("muestra-tienda-co", "C-CO-3", "Invoice", "Tax",
     "0", "0", "25.20", None, None, "tax"),
    ("muestra-carga-ar", "C-AR-1", "Cloud Storage", "Standard Storage Sao Paulo",
     "25714.28", "900.00", "800.00", None, "-80.00", "regular"),
    ("muestra-carga-ar", "C-AR-1", "Networking", "Network Internet Egress",
     "1250", "150.00", "140.00", None, "-14.00", "regular"),
)
GCP_PRICES = {"muestra-tienda-co": ("markup_pct_on_cost", D("0.10")),
              "muestra-carga-ar": ("discount_off_list", D("0.05"))}
# fmt: on

# Licences of one made-up security vendor: period, id, customer, product, seats, list, cost, contract price,
# what we bill (seats, price, first day, last day), seeded
LICENCES = (
    ("2024-09", "S-V01", "C-PE-4", "MUR-EDR", 150, "4.00", "3.20", "4.50", [(150, "4.95", 1, 30)], "PR02"),
    ("2024-09", "S-V02", "C-CL-3", "MUR-FW", 80, "14.00", "12.00", "15.00", [(80, "15.00", 1, 20)], "TP06"),
    ("2024-09", "S-V03", "C-AR-2", "MUR-EDR", 200, "4.00", "3.20", "4.50", [(200, "4.50", 1, 30)], None),
    ("2024-09", "S-V04", "C-BR-3", "MUR-FW", 60, "14.00", "12.00", "15.00", [(60, "15.00", 1, 30)], None),
    ("2023-11", "S-V11", "C-CO-1", "MUR-EDR", 40, "4.00", "3.20", "4.50", [(40, "4.50", 1, 30)], None),
    ("2023-11", "S-V12", "C-AR-2", "MUR-FW", 18, "14.00", "12.00", "15.00", [(20, "15.00", 1, 30)], "QT02"),
)

# August documents, paid in September: subscription, seats, unit price, and the legal deduction the customer keeps.
#   kind, tax code, share of (total | net), whole units, then cash short of what was due, in document currency
AUGUST = (
    ("S-M01", 60, "23.50", ("detraccion", "SPOT_037", "total", D("0.12"), 0), D(0)),
    ("S-M03", 45, "10.50", None, D(0)),
    ("S-V03", 200, "4.50", ("withholding", "RET_GANANCIAS", "net", D("0.02"), 2), D(0)),
    ("S-M06", 80, "6.60", ("withholding", "RETEFUENTE", "net", D("0.035"), 2), D("350000.00")),
    ("S-M09", 35, "131.90", None, D(0)),
)
