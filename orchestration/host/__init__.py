"""Running the job outside Dagster's own processes: one run here, the history that Dagster keeps, the UI server."""
