"""The intake gate: did what this month needs arrive, whole and once?

Lives here: items over the delivery ledger (`raw.cuadre__deliveries`) and over what the lake still holds of it
(`raw.cuadre__lake`), judged when the warehouse is opened. Does not: what the files say (raw). A missing provider or ERP
delivery never stops a close: it is told (class DQ02), and the margin that it touches is not certified.
"""

from __future__ import annotations

from collections.abc import Iterator

from orchestration.contracts import SOURCES
from orchestration.ground import sql
from orchestration.quality.model import Item, Suite
from orchestration.quality.rules import every_row, no_rows

_DELIVERIES = "raw.cuadre__deliveries"
_LAKE = "raw.cuadre__lake"

_PROVIDERS = {
    "microsoft": ("microsoft_csp_invoice", "%microsoft%"),
    "aws": ("aws_cur", "%amazon%"),
    "gcp": ("gcp_billing", "%google%"),
    "oracle": ("focus", "%oracle%"),
}
"""Where each provider's charges come from: its own source, or a FOCUS file whose ProviderName is like this."""

_SOLD = (
    "select 1 from raw.crm__subscriptions where lower(provider) = '{provider}' and status = 'active' "
    "and start_date < strptime(_close_period || '-01', '%Y-%m-%d') + interval 1 month "
    "and (end_date is null or end_date >= strptime(_close_period || '-01', '%Y-%m-%d'))"
)


def suites() -> tuple[Suite, ...]:
    """The ledger's checklist, and the lake's."""
    items = (*_whole(), *_once(), *_arrivals(), *_stale(), *_never())
    return (
        Suite("intake", "intake.deliveries", _DELIVERIES, items, may_be_empty=True),
        Suite("intake", "intake.lake", _LAKE, tuple(_kept()), may_be_empty=True),
    )


def _whole() -> Iterator[Item]:
    yield _item(
        "something_arrived",
        no_rows(
            "select 'no delivery' as found where not exists (select 1 from {batch} where status in ('accepted', 'replaced'))"
        ),
        title_es="Llegó al menos una entrega del mes",
        title_pt="Chegou pelo menos uma entrega do mês",
        title_en="At least one delivery of the month arrived",
        why="A month without any delivery has nothing to close.",
        severity="block",
        cause_7m="MA",
        remedy="Drop the month's files into the inbox: inbox/<source>/<YYYY-MM>/.",
    )
    yield _item(
        "accepted_files_are_whole",
        every_row("sha256 is not null and bytes > 0 and rows is not null", "status = 'accepted'"),
        title_es="Cada archivo aceptado se leyó completo: huella, bytes y filas",
        title_pt="Cada arquivo aceito foi lido por inteiro: hash, bytes e linhas",
        title_en="Each accepted file was read whole: hash, bytes and rows",
        why="A file that was cut off would close a month with half its cost.",
        severity="block",
        cause_7m="MQ",
        remedy="Deliver the file again.",
    )
    yield _item(
        "accepted_provider_files_have_rows",
        every_row("rows > 0", f"status = 'accepted' and source in ({_of_kind('provider')})"),
        title_es="Cada archivo de proveedor aceptado tiene filas",
        title_pt="Cada arquivo de provedor aceito tem linhas",
        title_en="Each accepted provider file has rows",
        why="An empty part is usual in a split export; a whole delivery of them is not.",
        severity="report",
        cause_7m="MA",
        remedy="Nothing to do if the provider splits its export; else download it again.",
    )
    yield _item(
        "rejections_were_mended",
        no_rows(
            "select distinct source, close_period, delivery_sha256, file, reason from {batch} as refused "
            "where status = 'rejected' and not exists (select 1 from {batch} as good "
            "where good.status = 'accepted' and good.source = refused.source)"
        ),
        title_es="Toda entrega rechazada fue reemplazada por una buena",
        title_pt="Toda entrega rejeitada foi substituída por uma boa",
        title_en="Each rejected delivery was replaced by a good one",
        why="The source tried to deliver, and nothing of it could be used.",
        severity="warn",
        cause_7m="MT",
        remedy="Correct the file as data/rejected says, and drop it into the same folder.",
    )


def _once() -> Iterator[Item]:
    yield _item(
        "no_file_twice_in_a_delivery",
        no_rows(
            "select source, close_period, sha256, count(*) as times, string_agg(file, ' ' order by file) as files from {batch} "
            "where status = 'accepted' and rows > 0 group by 1, 2, 3 having count(*) > 1"
        ),
        title_es="Ningún archivo está dos veces en la misma entrega",
        title_pt="Nenhum arquivo está duas vezes na mesma entrega",
        title_en="No file is in a delivery twice",
        why="Two names for one content would double its cost.",
        severity="block",
        cause_7m="MQ",
        remedy="Remove one of the two files from the inbox folder.",
    )
    yield _item(
        "repeated_deliveries_changed_nothing",
        no_rows("select source, close_period, file, delivery_sha256 from {batch} where status = 'duplicate'"),
        title_es="Ninguna entrega llegó repetida",
        title_pt="Nenhuma entrega chegou repetida",
        title_en="No delivery arrived twice",
        why="A repeated delivery is recorded and changes nothing (class EX12); it says that someone sends by hand.",
        severity="report",
        cause_7m="MQ",
        remedy="Nothing to do.",
    )


