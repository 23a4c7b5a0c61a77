"""The program with which a police force writes its quarterly performance report."""

__version__ = "0.1.0"
