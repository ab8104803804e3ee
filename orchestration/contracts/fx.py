"""Exchange rates, dated, sourced and sided.

Lives here: the canonical contract of the rates. Does not: which one a document must use (a rule of its country).
"""

from orchestration.contracts.model import Source, Table
from orchestration.contracts.words import columns

SOURCE = Source(
    name="fx",
    title="Exchange rates",
    kind="reference",
    carries_forward=True,
    manifest="cuadre",
    tables=(
        Table(
            source="fx",
            name="fx_rates",
            grain="one rate of one series on one date",
            stage=5,
            key=("source", "series", "side", "rate_date"),
            columns=columns(
                """
                source          text!  # SBS_BCRP|BCCH|ARCA_BNA|TRM|PTAX or another publisher
                series          text!
                base_currency   ccy!
                quote_currency  ccy!
                side            text! buy|sell|mid
                rate            rate!  # quote per 1 base
                rate_date       date!
                valid_from      date
                valid_to        date
                published_at    timestamp
                """,
                canonical=True,
            ),
        ),
    ),
)
