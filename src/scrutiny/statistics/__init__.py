"""What a figure is, how it is compared, judged by process control, and written."""
