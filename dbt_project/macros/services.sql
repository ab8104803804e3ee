{#-
  Service categories of the services that `relation` names: the first pattern of the seed that fits each name.

  A name that no pattern fits has no row, so its category stays null and the focus gate lists it: FOCUS's own 'Other' is used
  only where the seed says so.
-#}
{% macro services(relation, column, provider) -%}
    select
        named.service_key,
        min_by(patterns.service_category, patterns.priority) as service_category,
        min_by(patterns.service_subcategory, patterns.priority) as service_subcategory
    from (select distinct {{ column }} as service_key from {{ relation }}) as named
    inner join {{ ref('service_categories') }} as patterns
        on patterns.provider = '{{ provider }}' and lower(named.service_key) like patterns.service_pattern
    group by named.service_key
{%- endmacro %}
