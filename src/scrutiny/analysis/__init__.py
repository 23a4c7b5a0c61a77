"""Measures looked up, and put into tables, charts and words."""
