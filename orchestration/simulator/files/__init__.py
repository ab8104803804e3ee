"""The senders' file formats, one module each.

Lives here: columns, names and quirks. Does not: amounts.
"""
