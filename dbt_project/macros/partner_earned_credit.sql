{#-
  Partner earned credit, in percent, from the reasons of a price change:
  `["15.0% Partner earned credit for services managed"]`. Microsoft documents that the text can be rearranged (2022-01-18),
  so only the number before the words is read.
-#}
{% macro partner_earned_credit(reasons) -%}
    cast(nullif(regexp_extract(lower({{ reasons }}), '([0-9]+([.][0-9]+)?) *% *partner earned credit', 1), '') as decimal(38, 12))
{%- endmacro %}

{#-
  What a cost net of the credit was before it, which is what the customer is charged by: the list cost. The credit is earned by
  the day, so one invoice line can hold days with it and days without; its net then lies anywhere between list × (1 − pct/100)
  and list. A net outside that (to the cent that Microsoft cuts off) has another discount in it, and a line may state no
  list price: there it is net ÷ (1 − pct/100), to 12 decimals.
-#}
{% macro before_credit(net_cost, pct, list_cost) -%}
    case
        when ({{ net_cost }} < 0) = ({{ list_cost }} < 0)
            and (abs({{ net_cost }}) + 0.01) * 100 >= abs({{ list_cost }}) * (100 - {{ pct }})
            and abs({{ net_cost }}) <= abs({{ list_cost }}) + 0.01
            then {{ list_cost }}
        else {{ decimal_divide(net_cost ~ ' * 100', '100 - ' ~ pct) }}
    end
{%- endmacro %}
