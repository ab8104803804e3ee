{#- Findings that are no term of R − B: one detector each, one line each. -#}
{%- for code in ['ex11', 'ex12', 'qt04', 'tp03', 'tp04', 'pr03', 'pr04', 'pr10', 'cr07', 'bl05', 'co01', 'co02', 'co03', 'co05', 'co07', 'tx02'] %}
select * from {{ ref('int_leak__' ~ code) }}
{{ 'union all' if not loop.last }}
{%- endfor %}
