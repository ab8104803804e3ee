{#- The month being closed. -#}

{#- First and last calendar day of the month being closed. -#}
{% macro period_start() -%} cast('{{ var("close_period") }}-01' as date) {%- endmacro %}
{% macro period_end() -%} last_day(cast('{{ var("close_period") }}-01' as date)) {%- endmacro %}

{#- First instant of the month being closed, and of the month after: the billing period of providers that name none. -#}
{% macro close_month_start() -%} cast('{{ var("close_period") }}-01' as timestamp) {%- endmacro %}

{% macro close_month_end() -%} {{ close_month_start() }} + interval 1 month {%- endmacro %}

{#- Whether a row names another month than the folder it was delivered in. A row that names none does not. -#}
{% macro states_other_period(moment) -%}
    coalesce(not ({{ moment }} >= {{ close_month_start() }} and {{ moment }} < {{ close_month_end() }}), false)
{%- endmacro %}
