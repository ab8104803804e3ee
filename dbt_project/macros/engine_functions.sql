{#-
  The functions that an engine lacks, created in its catalog at the start of every dbt command (`on-run-start` in dbt_project.yml).
  They stay in the warehouse, so a view that calls one can be read later, from any connection.

  Lives here: the bodies. Does not: the macros that call them, which stand with what they mean (decimal_arithmetic.sql,
  contract_months.sql, evidence.sql) and say there what another engine gets instead.
-#}
{% macro create_engine_functions() -%} {{ return(adapter.dispatch('create_engine_functions')()) }} {%- endmacro %}

{#- Spark needs none: the macros expand to plain expressions. -#}
{% macro default__create_engine_functions() -%} {%- endmacro %}

{% macro duckdb__create_engine_functions() -%}
    {#- A divisor of 1 is the most frequent one: most charges are in USD already. -#}
    create or replace macro decimal_divide(dividend, divisor) as
        case
            when divisor = 1 then cast(dividend as decimal(38, 12))
            else {{ rounded_quotient('cast(dividend as decimal(38, 12))', 'cast(divisor as decimal(38, 12))', 12) }}
        end;

    create or replace macro decimal_multiply(multiplicand, multiplier) as
        list_transform(
            [struct_pack(a := cast(multiplicand as decimal(38, 12)), b := cast(multiplier as decimal(38, 12)))],
            lambda pair: case
                when pair.b = 1 then pair.a
                else {{ rounded('pair.a * pair.b', 'cast(pair.a as double) * cast(pair.b as double)', 12) }}
            end
        )[1];

    {%- set whole = 'ticks // ' ~ ticks_per_month() -%}
    {%- set part = '(ticks % ' ~ ticks_per_month() ~ ')' -%}
    {%- set part_amount = 'cast(' ~ rounded('amount_per_month', 'cast(amount_per_month as double)', 10) ~ ' * ' ~ part ~ ' as decimal(38, 10))' %}

    create or replace macro for_ticks(amount_per_month, ticks) as
        case
            when {{ part }} = 0 then cast(amount_per_month * ({{ whole }}) as decimal(38, 12))
            else cast(amount_per_month * ({{ whole }}) as decimal(38, 12))
                + cast({{ rounded_quotient(part_amount, ticks_per_month(), 10) }} as decimal(38, 12))
        end;

    {#- The place of a date on the ruler of contract months (contract_months.sql). -#}
    create or replace macro month_ticks(on_date, anniversary_day) as
        {{ default__month_ticks('on_date', 'anniversary_day') }};

    {#- A decimal without the zeros at its end, any other value as it prints. -#}
    create or replace macro plain_text(value) as
        regexp_replace(regexp_replace(cast(value as varchar), '^(-?\d+\.\d*?)0+$', '\1'), '\.$', '');
{%- endmacro %}

{#-
  `dividend` ÷ `divisor` to `scale` decimals, half away from zero, in less than a microsecond; DuckDB's own HUGEINT division needs
  seven. The quotient as DOUBLE is a guess; what it leaves of the dividend is known exactly (dividend − guess × divisor loses no
  decimal) and corrects it to the last decimal. A DOUBLE is right to 15 digits and a quotient has up to 38, so the guess and each of
  two corrections settle 15 more; the last step settles halves. A list of one element gives each step a name, so that nothing is
  computed twice.
-#}
{% macro rounded_quotient(dividend, divisor, scale) -%}
    {%- set kind -%} decimal(38, {{ scale }}) {%- endset -%}
    {%- set unit -%} cast(1e-{{ scale }} as decimal({{ scale }}, {{ scale }})) {%- endset -%}
    {%- set corrected -%}
        lambda step: struct_pack(a := step.a, b := step.b,
            q := cast(step.q + cast(cast(step.a - step.q * step.b as double) / nullif(cast(step.b as double), 0) as {{ kind }}) as {{ kind }}))
    {%- endset -%}
    {%- set unit_now -%} case when step.is_positive then {{ unit }} else -{{ unit }} end {%- endset -%}
    list_transform(list_transform(list_transform(list_transform(list_transform(
        [struct_pack(a := {{ dividend }}, b := {{ divisor }})],
        lambda step: struct_pack(a := step.a, b := step.b, q := cast(cast(step.a as double) / nullif(cast(step.b as double), 0) as {{ kind }}))),
        {{ corrected }}),
        {{ corrected }}),
        lambda step: struct_pack(b := step.b, q := step.q, rest := step.a - step.q * step.b, is_positive := (step.a < 0) = (step.b < 0))),
        lambda step: cast(step.q + case
            when abs(step.rest) * 2 < abs(step.b) * {{ unit }} then 0
            when ((step.rest < 0) = (step.b < 0)) = step.is_positive then {{ unit_now }}
            when abs(step.rest) * 2 > abs(step.b) * {{ unit }} then -({{ unit_now }})
            else 0
        end as {{ kind }})
    )[1]
{%- endmacro %}

{#-
  `exact` to `scale` decimals, half away from zero: cast(exact as decimal(38, scale)), which takes DuckDB 2 microseconds because
  it divides a HUGEINT. `guess` is the same value as DOUBLE; how many last decimals it is off is known exactly enough to correct
  it. Only what is about half way between two decimals, or far off, is left to the cast.
-#}
{% macro rounded(exact, guess, scale) -%}
    {%- set kind -%} decimal(38, {{ scale }}) {%- endset -%}
    list_transform(list_transform(
        [struct_pack(exact := {{ exact }}, guess := cast({{ guess }} as {{ kind }}))],
        lambda step: struct_pack(exact := step.exact, guess := step.guess, off := cast(step.exact - step.guess as double) * 1e{{ scale }})),
        lambda step: case
            when abs(step.off) < 1e6 and abs(abs(step.off) % 1 - 0.5) > 1e-3
                then cast(step.guess + cast(step.off as bigint) * cast(1e-{{ scale }} as decimal({{ scale }}, {{ scale }})) as {{ kind }})
            else cast(step.exact as {{ kind }})
        end
    )[1]
{%- endmacro %}
