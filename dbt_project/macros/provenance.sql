{#- Where a line comes from: the last columns of every staging model that reads files. -#}
{% macro provenance() -%}
    _close_period as close_period,
    _delivery_sha256 as delivery_sha256,
    _source_file as source_file,
    _source_row as source_row,
    _is_stale as is_stale
{%- endmacro %}
