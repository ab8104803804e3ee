{#-
  The columns of one finding, the same for every class, in one order and type. Each detector ends in
  `select {{ leak_columns('found', absent=[…]) }} from found`; a column neither stated nor declared absent stops the build.
  `evidence_key` is what tells two findings of one class in one unit apart; with class and unit it makes the leak's id.
  `counted` says that the relation states evidence_charge_count, because its list of charges may be cut; every other list is whole.
-#}
{% macro leak_columns(relation, absent=[], counted=false) -%}
    {%- for name, type in leak_column_types() %}
    cast({{ 'null' if name in absent else relation ~ '.' ~ name }} as {{ type }}) as {{ name }},
    {%- endfor %}
    cast({{ '0' if 'evidence_charge_ids' in absent else relation ~ '.evidence_charge_count' if counted
        else 'coalesce(' ~ list_length(relation ~ '.evidence_charge_ids') ~ ', 0)' }} as bigint) as evidence_charge_count
{%- endmacro %}

{% macro leak_column_types() -%}
    {{ return([
        ('close_period', 'string'),
        ('class_code', 'string'),
        ('unit_id', 'string'),
        ('country', 'string'),
        ('provider', 'string'),
        ('customer_id', 'string'),
        ('subscription_id', 'string'),
        ('product_code', 'string'),
        ('invoice_id', 'string'),
        ('provider_invoice_id', 'string'),
        ('payment_id', 'string'),
        ('amount', 'decimal(38, 12)'),
        ('currency', 'string'),
        ('amount_usd', 'decimal(38, 12)'),
        ('is_bridge', 'boolean'),
        ('evidence', 'string'),
        ('evidence_charge_ids', string_list()),
        ('evidence_key', 'string'),
    ]) }}
{%- endmacro %}
