"""One quarter's Quarto project: the folder in which a report is put together."""
