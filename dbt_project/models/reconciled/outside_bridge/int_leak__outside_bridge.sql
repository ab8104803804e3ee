-- Every finding that is no term of R − B: one model for each class, named by its code and by what it finds.
{%- set detectors = [
    'bl05_lost_line', 'co01_short_payment', 'co02_unapplied_cash', 'co03_overdue', 'co05_bank_fee', 'co07_write_off',
    'cr07_invoice_adjustment', 'ex02_no_provider_charge', 'ex11_missing_lines', 'ex12_duplicate_file', 'pr03_below_margin_floor',
    'pr04_negative_margin', 'pr10_lost_partner_credit', 'qt04_seats_not_credited', 'tp03_longer_term',
    'tp04_other_billing_cycle', 'tx02_unrecovered_withholding'
] %}
{%- for detector in detectors %}
    select {{ leak_column_types() | map('first') | join(', ') }}, evidence_charge_count
    from {{ ref('int_leak__' ~ detector) }}
    {{ 'union all' if not loop.last }}
{%- endfor %}
