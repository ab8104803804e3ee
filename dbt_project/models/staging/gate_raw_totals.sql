-- Rows and money of every delivered provider file, per invoice and currency, in the sender's own columns: the first floor of
-- the evidence that nothing was lost on the way down. Tax and credits count, as they do in the charges. One line per source.
{{ file_totals('microsoft_csp_invoice', source('microsoft_csp_invoice', 'lines'), "'microsoft'", 'invoice_number', 'currency',
    'sum(subtotal) + sum(tax_total)', is_raw=true) }}
union all
{{ file_totals('microsoft_csp_usage', source('microsoft_csp_usage', 'lines'), "'microsoft'", 'invoice_number', 'billing_currency',
    'sum(billing_pre_tax_total)', is_raw=true) }}
union all
{{ file_totals('aws_cur', source('aws_cur', 'lines'), "'aws'", 'bill_invoice_id', 'line_item_currency_code',
    'sum(line_item_unblended_cost)', is_raw=true) }}
union all
{{ gcp_file_totals(source('gcp_billing', 'lines'), is_raw=true) }}
union all
{{ file_totals('focus', source('focus', 'lines'), 'lower(provider_name)', 'invoice_id', 'billing_currency', 'sum(billed_cost)',
    is_raw=true) }}
union all
{{ file_totals('vendor', source('vendor', 'licence_charges'), 'lower(vendor)', 'invoice_id', 'currency', 'sum(amount)', is_raw=true) }}
