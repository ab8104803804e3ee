"""The Dagster UI of one data home, reachable from this machine only."""

from __future__ import annotations

import os
import signal
import subprocess
import sys

import dagster as dg
from rich.console import Console

from orchestration.defs.home import remember_months, working_paths
from orchestration.host.history import CODE_LOCATION
from orchestration.host.storage import dagster_home
from orchestration.settings import PROJECT, Paths

HOST = "127.0.0.1"


def serve(paths: Paths, port: int, console: Console) -> None:
    """Run Dagster's webserver and daemon until interrupted."""
    console.print(f"Dagster UI: http://{HOST}:{port}  (Ctrl-C ends it)", highlight=False)
    command = [
        sys.executable,
        "-m",
        "dagster",
        "dev",
        "--host",
        HOST,
        "--port",
        str(port),
        "-m",
        CODE_LOCATION,
    ]
    with dg.DagsterInstance.from_config(str(dagster_home(paths))) as instance:
        remember_months(instance, working_paths(str(paths.home)), forget=True)
    environment = os.environ | {
        "DAGSTER_HOME": str(dagster_home(paths)),
        "CUADRE_HOME": str(paths.home),
        "DAGSTER_DISABLE_TELEMETRY": "true",
    }
    with subprocess.Popen(command, env=environment, cwd=PROJECT) as process:
        # Dagster ends its own children on SIGINT; whoever ends us, by Ctrl-C or by id, ends all of them in order.
        for received in (signal.SIGINT, signal.SIGTERM):
            signal.signal(received, lambda *_: process.send_signal(signal.SIGINT))
        process.wait()
    console.print("Dagster UI ended.")
