"""The narrative in `sections/`, as pandoc reads it, and checked."""
