"""The checklists: one module per floor, each with `suites()`.

Lives here: what must hold on each floor, in words a controller could sign, with the rule that a machine judges. Does
not: how it is judged (orchestration.quality). A new item is one entry in one suite. Importing a floor's module imports
Great Expectations (about five seconds): import it late.
"""
