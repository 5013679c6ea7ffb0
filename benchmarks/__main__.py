"""``python -m benchmarks [M|D1|L|T|all]``: prints the tables."""

from __future__ import annotations

import sys
from time import perf_counter

from benchmarks.figures import machine

__all__ = ["main"]


def main(arguments: list[str]) -> int:
    """Run what is named, or all."""
    chosen = [word.upper() for word in arguments] or ["ALL"]
    if unknown := [word for word in chosen if word not in ("M", "D1", "L", "T", "ALL")]:
        print(f"there is no benchmark {unknown[0]}: M, D1, L, T or all", file=sys.stderr)
        return 2
    start = perf_counter()
    print(f"{machine()}\n")
    if "M" in chosen or "ALL" in chosen:
        from benchmarks.m import run as run_m

        print(f"## M: one fact against many rules\n\n{run_m()}\n")
    if "D1" in chosen or "ALL" in chosen:
        from benchmarks.d1 import run as run_d1

        print(f"## D1: one order to one decision\n\n{run_d1()}\n")
    if "L" in chosen or "ALL" in chosen:
        from benchmarks.l import run as run_l

        print(f"## L: the landed cost of five lines\n\n{run_l()}\n")
    if "T" in chosen or "ALL" in chosen:
        from benchmarks.t import run as run_t

        print(f"## T: from an address to its fiscal territory\n\n{run_t()}\n")
    print(f"({perf_counter() - start:.0f} s)")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
