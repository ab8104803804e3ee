{#- A decimal in plain digits, without its trailing zeros; any other value as it prints. -#}
{% macro plain_text(value) -%}
    regexp_replace(regexp_replace(cast({{ value }} as varchar), '^(-?\d+\.\d*?)0+$', '\1'), '\.$', '')
{%- endmacro %}

{#- The columns that every family of bridge terms ends in: one term of R − B of one unit, in document currency. -#}
{% macro bridge_columns() -%}
    unit_id, class_code, effect, cast(amount as decimal(38, 12)) as amount, atom_key, invoice_id, customer_id, evidence
{%- endmacro %}
