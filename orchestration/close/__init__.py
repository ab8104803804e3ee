"""One month: its identity, the steps of its close, and when it is due."""
