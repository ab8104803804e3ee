"""Rules of what providers, vendors, meters and the central banks deliver.

Lives here: what must hold inside one such table. Does not: the FOCUS form of a charge (focus).
"""

from __future__ import annotations

from expectations.words.table_rule import TableRule
from orchestration.quality.rules import every_row, no_rows

_FROM_TO = (
    "El cargo no termina antes de empezar",
    "A cobrança não termina antes de começar",
    "The charge does not end before it begins",
    "Days charged would be negative.",
    "Ask the provider; check the date order in dialect.toml.",
)
_RATE = (
    "El tipo de cambio del proveedor es positivo",
    "A taxa de câmbio do provedor é positiva",
    "The provider's exchange rate is positive",
    "A rate of zero or less turns cost into nothing or into credit.",
    "Ask the provider for the line again.",
)

_NOBODY = "A line without a customer becomes a leak of class EX07."

_LOCAL = "'PEN', 'CLP', 'ARS', 'COP', 'BRL'"

RULES = {
    "microsoft_csp_invoice__lines": (
        TableRule(
            "charged_range",
            "warn",
            every_row("charged_to >= charged_from", "charged_from is not null and charged_to is not null"),
            *_FROM_TO,
        ),
        TableRule("rate_is_positive", "block", every_row("exchange_rate > 0", "exchange_rate is not null"), *_RATE),
        TableRule(
            "total_adds_up",
            "report",
            every_row("total_cost = net_cost + tax_cost", "total_cost is not null and tax_cost is not null"),
            "Total = subtotal + impuesto en cada línea de Microsoft",
            "Total = subtotal + imposto em cada linha da Microsoft",
            "Total = subtotal + tax on each Microsoft line",
            "Subtotal and tax are what is closed; a total that says otherwise is the provider's to explain.",
            "Ask Microsoft; the close uses subtotal and tax.",
            cause_7m="MA",
            priced_by=("total_cost - net_cost - tax_cost", "currency"),
        ),
        TableRule(
            "customer_is_named",
            "warn",
            every_row("trim(customer_tenant_id) <> ''"),
            "Cada línea indica su cliente (tenant)",
            "Cada linha indica seu cliente (tenant)",
            "Each line names its customer (tenant)",
            _NOBODY,
            "Allocate the line by its invoice or order id.",
            cause_7m="MA",
            priced_by=("net_cost", "currency"),
        ),
    ),
    "microsoft_csp_usage__lines": (
        TableRule("rate_is_positive", "block", every_row("exchange_rate > 0", "exchange_rate is not null"), *_RATE),
        TableRule(
            "charged_range",
            "warn",
            every_row("charged_to >= charged_from", "charged_from is not null and charged_to is not null"),
            *_FROM_TO,
        ),
    ),
    "aws_cur__lines": (
        TableRule(
            "charged_range",
            "warn",
            every_row(
                "usage_ended_at >= usage_started_at", "usage_started_at is not null and usage_ended_at is not null"
            ),
            *_FROM_TO,
        ),
        TableRule(
            "account_is_named",
            "warn",
            every_row("trim(usage_account_id) <> ''"),
            "Cada línea de AWS indica su cuenta",
            "Cada linha da AWS indica sua conta",
            "Each AWS line names its account",
            _NOBODY,
            "Allocate the line by its invoice or line item id.",
            cause_7m="MA",
            priced_by=("unblended_cost", "currency"),
        ),
    ),
    "gcp_billing__lines": (
        TableRule("rate_is_positive", "block", every_row("exchange_rate > 0", "exchange_rate is not null"), *_RATE),
        TableRule(
            "charged_range",
            "warn",
            every_row(
                "usage_ended_at >= usage_started_at", "usage_started_at is not null and usage_ended_at is not null"
            ),
            *_FROM_TO,
        ),
    ),
    "vendor__licence_charges": (
        TableRule("charged_range", "block", every_row("period_to >= period_from"), *_FROM_TO),
        TableRule(
            "licence_is_named",
            "warn",
            every_row("trim(licence_id) <> ''"),
            "Cada línea indica su licencia",
            "Cada linha indica sua licença",
            "Each line names its licence",
            _NOBODY,
            "Allocate the line by its invoice and line number.",
            cause_7m="MA",
            priced_by=("amount", "currency"),
        ),
        TableRule(
            "amount_is_price_times_quantity",
            "report",
            every_row("try(abs(amount - quantity * unit_price) <= 0.01)"),
            "Importe = cantidad × precio de la licencia",
            "Valor = quantidade × preço da licença",
            "Amount = quantity × price of the licence",
            "The vendor may prorate; a difference is shown, never corrected.",
            "Nothing to do if the vendor prorates; else ask for a corrected invoice.",
            cause_7m="MA",
            priced_by=("amount", "currency"),
        ),
    ),
    "provider_invoices__headers": (
        TableRule(
            "total_adds_up",
            "warn",
            every_row(
                "abs(total - net_total - tax_total) <= 0.01 "
                "or (adjustments is not null and abs(total - net_total - tax_total - adjustments) <= 0.01)"
            ),
            "Total = neto + impuesto en cada encabezado, con los ajustes dentro del neto o aparte",
            "Total = líquido + imposto em cada cabeçalho, com os ajustes dentro do líquido ou à parte",
            "Total = net + tax on each header, with the adjustments inside the net or beside it",
            "The total is what is payable; senders differ in whether their net holds the adjustments.",
            "Compare the capture with the PDF.",
            priced_by=("total - net_total - tax_total", "currency"),
        ),
    ),
    "meters__readings": (
        TableRule(
            "counter_does_not_run_backwards",
            "warn",
            no_rows(
                "select * from (select *, lag(value) over (partition by meter_id, counter order by read_at) as value_before "
                "from {batch}) as ordered where reading_kind <> 'reset' and value < value_before"
            ),
            "Ningún contador retrocede sin un reinicio",
            "Nenhum contador retrocede sem um reinício",
            "No counter runs backwards without a reset",
            "Consumption would be negative, and the customer billed too little.",
            "Deliver the reset reading, or correct the reading.",
            cause_7m="MD",
        ),
    ),
    "fx__fx_rates": (
        TableRule(
            "rate_is_positive",
            "block",
            every_row("rate > 0 and base_currency <> quote_currency"),
            "Cada tipo de cambio es positivo y entre dos monedas",
            "Cada taxa de câmbio é positiva e entre duas moedas",
            "Each exchange rate is positive and between two currencies",
            "Nothing can be converted with a rate of zero.",
            "Correct the row at its source.",
        ),
        TableRule(
            "direction_by_magnitude",
            "block",
            every_row(
                f"case when quote_currency in ({_LOCAL}) then rate > 1 else rate < 1 end",
                f"(base_currency in ('USD', 'EUR') and quote_currency in ({_LOCAL})) "
                f"or (quote_currency in ('USD', 'EUR') and base_currency in ({_LOCAL}))",
            ),
            "Un dólar o un euro vale más que un sol, peso o real",
            "Um dólar ou um euro vale mais que um sol, peso ou real",
            "A dollar or a euro is worth more than a sol, peso or real",
            "A rate in the wrong direction divides where it should multiply: an error, not a number.",
            "Swap base and quote of the series, or deliver its inverse.",
            cause_7m="MQ",
        ),
        TableRule(
            "direction_by_its_series",
            "block",
            no_rows(
                "select rates.*, usual.rate as usual_rate from {batch} as rates join ("
                "select source, series, side, base_currency, quote_currency, quantile_disc(rate, 0.5) as rate "
                "from {batch} group by all) as usual using (source, series, side, base_currency, quote_currency) "
                "where not try(rates.rate between usual.rate * 0.7 and usual.rate * 1.3) "
                "and try(rates.rate * usual.rate between 0.7 and 1.3)"
            ),
            "Ningún tipo de cambio está invertido dentro de su serie",
            "Nenhuma taxa de câmbio está invertida dentro da sua série",
            "No exchange rate is inverted inside its series",
            "Its inverse fits the series within 30%, the rate itself does not.",
            "Correct the row at its source.",
            cause_7m="MQ",
        ),
        TableRule(
            "series_reaches_the_month_end",
            "warn",
            no_rows(
                "select source, series, side, base_currency, quote_currency, max(coalesce(valid_to, rate_date)) as last_day "
                "from {batch} group by all having max(coalesce(valid_to, rate_date)) < "
                "last_day(strptime(min(close_period) || '-01', '%Y-%m-%d')::date) - 7"
            ),
            "Cada serie llega, como mínimo, hasta siete días antes del fin de mes",
            "Cada série chega, no mínimo, até sete dias antes do fim do mês",
            "Each series reaches to within seven days of the month's end",
            "A rate is carried forward at most seven days; after that documents have no rate to be held to.",
            "Deliver the missing rates.",
            cause_7m="MT",
            owner_role="finance_lead",
        ),
    ),
}
