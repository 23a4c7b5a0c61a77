"""Kernels that are forked from one warm process, instead of each importing pandas and seaborn anew."""

from scrutiny.execution.kernels.pool import WarmKernels, warm_kernels

__all__ = ["WarmKernels", "warm_kernels"]
