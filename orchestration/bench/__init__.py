"""Measuring the product: what it finds (detect) and how fast it is (speed).

Lives here: benchmarks over simulated homes. Does not: the simulation, nor anything a close needs.
"""
