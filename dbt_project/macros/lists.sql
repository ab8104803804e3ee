{#- Lists: a column that holds several values of one type, in order. -#}

{#- A list of the values of one row: list_of(['cut_from', 'cut_to']). -#}
{% macro list_of(values) -%} {{ return(adapter.dispatch('list_of')(values)) }} {%- endmacro %}
{% macro default__list_of(values) -%} array({{ values | join(', ') }}) {%- endmacro %}
{% macro duckdb__list_of(values) -%} [{{ values | join(', ') }}] {%- endmacro %}

{#- One row for each value of a list; used in a select list. A list that is empty or null gives no row. -#}
{% macro each_of(values) -%} {{ return(adapter.dispatch('each_of')(values)) }} {%- endmacro %}
{% macro default__each_of(values) -%} explode({{ values }}) {%- endmacro %}
{% macro duckdb__each_of(values) -%} unnest({{ values }}) {%- endmacro %}

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
