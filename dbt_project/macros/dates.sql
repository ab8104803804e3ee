{#- Dates and days, which engines count in ways of their own. -#}

{#- One row per calendar day from `first` to `last`, both included; used in a select list. No row when last < first. -#}
{% macro each_day(first, last) -%}
    {{ return(adapter.dispatch('each_day')(first, last)) }}
{%- endmacro %}

{% macro default__each_day(first, last) -%}
    explode(case when {{ last }} >= {{ first }} then sequence({{ first }}, {{ last }}, interval 1 day) end)
{%- endmacro %}

{% macro duckdb__each_day(first, last) -%}
    cast(unnest(generate_series(cast({{ first }} as timestamp), cast({{ last }} as timestamp), interval 1 day)) as date)
{%- endmacro %}

{% macro add_months(on_date, months) -%} {{ return(adapter.dispatch('add_months')(on_date, months)) }} {%- endmacro %}
{% macro default__add_months(on_date, months) -%} add_months({{ on_date }}, {{ months }}) {%- endmacro %}
{% macro duckdb__add_months(on_date, months) -%} cast({{ on_date }} + to_months({{ months }}) as date) {%- endmacro %}

{#- Days from one date to another, a whole number: 0 for the same day. -#}
{% macro days_between(first, last) -%} {{ return(adapter.dispatch('days_between')(first, last)) }} {%- endmacro %}
{% macro default__days_between(first, last) -%} datediff({{ last }}, {{ first }}) {%- endmacro %}
{% macro duckdb__days_between(first, last) -%} ({{ last }} - {{ first }}) {%- endmacro %}

{#- Dates before and after everything. -#}
{% macro long_ago() -%} cast('1900-01-01' as date) {%- endmacro %}
{% macro far_ahead() -%} cast('2999-01-01' as date) {%- endmacro %}

{#- Whole years from one date to another: an anniversary counts on its day. -#}
{% macro whole_years(first, last) -%}
    greatest(0, year({{ last }}) - year({{ first }})
        - case when month({{ last }}) * 100 + day({{ last }}) < month({{ first }}) * 100 + day({{ first }}) then 1 else 0 end)
{%- endmacro %}
