"""The checklists of each floor, one module a floor."""
