"""Notebooks run by papermill, and what came out of them."""
