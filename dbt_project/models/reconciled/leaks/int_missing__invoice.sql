-- EX03, EX08, TP13, CR10, TX06: contracted and due, and no invoice line covers it. Without any ERP delivery it is DQ02. Days
-- without a live contract and corrections of a closed month are told apart: they have classes of their own.
select
    units.unit_id,
    case
        when not exists (select 1 from {{ ref('stg_erp__invoices') }}) then 'DQ02'
        when units.has_voided or voided.unit_id is not null then 'CR10'
        when rejected.unit_id is not null then 'TX06'
        when renamed.unit_id is not null then 'EX08'
        when units.trial_end < {{ period_end() }} then 'TP13'
        else 'EX03'
    end as class_code,
    units.expected_amount - units.kept_amount
    - {{ decimal_multiply('units.dead_amount + units.correction_amount', 'units.expected_rate') }} as amount
from {{ ref('int_bridge__units') }} as units
left join {{ ref('int_charges__renamed') }} as renamed on units.unit_id = renamed.unit_id
left join {{ ref('int_invoice__voided') }} as voided on units.unit_id = voided.unit_id
left join {{ ref('int_invoice__rejected') }} as rejected on units.unit_id = rejected.unit_id
where units.route = 'unbilled'
