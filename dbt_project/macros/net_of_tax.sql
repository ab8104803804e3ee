{#- The net share of an amount that came in on a document with tax: in proportion to the document's own net and total. -#}
{% macro net_of_tax(amount) -%}
    case
        when total_amount = 0 then {{ amount }}
        else {{ decimal_multiply('net_amount', decimal_divide(amount, 'total_amount')) }}
    end
{%- endmacro %}
