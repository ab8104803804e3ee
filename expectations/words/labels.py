"""What each delivered table is called by the people who read a checklist.

Lives here: names in Spanish, Portuguese and English. Does not: anything about a table's content (its contract).
"""

from __future__ import annotations

from typing import NamedTuple


class Label(NamedTuple):
    """One thing's name in the three languages."""

    es: str
    pt: str
    en: str

    @property
    def of_es(self) -> str:
        """After «de»: de + el = del."""
        return _joined("de", {"el": "del"}, self.es)

    @property
    def of_pt(self) -> str:
        """Depois de «de»: do, da, dos, das."""
        return _joined("de", {"o": "do", "a": "da", "os": "dos", "as": "das"}, self.pt)

    @property
    def in_pt(self) -> str:
        """Depois de «em»: no, na, nos, nas."""
        return _joined("em", {"o": "no", "a": "na", "os": "nos", "as": "nas"}, self.pt)


def _joined(preposition: str, contractions: dict[str, str], name: str) -> str:
    article, _, rest = name.partition(" ")
    return f"{contractions[article]} {rest}" if article in contractions else f"{preposition} {name}"


TABLES = {
    "microsoft_csp_invoice__lines": Label(
        "la factura de Microsoft CSP", "a fatura do Microsoft CSP", "the Microsoft CSP invoice"
    ),
    "microsoft_csp_usage__lines": Label(
        "el consumo diario de Microsoft CSP", "o consumo diário do Microsoft CSP", "Microsoft CSP daily usage"
    ),
    "aws_cur__lines": Label("el reporte de costos de AWS", "o relatório de custos da AWS", "the AWS cost report"),
    "gcp_billing__lines": Label(
        "la exportación de Google Cloud", "a exportação do Google Cloud", "the Google Cloud export"
    ),
    "focus__lines": Label("el archivo FOCUS", "o arquivo FOCUS", "the FOCUS file"),
    "vendor__licence_charges": Label("los cargos de licencias", "as cobranças de licenças", "the licence charges"),
    "provider_invoices__headers": Label(
        "los encabezados de las facturas de proveedor",
        "os cabeçalhos das faturas de provedor",
        "the provider invoice headers",
    ),
    "meters__readings": Label("las lecturas de medidores", "as leituras de medidores", "the meter readings"),
    "crm__customers": Label("los clientes", "os clientes", "the customers"),
    "crm__customer_xref": Label(
        "los identificadores de clientes", "os identificadores de clientes", "the customer identifiers"
    ),
    "crm__opportunities": Label("las oportunidades", "as oportunidades", "the opportunities"),
    "crm__contracts": Label("los contratos", "os contratos", "the contracts"),
    "crm__subscriptions": Label("las suscripciones", "as assinaturas", "the subscriptions"),
    "crm__renewals": Label("las renovaciones", "as renovações", "the renewals"),
    "erp__invoices": Label("los documentos emitidos", "os documentos emitidos", "the customer documents"),
    "erp__invoice_lines": Label("las líneas facturadas", "as linhas faturadas", "the invoice lines"),
    "erp__payments": Label("los cobros", "os recebimentos", "the payments received"),
    "erp__payment_applications": Label(
        "las aplicaciones de cobros", "as alocações de recebimentos", "the payment applications"
    ),
    "operations__tickets": Label("los casos de soporte", "os chamados de suporte", "the support tickets"),
    "operations__deliveries": Label("los hitos de entrega", "os marcos de entrega", "the delivery milestones"),
    "operations__timesheets": Label("las horas trabajadas", "as horas trabalhadas", "the timesheets"),
    "people__roster": Label("los turnos de analistas", "as escalas de analistas", "the analyst roster"),
    "people__certifications": Label("las certificaciones", "as certificações", "the certifications"),
    "people__analysts": Label("las personas y sus roles", "as pessoas e seus papéis", "the people and their roles"),
    "people__authority": Label("la matriz de autoridad", "a matriz de autoridade", "the authority matrix"),
    "people__improvement_spend": Label("los gastos de mejora", "as despesas de melhoria", "the improvement expenses"),
    "fx__fx_rates": Label("los tipos de cambio", "as taxas de câmbio", "the exchange rates"),
}
"""By table id. A table without a name here cannot be judged: a new source needs its entry."""

MARTS = {
    "fct_provider_charge": Label("cargos de proveedor", "cobranças de provedor", "provider charges"),
    "fct_reconciliation": Label("unidades conciliadas", "unidades conciliadas", "reconciled units"),
    "fct_leak": Label("hallazgos", "achados", "findings"),
    "fct_conservation": Label("conservación de importes", "conservação de valores", "conservation"),
    "fct_margin": Label("márgenes", "margens", "margins"),
    "fct_delivery": Label("entregas", "entregas", "deliveries"),
    "fct_invoice": Label("documentos de clientes", "documentos de clientes", "customer documents"),
    "dim_customer": Label("clientes", "clientes", "customers"),
    "dim_subscription": Label("suscripciones", "assinaturas", "subscriptions"),
    "dim_product": Label("productos", "produtos", "products"),
    "dim_country": Label("países y sus reglas", "países e suas regras", "countries"),
    "dim_stage": Label("etapas de la cadena de valor", "etapas da cadeia de valor", "value-chain stages"),
    "dim_leak_class": Label("clases de hallazgo", "classes de achado", "leak classes"),
    "dim_close_period": Label("períodos de cierre", "períodos de fechamento", "close periods"),
}
"""By mart. A mart without a name here has no checklist."""
