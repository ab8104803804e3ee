{#-
  Coverage in contract months, without a rounding anywhere.

  An anniversary month has 28, 29, 30 or 31 days. 377,580 is the least number that all four divide, so a month is cut into
  377,580 ticks and a day of it is a whole number of them. `month_ticks(day, anniversary_day)` is a date's place on that
  ruler; the coverage of [a, b) is the difference of two places. Three days of a thirty-day month are 37,758 ticks: 0.1.
-#}
{% macro ticks_per_month() -%} 377580 {%- endmacro %}

{% macro month_ticks(on_date, anniversary_day) -%}
    {%- set month = "cast(date_trunc('month', " ~ on_date ~ ") as date)" -%}
    {%- set this = anniversary_in(month, anniversary_day) -%}
    {%- set before = anniversary_in(add_months(month, -1), anniversary_day) -%}
    {%- set after = anniversary_in(add_months(month, 1), anniversary_day) -%}
    (
        (year({{ on_date }}) * 12 + month({{ on_date }}) - case when {{ on_date }} < {{ this }} then 1 else 0 end)
        * cast({{ ticks_per_month() }} as bigint)
        + case
            when {{ on_date }} = {{ this }} then 0
            when {{ on_date }} > {{ this }}
                then {{ days_between(this, on_date) }} * cast({{ ticks_per_month() }} / {{ days_between(this, after) }} as bigint)
            else {{ days_between(before, on_date) }} * cast({{ ticks_per_month() }} / {{ days_between(before, this) }} as bigint)
        end
    )
{%- endmacro %}

{#- The anniversary inside a month: the 31st is the last day of a shorter month. -#}
{% macro anniversary_in(month, anniversary_day) -%}
    cast({{ month }} + cast(least({{ anniversary_day }}, day(last_day({{ month }}))) - 1 as integer) as date)
{%- endmacro %}

{% macro add_months(on_date, months) -%} {{ return(adapter.dispatch('add_months')(on_date, months)) }} {%- endmacro %}
{% macro default__add_months(on_date, months) -%} add_months({{ on_date }}, {{ months }}) {%- endmacro %}
{% macro duckdb__add_months(on_date, months) -%} cast({{ on_date }} + to_months({{ months }}) as date) {%- endmacro %}

{% macro days_between(first, last) -%} {{ return(adapter.dispatch('days_between')(first, last)) }} {%- endmacro %}
{% macro default__days_between(first, last) -%} datediff({{ last }}, {{ first }}) {%- endmacro %}
{% macro duckdb__days_between(first, last) -%} ({{ last }} - {{ first }}) {%- endmacro %}

{#-
  `amount_per_month` × ticks ÷ 377,580, to ten decimals, half away from zero. Whole months never divide. Ten decimals, so
  that 10^9 a month still fits.
-#}
{% macro for_ticks(amount_per_month, ticks) -%} {{ return(adapter.dispatch('for_ticks')(amount_per_month, ticks)) }} {%- endmacro %}

{% macro default__for_ticks(amount_per_month, ticks) -%}
    cast(cast({{ amount_per_month }} as decimal(28, 10)) * {{ ticks }} / {{ ticks_per_month() }} as decimal(38, 12))
{%- endmacro %}

{% macro duckdb__for_ticks(amount_per_month, ticks) -%}
    {%- set whole = "(" ~ ticks ~ ") // " ~ ticks_per_month() -%}
    {%- set part = "((" ~ ticks ~ ") % " ~ ticks_per_month() ~ ")" -%}
    case
        when {{ part }} = 0 then cast(({{ amount_per_month }}) * ({{ whole }}) as decimal(38, 12))
        else cast(({{ amount_per_month }}) * ({{ whole }}) as decimal(38, 12)) + cast({{ rounded_quotient(
            'cast(' ~ rounded(amount_per_month, 'cast(' ~ amount_per_month ~ ' as double)', 10) ~ ' * ' ~ part ~ ' as decimal(38, 10))', ticks_per_month(), 10
        ) }} as decimal(38, 12))
    end
{%- endmacro %}

{#- Dates before and after everything. -#}
{% macro long_ago() -%} cast('1900-01-01' as date) {%- endmacro %}
{% macro far_ahead() -%} cast('2999-01-01' as date) {%- endmacro %}

{#- Whole years from one date to another: an anniversary counts on its day. -#}
{% macro whole_years(first, last) -%}
    greatest(0, year({{ last }}) - year({{ first }})
        - case when month({{ last }}) * 100 + day({{ last }}) < month({{ first }}) * 100 + day({{ first }}) then 1 else 0 end)
{%- endmacro %}

{% macro term_years(term) -%} case {{ term }} when 'P1Y' then 1 when 'P3Y' then 3 end {%- endmacro %}

{#- (1 + pct/100) to a whole power, in decimals. More than nine uplifts since a price was agreed are beyond any contract
    seen: the row then has no price, and the staging gate names it. -#}
{% macro compound(pct, times) -%}
    case {{ times }}
        when 0 then cast(1 as decimal(38, 12))
        {%- set factor = "cast(1 + " ~ pct ~ " * 0.01 as decimal(38, 12))" -%}
        {%- set product = namespace(text=factor) %}
        {%- for n in range(1, 10) %}
        when {{ n }} then {{ product.text }}
        {%- set product.text = decimal_multiply(product.text, factor) -%}
        {%- endfor %}
    end
{%- endmacro %}
