-- EX12, duplicate ingest: a file whose bytes were delivered already. It was left out, so no money moves; it is kept as proof.
with found as (

    select
        '{{ var("close_period") }}' as close_period,
        'EX12' as class_code,
        cast(0 as decimal(38, 12)) as amount,
        coalesce(currency, 'USD') as currency,
        cast(0 as decimal(38, 12)) as amount_usd,
        false as is_bridge,
        {{ evidence({
            'source': 'source', 'file': 'file', 'sha256': 'sha256', 'rows': 'rows', 'amount_left_out': 'amount_total',
            'reason': 'reason'
        }) }} as evidence,
        source || ':' || file || ':' || sha256 as evidence_key
    from {{ ref('stg_cuadre__deliveries') }}
    where status = 'duplicate' and close_period = '{{ var("close_period") }}'

)

select {{ leak_columns('found', absent=[
    'unit_id', 'country', 'provider', 'customer_id', 'subscription_id', 'product_code', 'invoice_id', 'provider_invoice_id',
    'payment_id', 'evidence_charge_ids'
]) }}
from found
