"""The words of a decision: what may be decided and why, in three languages, by the codes that the extracts use.

Lives here: codes and their labels, and finding the code of a label that came back. Does not: any rule about decisions.
"""

from __future__ import annotations

import unicodedata
from typing import NamedTuple


class Label(NamedTuple):
    """One code in three languages."""

    es: str
    pt: str
    en: str


DECISIONS: dict[str, Label] = {
    "bill": Label("facturar al cliente", "faturar ao cliente", "bill the customer"),
    "credit": Label("emitir nota de crédito", "emitir nota de crédito", "issue a credit note"),
    "dispute": Label("reclamar al proveedor", "reclamar ao provedor", "claim from the provider"),
    "recover": Label("gestionar el cobro", "cobrar o cliente", "collect the payment"),
    "write_off": Label("dar por perdido", "dar como perda", "write off"),
    "accept": Label("aceptar la diferencia", "aceitar a diferença", "accept the difference"),
    "map_customer": Label("vincular al cliente", "vincular ao cliente", "link to the customer"),
    "explain": Label("explicar: no es un hallazgo", "explicar: não é um achado", "explain: it is no finding"),
}
"""What may be decided about a finding (extracts: decisions.decision)."""

REASONS: dict[str, Label] = {
    "missing_document": Label("falta el documento", "falta o documento", "the document is missing"),
    "wrong_price": Label("precio equivocado", "preço errado", "wrong price"),
    "wrong_quantity": Label("cantidad equivocada", "quantidade errada", "wrong quantity"),
    "wrong_period": Label("período equivocado", "período errado", "wrong period"),
    "wrong_customer": Label("cliente equivocado", "cliente errado", "wrong customer"),
    "wrong_rate": Label("tipo de cambio equivocado", "taxa de câmbio errada", "wrong exchange rate"),
    "provider_error": Label("error del proveedor", "erro do provedor", "provider's error"),
    "contract_missing": Label(
        "falta el contrato o su cambio", "falta o contrato ou sua alteração", "contract or its change is missing"
    ),
    "payment_issue": Label("problema de pago", "problema de pagamento", "payment issue"),
    "agreed_with_customer": Label("acordado con el cliente", "acordado com o cliente", "agreed with the customer"),
    "below_effort": Label("no compensa el trabajo", "não compensa o trabalho", "not worth the work"),
    "system_limitation": Label("límite del sistema", "limite do sistema", "limit of the system"),
    "other_see_comment": Label("otro: ver comentario", "outro: ver comentário", "other: see comment"),
}
"""Why (extracts: decisions.reason_code)."""


def code_of(text: str, codes: dict[str, Label]) -> str | None:
    """The code that a cell means: the code itself, or its label in any of the languages; None where it is neither."""
    wanted = _plain(text)
    return next((code for code, label in codes.items() if wanted in {_plain(code), *map(_plain, label)}), None)


def _plain(text: str) -> str:
    """Letters without accents, in lower case, single spaces."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return " ".join("".join(letter for letter in decomposed if not unicodedata.combining(letter)).split())
