"""Rules of what the ERP delivers: documents, their lines, and what was collected on them.

Lives here: what must hold inside and between these tables. Does not: whether the right thing was invoiced (reconciled).
A sum that real ERPs do not always keep is a warning with its price; a row that would be counted with the wrong sign, or
that no document owns, blocks.
"""

from __future__ import annotations

from expectations.words.table_rule import TableRule
from orchestration.quality.rules import every_row, no_rows

_WHOLE = "'CLP', 'PYG'"
_CENT = f"case when currency in ({_WHOLE}) then 1 else 0.01 end"

RULES = {
    "erp__invoices": (
        TableRule(
            "amounts_are_not_negative",
            "block",
            every_row("net_amount >= 0 and tax_amount >= 0 and total_amount >= 0"),
            "Ningún importe de los documentos es negativo",
            "Nenhum valor dos documentos é negativo",
            "No document amount is negative",
            "The sign follows the kind of document: a negative credit note would be added instead of subtracted.",
            "Export credit notes with positive amounts and doc_class credit_note.",
            cause_7m="MQ",
        ),
        TableRule(
            "total_is_net_plus_tax",
            "warn",
            every_row(f"abs(total_amount - net_amount - tax_amount) <= {_CENT}"),
            "Total = neto + impuesto en cada documento",
            "Total = líquido + imposto em cada documento",
            "Total = net + tax on each document",
            "Perceptions and other charges outside net and tax change what is collected.",
            "Compare the document with what was sent to the tax authority.",
            priced_by=("total_amount - net_amount - tax_amount", "currency"),
        ),
        TableRule(
            "clp_has_no_decimals",
            "warn",
            every_row(
                "net_amount = round(net_amount, 0) and tax_amount = round(tax_amount, 0) and total_amount = round(total_amount, 0)",
                f"currency in ({_WHOLE})",
            ),
            "Los documentos en CLP o PYG no tienen decimales",
            "Os documentos em CLP ou PYG não têm decimais",
            "Documents in CLP or PYG have no decimals",
            "Decimals there mean a thousands point read as a decimal one, or a currency taken for another.",
            "Check the decimal mark in the source's dialect.toml, and the document's currency.",
            cause_7m="MQ",
            priced_by=("total_amount", "currency"),
        ),
        TableRule(
            "rates_are_positive",
            "block",
            every_row("(fx_rate is null or fx_rate > 0) and (reference_fx_rate is null or reference_fx_rate > 0)"),
            "Los tipos de cambio del documento son positivos",
            "As taxas de câmbio do documento são positivas",
            "The document's exchange rates are positive",
            "A rate of zero or less has no meaning.",
            "Correct the rate in the ERP, or leave it empty where none was used.",
        ),
        TableRule(
            "due_after_issue",
            "warn",
            every_row("due_date >= issue_date", "due_date is not null"),
            "Ningún documento vence antes de emitirse",
            "Nenhum documento vence antes de ser emitido",
            "No document is due before it is issued",
            "It would be overdue on the day it is born.",
            "Correct the payment terms in the ERP.",
            cause_7m="MO",
        ),
        TableRule(
            "lines_add_up_to_the_header",
            "warn",
            no_rows(
                "select h.company_id, h.invoice_id, h.currency, h.net_amount, sum(l.net_amount) as lines_net, "
                "min(h.source_file) as source_file, min(h.source_row) as source_row from {batch} as h "
                "left join staging.stg_erp__invoice_lines as l on h.company_id = l.company_id and h.invoice_id = l.invoice_id "
                "where exists (select 1 from staging.stg_erp__invoice_lines) and h.doc_class <> 'cancellation' "
                "group by all having sum(l.net_amount) is null and h.net_amount <> 0 "
                f"or abs(sum(l.net_amount) - h.net_amount) > count(*) * (case when h.currency in ({_WHOLE}) then 1 else 0.01 end)"
            ),
            "La suma de las líneas es igual al neto del documento",
            "A soma das linhas é igual ao líquido do documento",
            "The lines of a document add up to its net amount",
            "A line lost when the document was grouped is a leak of class BL05.",
            "Compare the document with its lines in the ERP.",
            cause_7m="MQ",
        ),
        TableRule(
            "credit_names_its_invoice",
            "warn",
            every_row("applies_to_invoice_id is not null", "doc_class = 'credit_note' and status = 'posted'"),
            "Cada nota de crédito indica su factura",
            "Cada nota de crédito indica sua fatura",
            "Each credit note names its invoice",
            "A credit without an invoice gives money back for nothing: class CR05.",
            "Link the credit note to its invoice in the ERP.",
            cause_7m="MO",
            priced_by=("net_amount", "currency"),
        ),
        TableRule(
            "customer_is_known",
            "warn",
            no_rows(
                "select * from {batch} where customer_id not in "
                "(select customer_id from staging.stg_crm__customers where customer_id is not null) "
                "and exists (select 1 from staging.stg_crm__customers)"
            ),
            "El cliente de cada documento existe en el CRM",
            "O cliente de cada documento existe no CRM",
            "The customer of each document exists in the CRM",
            "A document of an unknown customer finds no contract: class EX04 or EX06.",
            "Create the customer in the CRM, or map the ERP's customer code.",
            cause_7m="MT",
            priced_by=("net_amount", "currency"),
        ),
    ),
    "erp__invoice_lines": (
        TableRule(
            "line_has_its_document",
            "block",
            no_rows(
                "select l.* from {batch} as l left join staging.stg_erp__invoices as h "
                "on l.company_id = h.company_id and l.invoice_id = h.invoice_id where h.invoice_id is null"
            ),
            "Cada línea facturada tiene su documento",
            "Cada linha faturada tem seu documento",
            "Each invoice line has its document",
            "A line without its document has no currency, no date and no sign: it cannot be counted.",
            "Deliver the missing documents of the ERP extract, or remove the orphan lines.",
            cause_7m="MT",
        ),
        TableRule(
            "amounts_are_not_negative",
            "block",
            every_row("net_amount >= 0 and (tax_amount is null or tax_amount >= 0)"),
            "Ningún importe de las líneas es negativo",
            "Nenhum valor das linhas é negativo",
            "No line amount is negative",
            "The sign follows the document: a negative line of a credit note would be added instead of subtracted.",
            "Export positive amounts, with the sign in doc_class; a discount lowers its line's net amount.",
            cause_7m="MQ",
        ),
        TableRule(
            "period_is_a_range",
            "block",
            every_row("period_to >= period_from", "period_from is not null and period_to is not null"),
            "El período de cada línea no termina antes de empezar",
            "O período de cada linha não termina antes de começar",
            "The period of each line does not end before it begins",
            "Coverage is counted in days; a negative range would bill backwards.",
            "Correct the period in the ERP.",
            cause_7m="MO",
        ),
        TableRule(
            "tax_rate_is_a_percentage",
            "warn",
            every_row("tax_rate_pct between 0 and 100", "tax_rate_pct is not null"),
            "La tasa del impuesto está entre 0 y 100",
            "A alíquota do imposto está entre 0 e 100",
            "The tax rate lies between 0 and 100",
            "A rate out of that range is a typing error.",
            "Correct the tax code in the ERP.",
            owner_role="tax_lead",
        ),
        TableRule(
            "subscription_is_known",
            "warn",
            no_rows(
                "select * from {batch} where subscription_id is not null and subscription_id not in "
                "(select subscription_id from staging.stg_crm__subscriptions where subscription_id is not null) "
                "and exists (select 1 from staging.stg_crm__subscriptions)"
            ),
            "La suscripción de cada línea existe en el CRM",
            "A assinatura de cada linha existe no CRM",
            "The subscription of each line exists in the CRM",
            "A line of an unknown subscription is an orphan: class EX04.",
            "Create the subscription in the CRM, or correct the line.",
            cause_7m="MT",
        ),
    ),
    "erp__payments": (
        TableRule(
            "amounts_are_not_negative",
            "block",
            every_row("amount >= 0 and (fx_rate is null or fx_rate > 0)"),
            "Ningún cobro es negativo y su tipo de cambio es positivo",
            "Nenhum recebimento é negativo e sua taxa de câmbio é positiva",
            "No payment is negative and its exchange rate is positive",
            "A reversal is a status, not a sign: otherwise it would count twice.",
            "Export reversals with status reversed and a positive amount.",
            cause_7m="MQ",
        ),
    ),
    "erp__payment_applications": (
        TableRule(
            "document_is_known",
            "warn",
            no_rows(
                "select a.* from {batch} as a left join staging.stg_erp__invoices as h "
                "on a.company_id = h.company_id and a.invoice_id = h.invoice_id "
                "where h.invoice_id is null and exists (select 1 from staging.stg_erp__invoices)"
            ),
            "El documento de cada aplicación de cobro existe",
            "O documento de cada alocação de recebimento existe",
            "The document of each payment application exists",
            "Money applied to a document that was not delivered settles nothing that can be seen.",
            "Deliver the documents that are still open, not only those of the month.",
            cause_7m="MT",
        ),
        TableRule(
            "cash_names_its_payment",
            "warn",
            every_row("payment_id is not null", "kind = 'cash'"),
            "Cada aplicación de dinero recibido indica su cobro",
            "Cada alocação de valor recebido indica seu recebimento",
            "Each cash application names its payment",
            "Cash without a payment cannot be found at the bank.",
            "Link the application to its payment in the ERP.",
            cause_7m="MO",
        ),
    ),
}
