-- Every charge of every provider in FOCUS 1.2.
select * from {{ ref('int_focus__charges') }}
