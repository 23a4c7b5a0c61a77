"""Two builds or commits side by side: what changed in values, tables, figures and narrative, and by how much."""
