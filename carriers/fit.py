"""Does a parcel fit a service? One by one with a reason, or all at once as a bitset."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from carriers.limits import Limits
from carriers.service import Service
from domain import Money, Parcel, Reason

__all__ = ["LimitIndex", "fits"]


def fits(service: Service, parcel: Parcel, value: Money | None = None) -> Reason | None:
    """None where the service takes the parcel, else the reason.

    Codes: ``limit_unknown`` (argument ``limit``), ``limit_weight``, ``limit_box``,
    ``limit_longest``, ``limit_sum``, ``limit_girth``, ``limit_value``. Grams, millimetres.
    ``value`` is compared where the service limits it and the currencies agree;
    in another currency the answer is ``limit_unknown``.
    """
    if service.unknown:
        return Reason("limit_unknown", {"service": service.id, "limit": min(service.unknown)})
    excess = service.widest.excess(parcel)
    if excess is not None:
        return Reason(
            f"limit_{excess.limit}",
            {"service": service.id, "value": excess.value, "maximum": excess.maximum},
        )
    if value is not None and service.value_limit is not None:
        if value.currency != service.value_limit.currency:
            return Reason("limit_unknown", {"service": service.id, "limit": "value"})
        if service.value_limit < value:
            return Reason(
                "limit_value",
                {"service": service.id, "value": str(value), "maximum": str(service.value_limit)},
            )
    return None


@dataclass(frozen=True, slots=True)
class _Column:
    """One measure: ``masks[i]`` are the services that take values up to ``cuts[i]``."""

    cuts: tuple[int, ...]
    masks: tuple[int, ...]

    def at(self, value: int) -> int:
        return self.masks[bisect_left(self.cuts, value)]


def _axis(number: int) -> Callable[[Limits], int | None]:
    return lambda limits: limits.box_mm[number] if limits.box_mm is not None else None


_MEASURES: tuple[Callable[[Limits], int | None], ...] = (
    lambda limits: limits.weight_g,
    _axis(0),
    _axis(1),
    _axis(2),
    lambda limits: limits.longest_mm,
    lambda limits: limits.sum_mm,
    lambda limits: limits.girth_mm,
)


class LimitIndex:
    """All services' limits as sorted cut points: one bisect per measure, whatever the number of services."""

    __slots__ = ("_columns", "_known")

    def __init__(self, services: Sequence[Service]) -> None:
        self._known = sum(1 << service.index for service in services if not service.unknown)
        self._columns = tuple(_column(services, measure) for measure in _MEASURES)

    def bits(self, parcel: Parcel) -> int:
        """The services whose size and weight limits admit the parcel (value limits are not looked at)."""
        weight, first, second, third, longest, total, girth = self._columns
        long, middle, short = sorted(parcel.box_mm, reverse=True)
        around = long + 2 * (middle + short)
        bits = self._known & weight.at(parcel.weight_g) & longest.at(long)
        if bits:
            bits &= first.at(long) & second.at(middle) & third.at(short)
            bits &= total.at(long + middle + short) & girth.at(around)
        return bits


def _column(services: Sequence[Service], measure: Callable[[Limits], int | None]) -> _Column:
    limited = [(limit, s.index) for s in services if (limit := measure(s.widest)) is not None]
    unlimited = sum(1 << s.index for s in services if measure(s.widest) is None)
    cuts = sorted({limit for limit, _ in limited})
    masks = [unlimited | sum(1 << index for limit, index in limited if limit >= cut) for cut in cuts]
    return _Column(tuple(cuts), (*masks, unlimited))
