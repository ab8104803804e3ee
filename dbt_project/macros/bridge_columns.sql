{#- The columns that every family of bridge terms ends in: one term of R − B of one unit, in document currency. -#}
{% macro bridge_columns() -%}
    unit_id, class_code, effect, cast(amount as decimal(38, 12)) as amount, atom_key, invoice_id, customer_id, evidence
{%- endmacro %}
