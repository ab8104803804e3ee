"""Operations and people: tickets, deliveries, hours, analysts, certificates, improvement spend.

Lives here: small believable rows without leaks. Does not: customers' money.
"""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

from orchestration.simulator import calendar
from orchestration.simulator.catalogue import COUNTRIES
from orchestration.simulator.chance import Chance
from orchestration.simulator.files.canonical import Extracts
from orchestration.simulator.story import Story

RESPONSE = {"P1": 30, "P2": 60, "P3": 240, "P4": 480}
SKILLS = ("nce_licence", "azure_plan", "pec", "aws", "gcp", "security")


def operations(extracts: Extracts, story: Story, seed: int) -> None:
    """Now and then a ticket; a delivery for what starts this month; hours of own services."""
    agreement, period = story.agreement, story.period
    chance = Chance(seed, "operations", agreement.number, period)
    if chance.hit(8):
        day, priority = calendar.on(period, chance.between(1, 27)), chance.pick(tuple(RESPONSE))
        minutes = RESPONSE[priority]
        extracts.row(
            "operations/tickets",
            ticket_id=f"T{agreement.number:07d}{period.replace('-', '')}",
            customer_id=agreement.customer.id,
            subscription_id=agreement.id,
            priority=priority,
            kind=chance.pick(("incident", "request", "preventive", "corrective")),
            created_at=f"{day}T14:00:00",
            first_response_at=f"{day}T14:{chance.between(5, 25):02d}:00",
            resolved_at=f"{day + timedelta(days=1)}T{chance.between(8, 17):02d}:00:00",
            reopened_count=0,
            paused_minutes=0,
            sla_response_minutes=minutes,
            sla_resolution_minutes=minutes * 40,
            status="closed",
        )
    if calendar.period_of(agreement.start) == period:
        at = f"{agreement.start}T10:00:00"
        extracts.row(
            "operations/deliveries",
            delivery_id=f"D{agreement.number:07d}",
            contract_id=agreement.contract_id,
            customer_id=agreement.customer.id,
            subscription_id=agreement.id,
            milestone="go_live",
            planned_on=agreement.start,
            provisioned_at=at,
            delivered_at=at,
            accepted_at=at,
            acceptance_doc=f"ACTA-{agreement.number}",
            training_done="true",
            currency=agreement.currency,
        )
    if agreement.family == "own_service":
        extracts.row(
            "operations/timesheets",
            timesheet_id=f"H{agreement.number:07d}{period.replace('-', '')}",
            customer_id=agreement.customer.id,
            subscription_id=agreement.id,
            worked_on=calendar.on(period, chance.between(1, 27)),
            hours=chance.between(2, 40),
            billable="false",
        )


def people(extracts: Extracts, period: str, seed: int) -> None:
    """Two analysts in each country, week by week."""
    opens, closes = calendar.first(period), calendar.last(period)
    for country in COUNTRIES.values():
        for n in (1, 2):
            analyst = f"{country.code}-A{n}"
            week = opens - timedelta(days=opens.weekday())
            while week <= closes:
                chance = Chance(seed, "roster", analyst, week)
                extracts.row(
                    "people/roster",
                    analyst_id=analyst,
                    country=country.code,
                    week=week,
                    planned_hours=40,
                    available_hours=40 - chance.between(0, 8),
                )
                week += timedelta(days=7)
            for skill in SKILLS[n - 1 :: 2]:
                extracts.row(
                    "people/certifications",
                    analyst_id=analyst,
                    skill=skill,
                    valid_from="2025-01-01",
                    valid_to="2027-12-31",
                )
    extracts.row(
        "people/improvement_spend",
        spend_id=f"I{period.replace('-', '')}",
        spent_on=calendar.on(period, 15),
        pillar="automatizacion",
        kind="opex",
        amount=Decimal("1850.00"),
        currency="USD",
        country="PE",
        approved_by="gerencia",
    )
