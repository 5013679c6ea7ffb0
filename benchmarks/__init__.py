"""Benchmarks: seeded workloads, each beside its peers or its floor in the same run.

``python -m benchmarks [M|D1|L|T|all]`` prints the tables of ``benchmarks/RESULTS.md``.
"""

__all__: list[str] = []
