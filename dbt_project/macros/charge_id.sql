{#-
  The name of a charge: 128 bits of the SHA-256 of what its line says, then its ordinal among lines that say the same, then
  its part of the line.

  No provider gives a safe natural key, so the content is the key. The file's name and the row's place in it are not content:
  a renamed or re-split file gives the same ids. `columns` are what identifies a line, never all that is known of it, because
  hashing is most of the cost of a large report. Numbers are hashed as DECIMAL(38,12): 1.5 and 1.50 are the same content.
-#}
{% macro content_id(columns, relation=none) -%}
    {%- set qualified = [] -%}
    {%- for column in columns -%} {%- do qualified.append(relation ~ '.' ~ column if relation else column) -%} {%- endfor -%}
    left({{ sha256_text(joined_text(qualified)) }}, 32)
{%- endmacro %}

{#-
  `part` tells apart the charges made of one line: '' for the line itself, else 'tax', 'margin', 'credit1'. A line of several
  parts takes its content's id before it is taken apart, so that it is hashed once.
-#}
{% macro charge_id(content_id, ordinal, part="''") -%}
    concat_ws('-', {{ content_id }}, coalesce({{ ordinal }}, 1), nullif({{ part }}, ''))
{%- endmacro %}

{#-
  Lines of `relation` whose content occurs more than once, numbered in file order; every other line is the first of its
  content. A cheap 64-bit fingerprint finds the few candidates, so that numbering does not sort the whole report.
-#}
{% macro repeated_lines(relation, columns) -%}
    select
        source_file,
        source_row,
        row_number() over (
            partition by {{ content_id(columns) }} order by source_file, source_row
        ) as ordinal
    from {{ relation }}
    where {{ fingerprint(columns) }} in (
        select {{ fingerprint(columns) }} from {{ relation }} group by 1 having count(*) > 1
    )
{%- endmacro %}

{#- The columns as one text, NULL as the empty text: DuckDB's concat says so by itself, at a third less cost than coalesce. -#}
{% macro joined_text(columns) -%} {{ return(adapter.dispatch('joined_text')(columns)) }} {%- endmacro %}
{% macro duckdb__joined_text(columns) -%} concat({{ columns | join(', chr(31), ') }}) {%- endmacro %}
{% macro default__joined_text(columns) -%}
    concat_ws(chr(31)
    {%- for column in columns %}, coalesce(cast({{ column }} as string), '') {%- endfor %})
{%- endmacro %}

{% macro fingerprint(columns) -%} {{ return(adapter.dispatch('fingerprint')(columns)) }} {%- endmacro %}
{% macro default__fingerprint(columns) -%} xxhash64({{ columns | join(', ') }}) {%- endmacro %}
{% macro duckdb__fingerprint(columns) -%} hash({{ columns | join(', ') }}) {%- endmacro %}

{% macro sha256_text(text) -%} {{ return(adapter.dispatch('sha256_text')(text)) }} {%- endmacro %}
{% macro default__sha256_text(text) -%} sha2({{ text }}, 256) {%- endmacro %}
{% macro duckdb__sha256_text(text) -%} sha256({{ text }}) {%- endmacro %}
