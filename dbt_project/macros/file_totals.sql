{#-
  Rows and money of one provider's delivered lines, per delivery, provider, invoice and currency: one line for each provider,
  on the raw and on the staging floor alike. Raw relations keep the close's columns under an underscore.
-#}
{% macro file_totals(source, relation, provider, invoice, currency, total, line_count='count(*)', is_raw=false) %}
select
    {{ '_close_period' if is_raw else 'close_period' }} as close_period,
    '{{ source }}' as source,
    {{ '_delivery_sha256' if is_raw else 'delivery_sha256' }} as delivery_sha256,
    {{ provider }} as provider_word,
    {{ invoice }} as invoice_id,
    {{ currency }} as billing_currency,
    {{ line_count }} as line_count,
    {{ total }} as line_total
from {{ relation }}
group by all
{% endmacro %}

{#- Google's lines taken apart: a line's cost and its credits are charges of their own, and the line counts once. -#}
{% macro gcp_file_totals(relation, is_raw=false) %}
{%- set columns = '_close_period, _delivery_sha256' if is_raw else 'close_period, delivery_sha256' %}
{%- set parts = '(select ' ~ columns ~ ', currency, ' ~ gcp_line_parts('cost', 'credits') ~ ' as part from ' ~ relation ~ ') as parts' %}
{{ file_totals('gcp_billing', parts, "'gcp'", 'cast(null as string)', 'currency', 'sum(part.cost)', "count_if(part.name = '')", is_raw) }}
{% endmacro %}