def _arrivals() -> Iterator[Item]:
    for provider, (source, like) in _PROVIDERS.items():
        in_focus = (
            f"exists (select 1 from raw.focus__lines where lower(provider_name) like '{like}' "
            f"or lower(provider_name) like '%{provider}%')"
        )
        yield _arrival(
            provider,
            f"select 'DQ02' as class_code, '{provider}' as missing where exists ({_SOLD.format(provider=provider)}) "
            f"and not exists (select 1 from {{batch}} where status = 'accepted' and source = '{source}') and not {in_focus}",
            source,
        )
    yield _arrival(
        "vendor",
        "select distinct 'DQ02' as class_code, lower(provider) as missing from raw.crm__subscriptions as sold "
        f"where lower(provider) not in ({', '.join(repr(name) for name in (*_PROVIDERS, 'own'))}) "
        "and status = 'active' and start_date < strptime(_close_period || '-01', '%Y-%m-%d') + interval 1 month "
        "and (end_date is null or end_date >= strptime(_close_period || '-01', '%Y-%m-%d')) "
        "and not exists (select 1 from {batch} where status = 'accepted' and source = 'vendor') "
        "and not exists (select 1 from raw.focus__lines where lower(provider_name) = lower(sold.provider))",
        "vendor",
    )
    yield _arrival(
        "erp",
        "select 'DQ02' as class_code, 'erp' as missing "
        "where not exists (select 1 from {batch} where status = 'accepted' and source = 'erp')",
        "erp",
    )
    yield _item(
        "files_came_in_time",
        every_row(
            "received_at < strptime(close_period || '-01', '%Y-%m-%d') + interval 1 month + interval 20 day",
            f"status = 'accepted' and source in ({_of_kind('provider', 'erp')})",
        ),
        title_es="Los archivos llegaron dentro de los 20 días posteriores al fin de mes",
        title_pt="Os arquivos chegaram em até 20 dias após o fim do mês",
        title_en="Files arrived within 20 days of the month's end",
        why="Late files delay invoices: Microsoft's come by the 8th, Azure's are stable by the 15th (class DQ02).",
        severity="report",
        cause_7m="MA",
        remedy="Schedule the download.",
    )


def _arrival(name: str, query: str, source: str) -> Item:
    title = "ERP" if name == "erp" else name.upper() if name in ("aws", "gcp") else name.capitalize()
    return _item(
        f"{name}_was_delivered",
        no_rows(query),
        title_es=f"Llegó la entrega de {title} esperada este mes",
        title_pt=f"Chegou a entrega de {title} esperada neste mês",
        title_en=f"The delivery of {title}, expected this month, arrived",
        why="What it would have said is unknown: the margin that it touches is not certified (class DQ02).",
        severity="warn",
        cause_7m="MA",
        remedy=f"Drop the files into inbox/{source}/<YYYY-MM>/ and close again.",
    )


def _stale() -> Iterator[Item]:
    for source in (source for source in SOURCES.values() if source.carries_forward):
        tables = " union all ".join(f'select 1 from raw."{table.id}" where _is_stale' for table in source.tables)
        yield _item(
            f"{source.name}_is_of_the_month",
            no_rows(f"select '{source.name}' as source where exists ({tables}) /* {{batch}} */"),
            title_es=f"La fuente {source.name} es de este mes, no de uno anterior",
            title_pt=f"A fonte {source.name} é deste mês, não de um anterior",
            title_en=f"The source {source.name} is of this month, not of an earlier one",
            why="The latest earlier delivery stands in; what changed since then is not known (class DQ01).",
            severity="warn",
            cause_7m="MT",
            remedy=f"Drop this month's extract into inbox/{source.name}/<YYYY-MM>/ and close again.",
        )


def _kept() -> Iterator[Item]:
    """A close reads what was delivered, not what is left of it: also of the months whose deliveries stand in."""
    for source in SOURCES.values():
        yield _item(
            f"{source.name}_is_as_it_was_read",
            every_row(
                "damage is null and kept_rows = shown_rows and kept_total is not distinct from shown_total",
                f"source = '{source.name}'",
            ),
            title_es=f"El lago tiene de la fuente {source.name} lo que se leyó: partes, filas y sumas de cada archivo",
            title_pt=f"O lago tem da fonte {source.name} o que foi lido: partes, linhas e somas de cada arquivo",
            title_en=f"The lake has of the source {source.name} what was read: parts, rows and sums of each file",
            why="Parquet that was removed or changed after it was read would close the month with other money.",
            severity="block",
            cause_7m="MQ",
            remedy=f"Put the delivered files back into inbox/{source.name}/<YYYY-MM>/, for the months that the rows name, "
            "and close those months again: they are read anew.",
        )


def _of_kind(*kinds: str) -> str:
    return sql.literals(source.name for source in SOURCES.values() if source.kind in kinds)


def _item(rule: str, expectation, **said) -> Item:
    return Item(item_id=f"intake.{rule}", expectation=expectation, stage=5, owner_role="data_team", **said)


_NEEDED = {
    "crm": ("crm__subscriptions", "what was sold: every charge without it is a charge without a contract"),
    "fx": (
        "fx__fx_rates",
        "what a document is worth in another currency: without it findings have no value in dollars",
    ),
}
"""Reference data that a close stands on: the table, and what it tells."""


def _never() -> Iterator[Item]:
    for source, (table, tells) in _NEEDED.items():
        yield _item(
            f"{source}_is_known",
            no_rows(f"select '{source}' as source where not exists (select 1 from raw.\"{table}\") /* {{batch}} */"),
            title_es=f"La fuente {source} llegó este mes o alguno anterior",
            title_pt=f"A fonte {source} chegou neste mês ou em algum anterior",
            title_en=f"The source {source} arrived this month or in an earlier one",
            why=f"It tells {tells}.",
            severity="warn",
            cause_7m="MT",
            remedy=f"Drop the extract into inbox/{source}/<YYYY-MM>/ and close again.",
        )
