"""When a close runs by itself: the one job, the nightly schedule and the inbox sensor."""

from collections.abc import Iterator

import dagster as dg

from orchestration.close import periods, watch
from orchestration.defs.home import remember_months, working_paths
from orchestration.settings import Paths

close_job = dg.define_asset_job(
    "close",
    selection=dg.AssetSelection.all(),
    description="Close one month: receive, judge, build, judge again, publish. The CLI, the UI, the schedule and the sensor run this.",
)


@dg.schedule(
    job=close_job,
    cron_schedule="0 2 * * *",
    execution_timezone="America/Lima",
    default_status=dg.DefaultScheduleStatus.RUNNING,
)
def nightly(context: dg.ScheduleEvaluationContext) -> Iterator[dg.RunRequest | dg.SkipReason]:
    """Every open month of the inbox that lies still: the newest, and every one whose inbox changed since its close."""
    paths = working_paths()
    told = _passed_over(context, paths)
    months = [] if paths.is_sample else watch.open_months(paths)
    if not months:
        empty = f"{paths.home / 'inbox'} holds no open month; drop files under inbox/<source>/<YYYY-MM>/."
        yield dg.SkipReason(f"{empty}{told}")
    yield from _requests(months, told, f"{context.scheduled_execution_time:%Y-%m-%d}")


@dg.sensor(job=close_job, minimum_interval_seconds=60, default_status=dg.DefaultSensorStatus.RUNNING)
def inbox_changed(context: dg.SensorEvaluationContext) -> Iterator[dg.RunRequest | dg.SkipReason]:
    """Close a month when its inbox differs from what its published close read, and lies still."""
    paths = working_paths()
    told = _passed_over(context, paths)
    months = [] if paths.is_sample else [month for month in watch.months(paths) if month.has_news]
    if not months:
        yield dg.SkipReason(f"Nothing new in the inbox.{told}")
    yield from _requests(months, told)


def _requests(months: list[watch.Month], told: str, key: str = "") -> Iterator[dg.RunRequest | dg.SkipReason]:
    """One run a month that lies still; when every month waits, what it waits for and what was passed over."""
    still = [month for month in months if month.waits_for is None]
    for month in still:
        yield dg.RunRequest(run_key=f"{month.period}-{key or month.mark}", partition_key=month.period)
    if months and not still:
        yield dg.SkipReason(" ".join(month.waits_for for month in months) + told)


def _passed_over(context: dg.ScheduleEvaluationContext | dg.SensorEvaluationContext, paths: Paths) -> str:
    """Make the home's months partitions; say in the tick's log, and for its skip reason, what lies in the inbox unread."""
    remember_months(context.instance, paths)
    told = periods.passed_over(paths)
    for each in told:
        context.log.warning(f"Passed over in the inbox: {each}")
    return f" Passed over: {'; '.join(told)}" if told else ""
