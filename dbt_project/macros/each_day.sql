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

{#- First and last calendar day of the month being closed. -#}
{% macro period_start() -%} cast('{{ var("close_period") }}-01' as date) {%- endmacro %}
{% macro period_end() -%} last_day(cast('{{ var("close_period") }}-01' as date)) {%- endmacro %}
