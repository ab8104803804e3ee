"""The kinds of rule that a checklist item can hold, as typed Great Expectations classes.

Lives here: `EveryRow` and `NoRows`, and the metric that lets a whole suite be counted in one scan. Does not: any rule's
content (expectations). Importing this module imports Great Expectations (about five seconds): import it late.
"""

from __future__ import annotations

from typing import Any, ClassVar

import great_expectations.expectations as gxe
from great_expectations.compatibility.pydantic import PrivateAttr
from great_expectations.compatibility.sqlalchemy import sqlalchemy as sa
from great_expectations.core.metric_domain_types import MetricDomainTypes
from great_expectations.core.metric_function_types import MetricPartialFunctionTypes
from great_expectations.execution_engine import SqlAlchemyExecutionEngine
from great_expectations.expectations.expectation import BatchExpectation, Expectation, get_metric_kwargs
from great_expectations.expectations.expectation_configuration import ExpectationConfiguration
from great_expectations.expectations.metrics.metric_provider import metric_partial
from great_expectations.expectations.metrics.query_metrics.query_row_count.unexpected_rows_query_row_count import (
    UnexpectedRowsQueryRowCount,
)
from great_expectations.expectations.metrics.table_metric_provider import TableMetricProvider
from great_expectations.validator.metric_configuration import MetricConfiguration

_COUNT = "cuadre.rows_counted"
_FOUND = "cuadre.rows_found"


class RowsCounted(TableMetricProvider):
    """Rows that satisfy one SQL condition. An aggregate, so GX puts every condition of a suite into one SELECT."""

    metric_name = _COUNT
    value_keys = ("condition",)

    @metric_partial(
        engine=SqlAlchemyExecutionEngine,
        partial_fn_type=MetricPartialFunctionTypes.AGGREGATE_FN,
        domain_type=MetricDomainTypes.TABLE,
    )
    def _sqlalchemy(cls, execution_engine, metric_domain_kwargs, metric_value_kwargs, metrics, runtime_configuration):  # noqa: N805
        condition = sa.literal_column(f"({metric_value_kwargs['condition']})")
        return sa.func.count(sa.case((condition, 1))), metric_domain_kwargs, {}


class RowsFound(UnexpectedRowsQueryRowCount):
    """Rows that a query finds. `{batch}` is put without an alias, so that a query may give it one, or name it twice."""

    metric_name = _FOUND
    value_keys = ("unexpected_rows_query",)

    @classmethod
    def _get_substituted_batch_subquery_from_query_and_batch_selectable(
        cls, query, batch_selectable, execution_engine, query_parameters=None
    ):
        batch = batch_selectable.compile(
            dialect=execution_engine.engine.dialect, compile_kwargs={"literal_binds": True}
        )
        return cls._format_query(query, batch=f"({batch})")


class AskedOnce:
    """An expectation that builds its configuration once: Great Expectations asks for it about thirty times an item, once for each key
    of each metric, and builds it anew each time."""

    @property
    def configuration(self) -> ExpectationConfiguration:
        """As the parent's."""
        if self._configuration is None:
            self._configuration = super().configuration  # pyright: ignore[reportAttributeAccessIssue]  the next base has it
        return self._configuration

    def copy(self, **changes: Any) -> Expectation:
        """As the parent's; the copy has a configuration of its own."""
        fresh = super().copy(**changes)  # pyright: ignore[reportAttributeAccessIssue]  the next base has it
        fresh._configuration = None
        return fresh


class EveryRow(AskedOnce, BatchExpectation):
    """Each row `where` applies must satisfy `must`. A condition that is unknown (NULL) is not satisfied."""

    must: str
    where: str = "true"
    _configuration: ExpectationConfiguration | None = PrivateAttr(None)

    success_keys: ClassVar[tuple[str, ...]] = ("must", "where")

    @property
    def failing(self) -> str:
        """The condition of the rows that break the rule."""
        return f"({self.where}) and (({self.must}) is not true)"

    def rows_query(self, relation: str) -> str:
        """The rows that break the rule."""
        return f"select * from {relation} where {self.failing}"

    @property
    def expected(self) -> str:
        """The rule as it is written, for whoever signs the checklist."""
        return self.must if self.where == "true" else f"{self.must}, where {self.where}"

    def get_validation_dependencies(self, execution_engine=None, runtime_configuration=None):
        """Ask for two counts: the rows it applies to, and those of them that break it."""
        dependencies = super().get_validation_dependencies(execution_engine, runtime_configuration)
        kwargs = get_metric_kwargs("table.row_count", self.configuration, runtime_configuration)
        for name, condition in (("evaluated", self.where), ("failed", self.failing)):
            metric = MetricConfiguration(_COUNT, kwargs["metric_domain_kwargs"], {"condition": condition})
            dependencies.set_metric_configuration(name, metric)
        return dependencies

    def _validate(self, metrics, runtime_configuration=None, execution_engine=None) -> dict[str, Any]:
        failed = metrics["failed"]
        return {"success": failed == 0, "result": {"observed_value": failed, "element_count": metrics["evaluated"]}}


class NoRows(AskedOnce, gxe.UnexpectedRowsExpectation):
    """The query, over `{batch}`, must find nothing: for rules about groups of rows and about other relations.

    Unlike its parent it also counts what it looked at, and leaves fetching the failed rows to the evidence.
    """

    _configuration: ExpectationConfiguration | None = PrivateAttr(None)

    metric_dependencies: ClassVar[tuple[str, ...]] = (_FOUND, "table.row_count")

    def rows_query(self, relation: str) -> str:
        """The rows that the query finds."""
        return str(self.unexpected_rows_query).format(batch=relation)

    @property
    def expected(self) -> str:
        """The query that must come back empty."""
        return "no rows from: " + " ".join(str(self.unexpected_rows_query).format(batch="the relation").split())

    def _validate(self, metrics, runtime_configuration=None, execution_engine=None) -> dict[str, Any]:
        found = metrics[_FOUND]
        return {"success": found == 0, "result": {"observed_value": found, "element_count": metrics["table.row_count"]}}


def every_row(must: str, where: str = "true") -> EveryRow:
    """`EveryRow`, positionally."""
    return EveryRow(must=" ".join(must.split()), where=" ".join(where.split()))


def known_words(column: str, listed: str) -> NoRows:
    """Every value of `column` that is there is one of `listed`. Distinct words are looked up, not each row's: a long list
    against millions of rows would cost more than all other items together."""
    return no_rows(
        f"select * from {{batch}} where {column} in (select {column} from {{batch}} where {column} is not null "
        f"group by {column} having {column} not in ({listed}))"
    )


def no_rows(query: str) -> NoRows:
    """`NoRows`, positionally. The query names its relation as `{batch}`."""
    return NoRows(unexpected_rows_query=query)
