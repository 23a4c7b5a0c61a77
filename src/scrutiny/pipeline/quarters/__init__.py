"""A new quarter: its files, what is due for it, and how far it has come."""
