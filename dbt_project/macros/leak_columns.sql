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

{#- The values compared, as JSON text. Every value is text, so that a decimal keeps all its digits. -#}
{% macro evidence(values) -%} {{ return(adapter.dispatch('evidence')(values)) }} {%- endmacro %}

{% macro default__evidence(values) -%}
    to_json(named_struct({% for name, value in values.items() %}'{{ name }}', cast({{ value }} as string){{ ', ' if not loop.last }}{% endfor %}))
{%- endmacro %}

{% macro duckdb__evidence(values) -%}
    cast(json_object({% for name, value in values.items() %}'{{ name }}', {{ plain_text(value) }}{{ ', ' if not loop.last }}{% endfor %}) as varchar)
{%- endmacro %}

{#- The ids of at most 100 charges, dearest first, as an aggregate over rows that dearest_first has numbered. -#}
{% macro dearest_ids(id, place='place') -%} {{ return(adapter.dispatch('dearest_ids')(id, place)) }} {%- endmacro %}
{% macro default__dearest_ids(id, place) -%}
    transform(sort_array(collect_list(case when {{ place }} <= 100 then struct({{ place }} as place, {{ id }} as id) end)), each -> each.id)
{%- endmacro %}
{% macro duckdb__dearest_ids(id, place) -%} list({{ id }} order by {{ place }}) filter (where {{ place }} <= 100) {%- endmacro %}

{#- A row's place among those of its group: the largest amount first, of equal ones the lower id. A sort that may spill. -#}
{% macro dearest_first(partition_by, amount, id='charge_id') -%}
    row_number() over (partition by {{ partition_by }} order by abs({{ amount }}) desc, {{ id }})
{%- endmacro %}

{% macro list_length(ids) -%} {{ return(adapter.dispatch('list_length')(ids)) }} {%- endmacro %}
{% macro default__list_length(ids) -%} nullif(size({{ ids }}), -1) {%- endmacro %}
{% macro duckdb__list_length(ids) -%} len({{ ids }}) {%- endmacro %}

{% macro list_contains(ids, id) -%} {{ return(adapter.dispatch('list_contains')(ids, id)) }} {%- endmacro %}
{% macro default__list_contains(ids, id) -%} array_contains({{ ids }}, {{ id }}) {%- endmacro %}
{% macro duckdb__list_contains(ids, id) -%} list_contains({{ ids }}, {{ id }}) {%- endmacro %}

{#- The type of a list of ids, and the empty one. -#}
{% macro string_list() -%} {{ return(adapter.dispatch('string_list')()) }} {%- endmacro %}
{% macro default__string_list() -%} {{ return('array<string>') }} {%- endmacro %}
{% macro duckdb__string_list() -%} {{ return('varchar[]') }} {%- endmacro %}
