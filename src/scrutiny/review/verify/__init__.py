"""`scrutiny verify`: a workspace computed again from its own inputs, and compared with what it holds."""
