"""The keys under which a notebook's outputs carry what the report takes from them."""

VALUES = "application/vnd.scrutiny.values+json"
"""MIME type of published values: a mapping of name to plain text."""

METADATA = "scrutiny"
"""Key in the metadata of an output: caption, alternative text, data as CSV, provenance, datasets read so far."""
