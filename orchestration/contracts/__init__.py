"""What each sender promises to deliver, as pure data: one module per source.

Lives here: the registry. Does not: reading (readers), judging values (expectations), meaning (dbt).
"""

from orchestration.contracts import (
    aws_cur,
    crm,
    erp,
    focus,
    fx,
    gcp_billing,
    meters,
    microsoft_csp_invoice,
    microsoft_csp_usage,
    operations,
    people,
    provider_invoices,
    vendor,
)
from orchestration.contracts.model import DECIMALS, Column, Source, Table

SOURCES: dict[str, Source] = {
    module.SOURCE.name: module.SOURCE
    for module in (
        microsoft_csp_invoice,
        microsoft_csp_usage,
        aws_cur,
        gcp_billing,
        focus,
        vendor,
        provider_invoices,
        meters,
        crm,
        erp,
        operations,
        people,
        fx,
    )
}
"""Every source by the name of its inbox folder."""

__all__ = ["DECIMALS", "SOURCES", "Column", "Source", "Table"]
