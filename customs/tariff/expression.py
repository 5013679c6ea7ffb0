"""Duty rates as a tree: percentages, specific amounts, sums, lower and upper bounds.

Evaluation is exact: ``Decimal`` in, ``Decimal`` out, nothing rounded. What is
missing comes back as :class:`Missing`, never as zero.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from customs.tariff.units import components, units
from domain import InputError

__all__ = [
    "AdValorem",
    "Bounded",
    "Case",
    "Convert",
    "Free",
    "Missing",
    "RateExpression",
    "Recipe",
    "Specific",
    "Sum",
]

NOTHING = Decimal(0)
Convert = Callable[[Decimal, str, str], "Decimal | None"]
"""``convert(amount, from_currency, to_currency)``, unrounded; None where no rate is known."""


@dataclass(frozen=True, slots=True)
class Missing:
    """What must be known before the duty can be computed: ``quantity.hl``, ``product.recipe`` ..."""

    needs: tuple[str, ...]

    @classmethod
    def union(cls, parts: Iterable[Decimal | Missing]) -> Missing | None:
        """All needs of the missing ones, in order, once each; None where nothing is missing."""
        needs = dict.fromkeys(need for part in parts if isinstance(part, Missing) for need in part.needs)
        return cls(tuple(needs)) if needs else None


@dataclass(frozen=True, slots=True)
class Case:
    """What a rate is applied to. ``currency`` is that of ``value``."""

    value: Decimal
    quantities: Mapping[str, Decimal]
    currency: str | None = None
    convert: Convert | None = None

    def converted(self, amount: Decimal, currency: str) -> Decimal | Missing:
        """An amount of the rate in the currency of the value."""
        if self.currency is None or self.currency == currency:
            return amount
        found = self.convert(amount, currency, self.currency) if self.convert else None
        return Missing((f"exchange_rate.{currency}.{self.currency}",)) if found is None else found


class RateExpression:
    """A duty rate. ``str`` prints the canonical notation, which parses to the same tree."""

    __slots__ = ()

    def duty(
        self,
        value: Decimal,
        quantities: Mapping[str, Decimal] | None = None,
        *,
        currency: str | None = None,
        convert: Convert | None = None,
    ) -> Decimal | Missing:
        """The duty on a customs value, in the currency of the value, unrounded.

        ``quantities`` are ``pieces``, ``pairs``, ``kg`` (net), ``kg_gross``, ``hl``,
        ``percent_vol``, ``m2`` ... and, for rates on a part of the goods,
        ``value.<part>``. ``currency`` is that of ``value``; left out, the value is
        in the one currency the rate itself is written in. Amounts in another
        currency need ``convert``. Raises InputError for a negative value.
        """
        if value < 0:
            raise InputError(
                f"a customs value of {value} is negative",
                code="tariff.negative_value",
                cure="value goods at zero or above",
            )
        known = quantities or {}
        for name, amount in known.items():
            if amount < 0:
                raise InputError(f"quantity {name} is negative: {amount}", code="tariff.negative_quantity")
        if currency is None and len(self.currencies()) > 1:
            return Missing(("value.currency",))
        return self._of(Case(value, known, currency, convert))

    def _of(self, _case: Case) -> Decimal | Missing:
        raise NotImplementedError

    def parts(self) -> tuple[RateExpression, ...]:
        """The expressions directly inside this one."""
        return ()

    def currencies(self) -> frozenset[str]:
        """Every currency that occurs in the rate."""
        return frozenset().union(*(part.currencies() for part in self.parts()))

    @property
    def is_ad_valorem(self) -> bool:
        """Whether the duty depends on the value of the goods alone."""
        return all(part.is_ad_valorem for part in self.parts())


@dataclass(frozen=True, slots=True)
class Free(RateExpression):
    """No duty."""

    def _of(self, _case: Case) -> Decimal | Missing:
        return Decimal(0)

    def __str__(self) -> str:
        return "Free"


@dataclass(frozen=True, slots=True)
class AdValorem(RateExpression):
    """A percentage of the customs value, or of the value of one part of the goods (a watch case)."""

    percent: Decimal
    part: str | None = None

    def duty(
        self,
        value: Decimal,
        quantities: Mapping[str, Decimal] | None = None,
        *,
        currency: str | None = None,
        convert: Convert | None = None,
    ) -> Decimal | Missing:
        """As every rate; the usual case, a percentage of the whole value and nothing else, goes straight."""
        if self.part is None and not quantities and value >= NOTHING:
            return value * self.percent.scaleb(-2)
        return RateExpression.duty(self, value, quantities, currency=currency, convert=convert)

    def _of(self, case: Case) -> Decimal | Missing:
        base = case.value if self.part is None else case.quantities.get(f"value.{self.part}")
        if base is None:
            return Missing((f"value.{self.part}",))
        return base * self.percent.scaleb(-2)

    @property
    def is_ad_valorem(self) -> bool:
        """A rate on a part needs that part's value."""
        return self.part is None

    def __str__(self) -> str:
        return f"{self.percent:f}%{_on(self.part)}" if self.part else f"{self.percent:f}%"


