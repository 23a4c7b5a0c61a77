"""The numbers of the narrative: each bound to a value, stated with its source, or loose."""
