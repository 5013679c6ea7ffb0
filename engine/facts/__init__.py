"""Computes facts, a file per scope; the words stand beside what computes them."""
