"""From order lines to parcels."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from carriers.cartons import Carton
from carriers.stow import Goods, stow
from domain import InputError, PackItem, Parcel

__all__ = ["pack"]


def pack(items: Sequence[PackItem], cartons: Sequence[Carton]) -> tuple[Parcel, ...]:
    """Parcels that hold exactly the items, the same for the same input whatever its order.

    Goods with an own box, and goods no carton takes, travel in their own box, one
    unit each. ``ships_alone`` lines share no carton with other lines, ``no_mix``
    classes none with other classes. The rest goes into the smallest carton that
    takes all that is left, else into the one that takes most of it. Pure, so it may
    be cached. Grams and millimetres; ``weight_g`` of a parcel includes the carton.
    """
    boxed: list[Parcel] = []
    groups: dict[tuple[str, str], list[PackItem]] = defaultdict(list)
    for item in sorted(items, key=_order):
        _check(item)
        if item.own_box or not any(_takes(carton, item) for carton in cartons):
            own = Parcel(((item.line, 1),), item.weight_g, _sorted(item.box_mm))
            boxed.extend([own] * item.quantity)
        elif item.ships_alone:
            groups["line", item.line].append(item)
        else:
            groups["class", item.no_mix or ""].append(item)
    catalog = sorted(cartons, key=lambda carton: (carton.inner_mm3, carton.outer_mm, carton.id))
    for key in sorted(groups):
        boxed.extend(_fill(groups[key], catalog))
    return tuple(boxed)


def _order(item: PackItem) -> tuple[int, tuple[int, int, int], int, str]:
    box = _sorted(item.box_mm)
    return (-box[0] * box[1] * box[2], box, -item.weight_g, item.line)


def _sorted(box: tuple[int, int, int]) -> tuple[int, int, int]:
    longest, middle, shortest = sorted(box, reverse=True)
    return (longest, middle, shortest)


def _check(item: PackItem) -> None:
    if item.quantity < 1 or item.weight_g < 0 or min(item.box_mm) < 1:
        raise InputError(
            f"line {item.line!r} cannot be packed: units, grams and millimetres must be above 0",
            code="carriers.pack_item",
            cure="complete the product's weight and box",
        )


def _takes(carton: Carton, item: PackItem) -> bool:
    return item.weight_g <= carton.max_g and all(
        side <= inner for side, inner in zip(_sorted(item.box_mm), carton.inner_mm, strict=True)
    )


def _fill(items: Sequence[PackItem], catalog: Sequence[Carton]) -> list[Parcel]:
    left = [item.quantity for item in items]
    parcels: list[Parcel] = []
    while any(left):
        carton, taken = _choose(items, left, catalog)
        # The same carton is filled the same way as long as the quantities last.
        times = min(have // use for have, use in zip(left, taken, strict=True) if use)
        weight = carton.tare_g + sum(item.weight_g * units for item, units in zip(items, taken, strict=True))
        contents: dict[str, int] = {}
        for item, units in zip(items, taken, strict=True):
            if units:
                contents[item.line] = contents.get(item.line, 0) + units
        parcel = Parcel(tuple(sorted(contents.items())), weight, carton.outer_mm, carton.id)
        parcels.extend([parcel] * times)
        left = [have - times * use for have, use in zip(left, taken, strict=True)]
    return parcels


def _choose(
    items: Sequence[PackItem], left: Sequence[int], catalog: Sequence[Carton]
) -> tuple[Carton, list[int]]:
    """The smallest carton that takes everything, else the one that takes the largest volume."""
    wanted = [number for number, units in enumerate(left) if units]
    goods: list[Goods] = [(_sorted(items[n].box_mm), items[n].weight_g, left[n]) for n in wanted]
    volume = sum(box[0] * box[1] * box[2] * units for box, _, units in goods)
    grams = sum(weight * units for _, weight, units in goods)
    units_left = sum(units for _, _, units in goods)
    best: tuple[Carton, list[int]] | None = None
    best_volume = -1
    for carton in catalog:
        could_take_all = grams <= carton.max_g and volume <= carton.inner_mm3
        if not could_take_all and carton.inner_mm3 <= best_volume:
            continue
        taken, _ = stow(carton, goods)
        if not any(taken):
            continue
        spread = [0] * len(left)
        for number, units in zip(wanted, taken, strict=True):
            spread[number] = units
        if sum(taken) == units_left:
            return carton, spread
        filled = sum(
            box[0] * box[1] * box[2] * units for (box, _, _), units in zip(goods, taken, strict=True)
        )
        if filled > best_volume:
            best, best_volume = (carton, spread), filled
    if best is None:
        raise AssertionError("every item here was found to fit some carton")
    return best