@dataclass(frozen=True, slots=True)
class Specific(RateExpression):
    """An amount of money for each unit of a quantity. ``unit`` is a code of ``tariff_units.csv``.

    With ``part`` only that part of the goods is counted (lead in a mixture): ``kg.lead``.
    """

    amount: Decimal
    currency: str
    unit: str
    part: str | None = None

    @property
    def counted(self) -> tuple[str, ...]:
        """The names of the quantities that are multiplied."""
        names = units()[self.unit].quantities
        return names if self.part is None else tuple(f"{name}.{self.part}" for name in names)

    def _of(self, case: Case) -> Decimal | Missing:
        lacking = tuple(f"quantity.{name}" for name in self.counted if name not in case.quantities)
        if lacking:
            return Missing(lacking)
        total = self.amount
        for name in self.counted:
            total *= case.quantities[name]
        return case.converted(total / units()[self.unit].divisor, self.currency)

    def currencies(self) -> frozenset[str]:
        """Its own currency."""
        return frozenset((self.currency,))

    @property
    def is_ad_valorem(self) -> bool:
        """Never: it counts units."""
        return False

    def __str__(self) -> str:
        return f"{self.amount:f} {self.currency} / {units()[self.unit].printed}{_on(self.part)}"


@dataclass(frozen=True, slots=True)
class Recipe(RateExpression):
    """A component that depends on what the goods are made of (EU agricultural components).

    Its amount, in the currency of the value, may be handed in as the quantity
    named in ``tariff_components.csv``; otherwise the recipe is missing.
    """

    code: str

    def _of(self, case: Case) -> Decimal | Missing:
        component = components()[self.code]
        amount = case.quantities.get(component.quantity)
        return Missing((component.needs,)) if amount is None else amount

    @property
    def is_ad_valorem(self) -> bool:
        """Never: it follows the recipe."""
        return False

    def __str__(self) -> str:
        return self.code


@dataclass(frozen=True, slots=True)
class Sum(RateExpression):
    """Several components added up."""

    terms: tuple[RateExpression, ...]

    def _of(self, case: Case) -> Decimal | Missing:
        amounts = [term._of(case) for term in self.terms]
        return Missing.union(amounts) or sum((a for a in amounts if isinstance(a, Decimal)), Decimal(0))

    def parts(self) -> tuple[RateExpression, ...]:
        """The terms."""
        return self.terms

    def __str__(self) -> str:
        return " + ".join(_wrapped(term) for term in self.terms)


@dataclass(frozen=True, slots=True)
class Bounded(RateExpression):
    """A duty that is at least ``minimum`` and at most ``maximum``; the maximum wins over the minimum."""

    body: RateExpression
    minimum: RateExpression | None = None
    maximum: RateExpression | None = None

    def _of(self, case: Case) -> Decimal | Missing:
        result = self.body._of(case)
        low = self.minimum._of(case) if self.minimum else None
        high = self.maximum._of(case) if self.maximum else None
        if isinstance(result, Missing) or isinstance(low, Missing) or isinstance(high, Missing):
            found = [part for part in (result, low, high) if part is not None]
            return Missing.union(found) or Missing(())
        if low is not None:
            result = max(result, low)
        return result if high is None else min(result, high)

    def parts(self) -> tuple[RateExpression, ...]:
        """Body and bounds."""
        return tuple(part for part in (self.body, self.minimum, self.maximum) if part is not None)

    def __str__(self) -> str:
        text = _wrapped(self.body, sums=False)
        if self.minimum is not None:
            text += f" MIN {_wrapped(self.minimum, sums=False)}"
        if self.maximum is not None:
            text += f" MAX {_wrapped(self.maximum, sums=False)}"
        return text


def _wrapped(part: RateExpression, *, sums: bool = True) -> str:
    """Parentheses where the notation would otherwise bind differently."""
    loose = isinstance(part, Free | AdValorem | Specific | Recipe) or (not sums and isinstance(part, Sum))
    return str(part) if loose else f"({part})"


def _on(part: str | None) -> str:
    return f" on the {part.replace('_', ' ')}" if part else ""
