"""Source files read as they came: archives, CSV, workbooks."""
