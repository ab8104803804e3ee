{#-
  Coverage in contract months, without a rounding anywhere.

  An anniversary month has 28, 29, 30 or 31 days. 377,580 is the least number that all four divide, so a month is cut into
  377,580 ticks and a day of it is a whole number of them. `month_ticks(day, anniversary_day)` is a date's place on that
  ruler; the coverage of [a, b) is the difference of two places. Three days of a thirty-day month are 37,758 ticks: 0.1.
-#}
{% macro ticks_per_month() -%} 377580 {%- endmacro %}

{% macro month_ticks(on_date, anniversary_day) -%} {{ return(adapter.dispatch('month_ticks')(on_date, anniversary_day)) }} {%- endmacro %}

{% macro duckdb__month_ticks(on_date, anniversary_day) -%} month_ticks({{ on_date }}, {{ anniversary_day }}) {%- endmacro %}

{% macro default__month_ticks(on_date, anniversary_day) -%}
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

{#-
  `amount_per_month` × ticks ÷ 377,580, to ten decimals, half away from zero. Whole months never divide. Ten decimals, so
  that 10^9 a month still fits.
-#}
{% macro for_ticks(amount_per_month, ticks) -%} {{ return(adapter.dispatch('for_ticks')(amount_per_month, ticks)) }} {%- endmacro %}

{% macro duckdb__for_ticks(amount_per_month, ticks) -%} for_ticks({{ amount_per_month }}, {{ ticks }}) {%- endmacro %}

{#- Spark rounds a quotient of DECIMAL(31,10) to 17 decimals, enough to tell which side of a half every fraction of a month is on. -#}
{% macro default__for_ticks(amount_per_month, ticks) -%}
    (
        cast(({{ amount_per_month }}) * {{ whole_quotient(ticks, ticks_per_month()) }} as decimal(38, 12))
        + cast(cast(
            cast(cast({{ amount_per_month }} as decimal(31, 10)) * (({{ ticks }}) % {{ ticks_per_month() }}) as decimal(31, 10))
            / {{ ticks_per_month() }}
        as decimal(38, 10)) as decimal(38, 12))
    )
{%- endmacro %}

{#- Years of a commitment, from its ISO 8601 term. -#}
{% macro term_years(term) -%} case {{ term }} when 'P1Y' then 1 when 'P3Y' then 3 end {%- endmacro %}
