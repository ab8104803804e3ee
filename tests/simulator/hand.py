"""One tiny month to compute by hand, for the tests of leaks and of shapes.

The unit: 2026-09 (30 days), Peru, 10 seats at 12.00 USD that cost 10.00, invoiced in soles at 4.00, so R = 10 × 12 × 4 = 480.00 PEN.
The consumption unit: 100.00 USD of usage. Chance always draws its smallest number, so each leak has its smallest size.
"""

from datetime import date
from decimal import Decimal

from orchestration.simulator import leaks
from orchestration.simulator.catalogue import AZURE, COUNTRIES, Product
from orchestration.simulator.chance import Chance
from orchestration.simulator.charges import Charge
from orchestration.simulator.crm import contract_row, crm_row
from orchestration.simulator.documents import Document, collect
from orchestration.simulator.people import Agreement, Customer
from orchestration.simulator.story import Story, line, lump, seat

D = Decimal

PERIOD = "2026-09"


class Smallest(Chance):
    """Draws its smallest number, always."""

    def __init__(self):
        super().__init__("smallest")

    def below(self, bound: int) -> int:
        return 0


class FourSoles:
    """4.00 soles per dollar by the rule; it was 3.80 on one earlier day; the market asks 4.10."""

    def rule(self, country, issued):
        return D(4)

    def per_dollar(self, currency, on):
        return D(1) if currency == "USD" else D(4)

    def other_dates(self, country, issued):
        return [D("3.99"), D("3.80")]

    def other_sides(self, country, issued):
        return [D("4.10")]


CUSTOMER = Customer(1, "Ejemplo S.A.C.", COUNTRIES["PE"], "20100070970", "A", False, False, "PEN", 25, 10)
SEAT = Product("CFQ7TTC0LH18:0001", "Asiento", D("11.00"), D("10.00"))


def agreement(**changes) -> Agreement:
    facts = {
        "customer": CUSTOMER, "number": 7, "family": "csp_licence", "provider": "microsoft", "provider_id": "sub-7", "product": SEAT,
        "basis": "per_unit", "currency": "USD", "cost_currency": "USD", "price": D("12.00"), "value": None, "price_period": "month",
        "term": "P1M", "frequency": "monthly", "start": date(2025, 12, 1), "anchor": 1, "seats": 10, "uses_pairs": False, "uplift_pct": None,
        "promo_pct": None, "promo_end": None, "min_commit": None, "pass_credits": None, "included": 0, "overage": None,
        "margin_floor_pct": None,
    }  # fmt: skip
    return Agreement(**facts | changes)


def story(signed: Agreement) -> Story:
    return Story(signed, PERIOD, FourSoles(), [crm_row(signed, signed.seats)], contract_row(signed))


def invoiced(told: Story) -> Story:
    told._expected = sum(each.amount for each in told.lines)
    told.documents.append(Document(CUSTOMER, date(2026, 9, 25), "PEN", D(4), D(4), list(told.lines)))
    return told


def licence(**changes) -> Story:
    told = story(agreement(**changes))
    opens, closes = date(2026, 9, 1), date(2026, 9, 30)
    told.charges.append(seat(told.agreement, "cycleCharge", 10, opens, closes, told.rates, PERIOD))
    told.lines.append(line(told.agreement, 10, opens, closes))
    told.base = told.lines[0]
    return invoiced(told)


def licence_with_addition() -> Story:
    """Three seats join on 16 September: 3 × 12.00 × 15/30 = 18.00 USD more."""
    told = story(agreement())
    for word, quantity, opens in (("cycleCharge", 10, date(2026, 9, 1)), ("addQuantity", 3, date(2026, 9, 16))):
        told.charges.append(seat(told.agreement, word, quantity, opens, date(2026, 9, 30), told.rates, PERIOD))
        told.lines.append(line(told.agreement, quantity, opens, date(2026, 9, 30)))
    told.added = told.lines[1]
    return invoiced(told)


def licence_at_cost_plus() -> Story:
    """10 % on a cost of 100.00: R = 110.00 USD."""
    told = story(agreement(basis="markup_pct_on_cost", price=None, value=D("0.10")))
    told.charges.append(
        seat(told.agreement, "cycleCharge", 10, date(2026, 9, 1), date(2026, 9, 30), told.rates, PERIOD)
    )
    told.lines.append(lump(told.agreement, told.cost * D("1.10"), PERIOD))
    return invoiced(told)


def usage(family: str, meter, factor="1.10", **changes) -> Story:
    """100.00 of usage, 15.00 of which the reseller keeps on Azure; R = 100 × factor."""
    facts = {
        "family": family,
        "provider": {"azure": "microsoft"}.get(family, family),
        "product": None,
        "price": None,
        "value": D("0.10"),
    }
    told = story(agreement(**facts | {"basis": "markup_pct_on_cost"} | changes))
    for margin in (D(15) * D("0.4"), D(15) * D("0.6")):
        cost = margin / D("0.15")
        told.charges.append(
            Charge("usage", "new", cost / meter.price, meter.price, meter.price, cost, date(2026, 9, 1), date(2026, 9, 30), meter.code, meter,
                   margin=margin if family == "azure" else D(0), list_cost=cost)
        )  # fmt: skip
    told.lines.append(lump(told.agreement, told.cost * D(factor), PERIOD))
    return invoiced(told)


def azure(**changes) -> Story:
    return usage("azure", AZURE[0], **changes)


def passthrough(passes: bool) -> Story:
    return azure(factor="1", basis="passthrough", value=None, pass_credits=passes)


def metered() -> Story:
    """Base 80.00, 200 pages over the included ones at 0.125."""
    told = story(
        agreement(family="metered", provider="own", basis="metered", price=D(80), overage=D("0.125"), included=500)
    )
    told.lines.append(lump(told.agreement, D(80), PERIOD))
    extra = lump(told.agreement, D("0.125"), PERIOD, words="Overage")
    extra.quantity = D(200)
    told.lines.append(extra)
    return invoiced(told)


def with_minimum() -> Story:
    """Usage is worth 110.00, the contract's minimum is 150.00."""
    told = azure(min_commit=D(150))
    told.documents.clear()
    told.lines.append(lump(told.agreement, D(40), PERIOD, words="Minimum commitment"))
    return invoiced(told)


def with_note() -> Story:
    """Two of the ten seats left on 16 September and were credited: 2 × 12 × 15/30 × 4 = 48.00 PEN."""
    told = licence()
    opens = date(2026, 9, 16)
    told.documents.append(
        told.documents[0].note(date(2026, 9, 26), [line(told.agreement, 2, opens, date(2026, 9, 30))])
    )
    return told


def scene(told: Story) -> leaks.Scene:
    old = Document(CUSTOMER, date(2026, 8, 26), "PEN", D(4), D(4), [lump(told.agreement, D(120), "2026-08")])
    old.settle()
    collect(old, "2026-08")
    return leaks.Scene(1, CUSTOMER, [told], [old], FourSoles())
