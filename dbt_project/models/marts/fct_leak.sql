-- One finding of one class on one atom.
select * from {{ ref('int_leaks') }}
