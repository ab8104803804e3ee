{#-
  The columns of one finding, the same for every class, in one order and type. Each detector ends in
  `select {{ leak_columns('found', absent=[…]) }} from found`; a column neither stated nor declared absent stops the build.
  `evidence_key` is what tells two findings of one class in one unit apart; with class and unit it makes the leak's id.
-#}
{% macro leak_columns(relation, absent=[]) -%}
    {%- for name, type in leak_column_types() %}
    cast({{ 'null' if name in absent else relation ~ '.' ~ name }} as {{ type }}) as {{ name }}{{ ',' if not loop.last }}
    {%- endfor %}
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

{#- The values compared, as JSON text. Every value is text, so that a decimal keeps all its digits. -#}
{% macro evidence(values) -%} {{ return(adapter.dispatch('evidence')(values)) }} {%- endmacro %}

{% macro default__evidence(values) -%}
    to_json(named_struct({% for name, value in values.items() %}'{{ name }}', cast({{ value }} as string){{ ', ' if not loop.last }}{% endfor %}))
{%- endmacro %}

{% macro duckdb__evidence(values) -%}
    cast(json_object({% for name, value in values.items() %}'{{ name }}', {{ plain_text(value) }}{{ ', ' if not loop.last }}{% endfor %}) as varchar)
{%- endmacro %}

{#- A list of ids in a stable order, as an aggregate. -#}
{% macro id_list(id) -%} {{ return(adapter.dispatch('id_list')(id)) }} {%- endmacro %}
{% macro default__id_list(id) -%} sort_array(collect_list({{ id }})) {%- endmacro %}
{% macro duckdb__id_list(id) -%} list({{ id }} order by {{ id }}) {%- endmacro %}

{#- The type of a list of ids, and the empty one. -#}
{% macro string_list() -%} {{ return(adapter.dispatch('string_list')()) }} {%- endmacro %}
{% macro default__string_list() -%} {{ return('array<string>') }} {%- endmacro %}
{% macro duckdb__string_list() -%} {{ return('varchar[]') }} {%- endmacro %}
