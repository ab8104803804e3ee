{#-
  How Microsoft computes a line, so that its rounding is never mistaken for a leak (Partner Center, invoice reconciliation
  file, 2022-01-18; daily rated usage, 2021). ROUNDDOWN is Excel's: toward zero, so a credit is not a cent larger than its
  charge, as FLOOR would make it.
-#}
{% macro round_down(amount, decimals=2) -%} {{ return(adapter.dispatch('round_down')(amount, decimals)) }} {%- endmacro %}

{% macro duckdb__round_down(amount, decimals) -%} cast(trunc({{ amount }}, {{ decimals }}) as decimal(38, 12)) {%- endmacro %}

{% macro default__round_down(amount, decimals) -%}
    cast(sign({{ amount }}) * floor(abs({{ amount }}) * {{ 10 ** decimals }}) / {{ 10 ** decimals }} as decimal(38, 12))
{%- endmacro %}

{#- A product that is cut before it is rounded must not be rounded on the way: both factors keep their decimals (24 in all). -#}
{% macro exact_product(left, right) -%}
    (cast({{ left }} as decimal(38, 12)) * cast({{ right }} as decimal(38, 12)))
{%- endmacro %}

{#- Usage: ROUNDDOWN(ROUNDDOWN(unit price × quantity, 2) × exchange rate, 2). -#}
{% macro microsoft_usage_cost(unit_price, quantity, exchange_rate) -%}
    {{ round_down(exact_product(round_down(exact_product(unit_price, quantity)), exchange_rate)) }}
{%- endmacro %}

{#- Licences: ROUNDDOWN(unit price × exchange rate, 2) × quantity. -#}
{% macro microsoft_seat_cost(unit_price, quantity, exchange_rate) -%}
    cast({{ exact_product(round_down(exact_product(unit_price, exchange_rate)), quantity) }} as decimal(38, 12))
{%- endmacro %}

{#- Azure meter with partner earned credit: ROUNDDOWN(quantity × price × (1 − credit), 2); its unit price is that ÷ quantity. -#}
{% macro azure_meter_cost(list_unit_price, quantity, credit_pct) -%}
    {{ round_down(exact_product(quantity, decimal_multiply(list_unit_price, '(100 - ' ~ credit_pct ~ ') * 0.01'))) }}
{%- endmacro %}

{#- `quantity` with the sign of the money beside it; as stated where the money is 0.00. -#}
{% macro signed_by_money(quantity, amount) -%}
    case when {{ amount }} > 0 then abs({{ quantity }}) when {{ amount }} < 0 then -abs({{ quantity }}) when {{ amount }} = 0 then {{ quantity }} end
{%- endmacro %}
