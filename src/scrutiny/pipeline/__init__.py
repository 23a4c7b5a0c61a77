"""The stages from parameters to documents, and the commands that run them."""
