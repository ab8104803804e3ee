{#- The term that Microsoft's words for term and billing cycle mean, for each wording that `relation` states. -#}
{% macro terms(relation, column) -%}
    select
        named.term_words,
        min(patterns.term) as term
    from (select distinct {{ column }} as term_words from {{ relation }}) as named
    inner join {{ ref('microsoft_terms') }} as patterns on lower(named.term_words) like patterns.pattern
    group by named.term_words
{%- endmacro %}
