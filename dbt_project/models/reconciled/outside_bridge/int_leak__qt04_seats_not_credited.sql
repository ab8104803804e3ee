-- QT04, seats removed inside the provider's return window and the credit not taken: the CRM says fewer seats from a day when
-- they could still be returned, and the provider bills them to the end of its cycle. The window is seven days from the purchase
-- or renewal of the term; a monthly term renews on each anniversary.
with cycles as (

    select * from {{ ref('int_outside__licence_cycles') }}

),

versions as (

    select
        subscription_id,
        valid_from,
        quantity,
        term,
        lag(quantity) over (partition by subscription_id order by valid_from) as quantity_before
    from {{ ref('stg_crm__subscriptions') }}
    where status = 'active'

),

removed as (

    select
        cycles.*,
        versions.valid_from as removed_on,
        versions.quantity as contract_quantity,
        versions.quantity_before,
        case
            when coalesce(cycles.term, versions.term) in ('P1Y', 'P3Y') then {{ add_months(
                'cycles.subscription_started_on',
                'cast(12 * ' ~ term_years('coalesce(cycles.term, versions.term)') ~ ' * ' ~ whole_quotient(
                    whole_years('cycles.subscription_started_on', 'versions.valid_from'), term_years('coalesce(cycles.term, versions.term)')
                ) ~ ' as integer)'
            ) }}
            else cycles.cycle_from
        end as window_opened_on,
        least(versions.quantity_before, cycles.seats_at_the_end) - versions.quantity as kept_seats
    from cycles
    inner join versions on cycles.subscription_id = versions.subscription_id
    where versions.quantity < versions.quantity_before
        and versions.valid_from >= cycles.cycle_from
        and versions.valid_from < cycles.cycle_to
        and versions.valid_from <= {{ period_end() }}

),

late as (

    select
        *,
        {{ for_ticks(
            decimal_multiply('kept_seats', 'monthly_price'),
            month_ticks('cycle_to', 'anniversary_day') ~ ' - ' ~ month_ticks('removed_on', 'anniversary_day')
        ) }} as amount
    from removed
    where kept_seats > 0
        and removed_on >= window_opened_on
        and removed_on < window_opened_on + 7

),

found as (

    select
        '{{ var("close_period") }}' as close_period,
        'QT04' as class_code,
        unit_id,
        country,
        provider,
        customer_id,
        subscription_id,
        product_code,
        provider_invoice_id,
        amount,
        billing_currency as currency,
        {{ decimal_divide('amount', 'units_per_usd') }} as amount_usd,
        false as is_bridge,
        {{ evidence({
            'contract_seats_before': 'quantity_before', 'contract_seats': 'contract_quantity', 'provider_seats': 'seats_at_the_end',
            'removed_on': 'removed_on', 'window_opened_on': 'window_opened_on', 'billed_to': 'cycle_to',
            'provider_monthly_price': 'monthly_price'
        }) }} as evidence,
        charge_ids as evidence_charge_ids,
        charge_count as evidence_charge_count,
        cast(removed_on as string) as evidence_key
    from late

)

select {{ leak_columns('found', absent=['invoice_id', 'payment_id'], counted=true) }}
from found
