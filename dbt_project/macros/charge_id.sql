{#-
  The name of a charge: 128 bits of the SHA-256 of what the line says, then its ordinal among lines that say the same.

  No provider gives a safe natural key, so the content is the key. The file's name and the row's place in it are not content:
  a renamed or re-split file gives the same ids. `columns` are what identifies a line, never all that is known of it: hashing
  is most of the cost of a large report. Numbers are hashed as DECIMAL(38,12), so 1.5 and 1.50 are the same content.
-#}
{% macro content_id(columns) -%}
    left(sha256(concat_ws(chr(31)
    {%- for column in columns %}, coalesce(cast({{ column }} as string), '')
    {%- endfor %})), 32)
{%- endmacro %}

{#- Rows of `relation` whose content occurs more than once, numbered in file order. Most lines are unique and need no number. -#}
{% macro repeated_contents(relation) -%}
    select
        source_file,
        source_row,
        row_number() over (partition by content_id order by source_file, source_row) as ordinal
    from {{ relation }}
    where content_id in (select content_id from {{ relation }} group by content_id having count(*) > 1)
{%- endmacro %}

{#- `part` tells apart the charges made of one line: '' for the line itself, 'tax', 'margin', 'credit-1'. -#}
{% macro charge_id(content_id, ordinal, part="''") -%}
    concat_ws('-', {{ content_id }}, coalesce({{ ordinal }}, 1), nullif({{ part }}, ''))
{%- endmacro %}
