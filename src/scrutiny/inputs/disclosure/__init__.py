"""Disclosure control: which figures are hidden, and which others would give them away."""
