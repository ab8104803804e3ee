{#-
  Partner earned credit, in percent, from the reasons of a price change:
  `["15.0% Partner earned credit for services managed"]`. Microsoft documents that the text can be rearranged (2022-01-18),
  so only the number before the words is read.
-#}
{% macro partner_earned_credit(reasons) -%}
    cast(nullif(regexp_extract(lower({{ reasons }}), '([0-9]+([.][0-9]+)?) *% *partner earned credit', 1), '') as decimal(38, 12))
{%- endmacro %}

{#- What a cost net of the credit was before it: net ÷ (1 − pct/100), to 12 decimals. -#}
{% macro before_credit(net_cost, pct) -%}
    {{ decimal_divide(net_cost ~ ' * 100', '100 - ' ~ pct) }}
{%- endmacro %}
