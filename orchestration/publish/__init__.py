"""The only way out: closes are kept, and made into one release that others open."""
