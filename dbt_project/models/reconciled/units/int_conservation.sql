{{ config(materialized='view') }}
-- Conservation on the two sides that the reconciliation owns: every ERP line, every contract-day.
{% for side in ['erp', 'days'] %}
    select
        close_period,
        side,
        provider,
        invoice_id,
        currency,
        line_count,
        line_total,
        header_total,
        bucket_total,
        unexplained_total,
        tolerance,
        is_conserved
    from {{ ref('int_conservation__' ~ side) }}
    {{ 'union all' if not loop.last }}
{% endfor %}
