"""Who buys: customers and what they signed, each a function of the seed and a number.

Lives here: customers and agreements. Does not: anything that changes from month to month (story).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache

from orchestration.simulator.calendar import DAY, add_months, first, on, shift
from orchestration.simulator.catalogue import (
    COUNTRIES,
    COUNTRY_WEIGHTS,
    LICENCES,
    METERED,
    NAMES,
    OWN_SERVICES,
    SECURITY,
    TRADES,
    Country,
    Product,
)
from orchestration.simulator.chance import Chance, guid
from orchestration.simulator.fiscal import fiscal_id
from orchestration.simulator.known import known
from orchestration.simulator.money import places

FAMILIES = (
    ("csp_licence", 40),
    ("azure", 11),
    ("aws", 13),
    ("gcp", 7),
    ("oracle", 7),
    ("cybersecurity", 13),
    ("metered", 5),
    ("own_service", 4),
)
CONSUMPTION = frozenset({"azure", "aws", "gcp", "oracle"})
SEATS = frozenset({"csp_licence", "cybersecurity"})
OWN = frozenset({"metered", "own_service"})
XREF_SYSTEM = {
    "csp_licence": "ms_tenant_id",
    "azure": "ms_tenant_id",
    "aws": "aws_account_id",
    "gcp": "gcp_project",
    "oracle": "vendor_account",
    "cybersecurity": "vendor_account",
    "metered": "meter_id",
}
CRM_FAMILY = {"oracle": "cybersecurity"}
"""The CRM's list of families has none for Oracle; this one stands for every other vendor."""


@dataclass(frozen=True, slots=True)
class Customer:
    """One company that does not exist."""

    number: int
    name: str
    country: Country
    fiscal_id: str
    segment: str
    is_internal: bool
    withholds: bool
    document_currency: str
    issue_day: int
    pay_day: int

    @property
    def id(self) -> str:
        """As the CRM knows it."""
        return f"C{self.number:07d}"

    @property
    def domain(self) -> str:
        """The customer's mail domain."""
        return f"cliente{self.number:07d}.example"


@dataclass(frozen=True, slots=True)
class Agreement:
    """One subscription as signed."""

    customer: Customer
    number: int
    family: str
    provider: str
    provider_id: str
    product: Product | None
    basis: str
    currency: str
    cost_currency: str
    price: Decimal | None
    value: Decimal | None
    price_period: str
    term: str
    frequency: str
    start: date
    anchor: int
    seats: int
    uses_pairs: bool
    """Whether the provider writes a seat change as credit and rebill, or as one line with the difference."""
    uplift_pct: Decimal | None
    promo_pct: Decimal | None
    promo_end: date | None
    min_commit: Decimal | None
    pass_credits: bool | None
    included: int
    overage: Decimal | None
    margin_floor_pct: Decimal | None
    stopped_on: date | None = None
    """Terminated, or suspended, at the provider too: no charge and no invoice after it."""
    is_suspended: bool = False
    repriced_on: date | None = None
    new_price: Decimal | None = None

    @property
    def id(self) -> str:
        """As the CRM knows it."""
        return f"S{self.number:07d}"

    @property
    def contract_id(self) -> str:
        """Each subscription has a contract of its own."""
        return f"K{self.number:07d}"

    @property
    def product_code(self) -> str:
        """The licence's code, or the family's consumption."""
        return self.product.code if self.product else f"{self.family}_consumption"

    @property
    def yearly_renewals(self) -> Iterator[date]:
        """Renewal days of a yearly term, without end."""
        months = 12
        while True:
            yield add_months(self.start, months)
            months += 12


def tenant(seed: int, customer: Customer) -> str:
    """The customer's Microsoft tenant."""
    return guid(seed, "tenant", customer.number)


@lru_cache(maxsize=4096)
def customer(seed: int, number: int) -> Customer:
    """The customer of that number."""
    chance = Chance(seed, "customer", number)
    country = COUNTRIES[chance.weighted(COUNTRY_WEIGHTS)]
    name = f"{chance.pick(TRADES)} {chance.pick(NAMES)} {number} {country.suffix}"
    return Customer(
        number=number,
        name=name,
        country=country,
        fiscal_id=fiscal_id(country.code, chance),
        segment=chance.pick("AABBBC"),
        is_internal=chance.hit(1),
        withholds=country.code != "CL" and chance.hit(40),
        document_currency="USD" if country.usd_documents and chance.hit(10) else country.currency,
        issue_day=chance.between(24, 28),
        pay_day=chance.between(5, 20),
    )


def agreements(seed: int, count: int, period: str) -> Iterator[tuple[Customer, list[Agreement]]]:
    """Customers with what they signed, until `count` subscriptions exist. Nothing is kept."""
    made = number = 0
    while made < count:
        who = customer(seed, number)
        size = min(Chance(seed, "size", number).weighted(((1, 55), (2, 25), (3, 15), (5, 5))), count - made)
        yield who, [_agreement(seed, who, made + n, period) for n in range(size)]
        made, number = made + size, number + 1


