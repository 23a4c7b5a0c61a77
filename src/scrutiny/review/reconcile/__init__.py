"""A published report's figures beside ours, and beside each other."""
