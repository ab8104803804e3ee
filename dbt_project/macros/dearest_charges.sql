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