def _agreement(seed: int, who: Customer, number: int, period: str) -> Agreement:
    chance = Chance(seed, "agreement", number)
    family = chance.weighted(FAMILIES)
    if who.is_internal and family in OWN:
        family = "csp_licence"
    product = _product(family, chance)
    currency = _currency(family, who)
    cost_currency = currency if family == "csp_licence" else "USD"
    basis, price, value = _price(family, product, chance)
    if who.is_internal:
        basis, price, value = "passthrough", None, None
    yearly = family in SEATS and basis == "per_unit" and chance.hit(30)
    annual = yearly and chance.hit(30)
    start = on(
        shift(period, -chance.between(1, 20)),
        chance.between(2, 31) if family == "csp_licence" and chance.hit(30) else 1,
    )
    if chance.hit(3):
        start = first(period)  # a customer who joins in the first simulated month
    promo = family in SEATS and basis == "per_unit" and not annual and chance.hit(10)
    per_year = annual and chance.hit(50)
    if price is not None and currency == "BRL" and family == "csp_licence":
        price = places(price * Decimal("5.9"), 2)
    if price is not None and family in OWN:
        price = places(price * (1 if who.country.code != "CL" else 250), 2)
    if price is not None and per_year:
        price *= 12
    steady = family in SEATS and basis == "per_unit" and not yearly and not promo
    repriced = steady and start < first(period) and chance.hit(6)
    stops = family not in OWN and chance.hit(3)
    overage = {"CLP": Decimal("35"), "COP": Decimal("160"), "ARS": Decimal("58")}.get(currency, Decimal("0.1250"))
    return Agreement(
        customer=who,
        number=number,
        family=family,
        provider=_provider(family, product),
        provider_id=_provider_id(seed, family, number, chance),
        product=product,
        basis=basis,
        currency=currency,
        cost_currency=cost_currency,
        price=price,
        value=value,
        price_period="year" if per_year else "month",
        term="P1Y" if yearly else "P1M",
        frequency="annual" if annual else "monthly",
        start=start,
        anchor=start.day if family == "csp_licence" else 1,
        seats=chance.between(3, 120),
        uses_pairs=chance.hit(50),
        uplift_pct=Decimal(5) if yearly and not annual and chance.hit(40) else None,
        promo_pct=Decimal(10) if promo else None,
        promo_end=add_months(start, chance.pick((6, 12, 30))) - DAY if promo else None,
        min_commit=Decimal(chance.between(50, 900))
        if basis == "markup_pct_on_cost" and family in CONSUMPTION and chance.hit(25)
        else None,
        pass_credits=chance.hit(50) if basis == "passthrough" else None,
        included=chance.between(5, 40) * 100 if family == "metered" else 0,
        overage=overage if family == "metered" else None,
        margin_floor_pct=Decimal(5) if family in SEATS and basis == "per_unit" and chance.hit(30) else None,
        stopped_on=first(period) - DAY * chance.between(5, 25) if stops and start < first(shift(period, -1)) else None,
        is_suspended=chance.hit(40),
        repriced_on=on(shift(period, 1), start.day) if repriced else None,
        new_price=places(known(price) * Decimal("1.04"), 2) if repriced else None,
    )


def _product(family: str, chance: Chance) -> Product | None:
    choices = {"csp_licence": LICENCES, "cybersecurity": SECURITY, "own_service": OWN_SERVICES, "metered": METERED}.get(
        family
    )
    return chance.pick(choices) if choices else None


def _provider(family: str, product: Product | None) -> str:
    clouds = {"csp_licence": "microsoft", "azure": "microsoft", "aws": "aws", "gcp": "gcp", "oracle": "oracle"}
    return clouds.get(family) or known(product).vendor.lower()


def _provider_id(seed: int, family: str, number: int, chance: Chance) -> str:
    return {
        "csp_licence": guid(seed, "subscription", number),
        "azure": guid(seed, "subscription", number),
        "aws": f"{1 + chance.below(8)}{number:07d}{chance.below(10_000):04d}",
        "gcp": f"proyecto-{number:07d}",
        "oracle": f"ocid1.compartment.oc1..{number:07d}",
        "cybersecurity": f"LIC-{number:07d}",
        "metered": f"MTR-{number:07d}",
        "own_service": f"OWN-{number:07d}",
    }[family]


def _currency(family: str, who: Customer) -> str:
    if family in OWN:
        return who.country.currency
    return "BRL" if family == "csp_licence" and who.country.code == "BR" else "USD"


def _price(family: str, product: Product | None, chance: Chance) -> tuple[str, Decimal | None, Decimal | None]:
    """Basis, unit price and value. A seat costs 18 to 30 % above what the provider charges."""
    if family == "own_service":
        return "fixed_fee", known(product).list_price, None
    if family == "metered":
        return "metered", known(product).list_price, None
    if family in SEATS and not chance.hit(15):
        return "per_unit", places(known(product).cost * Decimal(chance.pick(("1.18", "1.22", "1.30"))), 2), None
    if family in SEATS or chance.hit(60):
        return "markup_pct_on_cost", None, Decimal(chance.pick(("0.10", "0.12", "0.15")))
    if family == "oracle":  # bought 5 % below list, so that 2 or 3 % off list still earns
        return "discount_off_list", None, Decimal(chance.pick(("0.02", "0.03")))
    return "passthrough", None, None
