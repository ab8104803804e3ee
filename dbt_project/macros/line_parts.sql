{#-
  The parts of one line as rows in the line's place; used in a select list. '' is the line itself; `others` says of every
  other part when the line has it, by name, so that charges keep the order of their lines and then of their ids.
-#}
{% macro line_parts(others) -%} {{ return(adapter.dispatch('line_parts')(others)) }} {%- endmacro %}

{% macro duckdb__line_parts(others) -%}
    unnest(list_filter([{{ named_parts(others) }}], lambda part: part is not null))
{%- endmacro %}

{% macro default__line_parts(others) -%}
    explode(filter(array({{ named_parts(others) }}), part -> part is not null))
{%- endmacro %}

{% macro named_parts(others) -%}
    ''{% for part, condition in others.items() %}, case when {{ condition }} then '{{ part }}' end{% endfor %}
{%- endmacro %}

{#-
  The same of a line of Google's billing export: its own cost, then the entries of its `credits` array as 'credit1',
  'credit2' in the array's order; a struct of name, cost, credit_name and credit_type.

  Engines read a JSON number as a double, which keeps about 17 digits; the amounts are therefore put in quotes first and
  become decimals from their own text.
-#}
{% macro gcp_line_parts(cost, credits) -%} {{ return(adapter.dispatch('gcp_line_parts')(cost, credits)) }} {%- endmacro %}

{% macro duckdb__gcp_line_parts(cost, credits) -%}
    unnest(list_concat(
        [struct_pack(
            name := '',
            cost := cast({{ cost }} as decimal(38, 12)),
            credit_name := cast(null as varchar),
            credit_type := cast(null as varchar)
        )],
        list_transform(
            from_json(
                regexp_replace({{ credits }}, '("amount"\s*:\s*)(-?[0-9][0-9.eE+-]*)', '\1"\2"', 'g'),
                '[{"name":"VARCHAR","full_name":"VARCHAR","type":"VARCHAR","amount":"VARCHAR"}]'
            ),
            lambda entry, place: struct_pack(
                name := 'credit' || place,
                cost := cast(entry.amount as decimal(38, 12)),
                credit_name := coalesce(entry.full_name, entry.name),
                credit_type := entry.type
            )
        )
    ))
{%- endmacro %}

{% macro default__gcp_line_parts(cost, credits) -%}
    explode(concat(
        array(named_struct(
            'name', '',
            'cost', cast({{ cost }} as decimal(38, 12)),
            'credit_name', cast(null as string),
            'credit_type', cast(null as string)
        )),
        coalesce(transform(
            from_json(
                regexp_replace({{ credits }}, '("amount"\\s*:\\s*)(-?[0-9][0-9.eE+-]*)', '$1"$2"'),
                'array<struct<name:string,full_name:string,type:string,amount:string>>'
            ),
            (entry, place) -> named_struct(
                'name', concat('credit', place + 1),
                'cost', cast(entry.amount as decimal(38, 12)),
                'credit_name', coalesce(entry.full_name, entry.name),
                'credit_type', entry.type
            )
        ), array())
    ))
{%- endmacro %}
