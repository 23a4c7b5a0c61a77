"""Kernels forked from one warm process, instead of each importing pandas and seaborn again."""

from scrutiny.execution.kernels.pool import KernelPool

__all__ = ["KernelPool"]
