"""A report examined: explained, bound, verified, reconciled, compared."""
