"""When a close runs by itself: the one job, the nightly schedule and the inbox sensor."""

from collections.abc import Iterator

import dagster as dg

from orchestration.close import periods, watch
from orchestration.defs.catalogue import NIGHTLY, TIMEZONE
from orchestration.defs.home import remember_months, working_paths
from orchestration.settings import Paths

Requests = Iterator[dg.RunRequest | dg.SkipReason]

close_job = dg.define_asset_job(
    "close",
    selection=dg.AssetSelection.all(),
    description="Close one month: receive, judge, build, judge again, publish. The command line, the UI, the schedule and the sensor run "
    "this job. The month is its partition.",
    tags={"team": "data_team"},
)


@dg.schedule(
    job=close_job,
    cron_schedule=NIGHTLY,
    execution_timezone=TIMEZONE,
    default_status=dg.DefaultScheduleStatus.RUNNING,
    description="Each night at 02:00 in Lima: close the newest month of the inbox, and every month whose inbox changed since its close. "
    "A month whose files still change waits for the next night; the sensor may close it earlier.",
)
def nightly(context: dg.ScheduleEvaluationContext) -> Requests:
    paths = working_paths()
    unread = _unread(context, paths)
    months = [] if paths.is_sample else watch.open_months(paths)
    if not months:
        empty = f"{paths.home / 'inbox'} holds no open month; drop files under inbox/<source>/<YYYY-MM>/."
        yield dg.SkipReason(f"{empty}{unread}")
    yield from _requests(months, unread, f"{context.scheduled_execution_time:%Y-%m-%d}")


@dg.sensor(
    job=close_job,
    minimum_interval_seconds=60,
    default_status=dg.DefaultSensorStatus.RUNNING,
    description="Each minute: close a month whose inbox is not what its published close read, once its files have not changed for ten "
    "minutes (CUADRE_QUIET_MINUTES) or each of its folders holds a file _READY.",
)
def inbox_changed(context: dg.SensorEvaluationContext) -> Requests:
    paths = working_paths()
    unread = _unread(context, paths)
    months = [] if paths.is_sample else [month for month in watch.months(paths) if month.has_news]
    if not months:
        yield dg.SkipReason(f"Nothing new in the inbox.{unread}")
    yield from _requests(months, unread)


def _requests(months: list[watch.Month], unread: str, key: str = "") -> Requests:
    """One run a month that lies still; when every month waits, what it waits for and what nobody reads."""
    still = [month for month in months if month.waits_for is None]
    for month in still:
        yield dg.RunRequest(run_key=f"{month.period}-{key or month.mark}", partition_key=month.period)
    if months and not still:
        yield dg.SkipReason(" ".join(month.waits_for for month in months if month.waits_for) + unread)


def _unread(context: dg.ScheduleEvaluationContext | dg.SensorEvaluationContext, paths: Paths) -> str:
    """Make the home's months partitions; say in the tick's log, and for its skip reason, what lies in the inbox unread."""
    remember_months(context.instance, paths)
    sentences = periods.passed_over(paths)
    for sentence in sentences:
        context.log.warning(f"Passed over in the inbox: {sentence}")
    return f" Passed over: {'; '.join(sentences)}" if sentences else ""
