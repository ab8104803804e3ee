"""When a close runs by itself: the one job, the nightly schedule and the inbox sensor."""

from collections.abc import Iterator

import dagster as dg

from orchestration import close
from orchestration.defs.home import working_paths

close_job = dg.define_asset_job(
    "close",
    selection=dg.AssetSelection.all(),
    executor_def=dg.in_process_executor,  # one process writes the warehouse, and pays for one import of dbt and GX
    description="Close one month: receive, judge, build, judge again, publish. The CLI, the UI, the schedule and the sensor run this.",
)


@dg.schedule(
    job=close_job,
    cron_schedule="0 2 * * *",
    execution_timezone="America/Lima",
    default_status=dg.DefaultScheduleStatus.RUNNING,
)
def nightly(context: dg.ScheduleEvaluationContext) -> Iterator[dg.RunRequest | dg.SkipReason]:
    """Every open period of the inbox: the newest month, and every month whose inbox changed since its close."""
    paths = working_paths()
    periods = [] if paths.is_sample else close.open_periods(paths)
    if not periods:
        yield dg.SkipReason(f"{paths.home / 'inbox'} holds no period; drop files under inbox/<source>/<YYYY-MM>/.")
    for period in periods:
        yield dg.RunRequest(run_key=f"{context.scheduled_execution_time:%Y-%m-%d}-{period}", partition_key=period)


@dg.sensor(job=close_job, minimum_interval_seconds=60, default_status=dg.DefaultSensorStatus.RUNNING)
def inbox_changed(context: dg.SensorEvaluationContext) -> Iterator[dg.RunRequest | dg.SkipReason]:
    """Close a period when its inbox differs from what its last close read."""
    paths = working_paths()
    changed = [] if paths.is_sample else close.changed_periods(paths)
    if not changed:
        yield dg.SkipReason("Nothing new in the inbox.")
    for period, fingerprint in changed:
        yield dg.RunRequest(run_key=f"{period}-{fingerprint}", partition_key=period)
