"""The lines of an assessment: VAT rate, duty rates, quantities, each with its source or with what is missing."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from customs.landed import Assessment, AssessmentLine, Bounds, Duty, Vat
from customs.rates import VatRate
from customs.tariff import Candidate, NotInTariff, RateExpression
from customs.territories import Territory
from engine.asking import Asker
from engine.facts.consignment import Portion

__all__ = ["border_line", "open_codes"]

NOTHING: frozenset[str] = frozenset()
PREFERENCE = "preference"
SUBHEADING = 6
TARIFF_DIGITS = 8  # from eight digits on a code is a line of a tariff


def border_line(
    asker: Asker,
    known: dict[str, object],
    portion: Portion,
    place: Territory | None,
    arrival: Territory,
    dispatch: Territory,
    duty: Duty,
    vat: Vat,
    day: object,
    gaps: list[str],
) -> AssessmentLine:
    product = portion.line.product
    percent: Decimal | Bounds | None = Decimal(0)
    vat_needs: tuple[str, ...] = ()
    vat_source = ""
    if vat.method != "none" and place is not None and isinstance(day, date):
        here = dispatch.country == place.country if dispatch.code != place.code else True
        found = asker.world.vat_rates.rate(
            place.code, product.vat_category, day, located_there=here if dispatch.code == place.code else None
        )
        if isinstance(found, VatRate):
            percent, vat_source = found.percent, found.source
        elif found.candidates:
            percent = Bounds(min(found.candidates), max(found.candidates))
            gaps += found.needs
        else:
            percent, vat_needs = None, found.needs
    rates: tuple[RateExpression, ...] = ()
    rate_needs: tuple[str, ...] = ()
    rate_source = ""
    if duty.method == "tariff":
        rates, rate_needs, rate_source = _tariff(asker, portion, arrival, known, gaps)
    return AssessmentLine(
        portion.line.id,
        portion.net,
        portion.quantity,
        net_weight_g=product.weight_g * portion.quantity or None,
        gross_weight_g=portion.gross_weight_g or product.weight_g * portion.quantity or None,
        hs_code=product.hs_code,
        origin=product.origin,
        vat_percent=percent,
        rates=rates,
        sale_price=portion.sale_net,
        quantities=_quantities(portion),
        product=portion.line.sku,
        rate_needs=rate_needs,
        vat_needs=vat_needs,
        rate_source=rate_source,
        vat_source=vat_source,
    )


def _quantities(portion: Portion) -> dict[str, Decimal]:
    product, held = portion.line.product, {"pieces": Decimal(portion.quantity)}
    if product.alcohol_percent is not None:
        held["percent_vol"] = product.alcohol_percent
    if product.volume_ml is not None:
        held["hl"] = Decimal(product.volume_ml) * portion.quantity / 100_000
    return held


def _tariff(
    asker: Asker, portion: Portion, arrival: Territory, known: dict[str, object], gaps: list[str]
) -> tuple[tuple[RateExpression, ...], tuple[str, ...], str]:
    """The duties the goods may bear, what is missing where there is none, and their source.

    A preference that was claimed counts where the table holds its rate. Duties of which only the
    existence is known are in no rate: they go into ``gaps``.
    """
    product, day = portion.line.product, known.get("declaration.acceptance")
    when = day if isinstance(day, date) else getattr(day, "low", None)
    if product.hs_code is None or not isinstance(when, date):
        return (), (f"lines.{portion.line.id}.hs_code",), ""
    claims = frozenset({PREFERENCE}) if known.get("customs.duty_method") == "preferential_tariff" else NOTHING
    if claims and product.origin is None:
        return (), (f"lines.{portion.line.id}.origin",), ""
    union, code = arrival.customs_union, product.hs_code
    found = asker.world.tariff.find(union, code, product.origin, when, claims=claims)
    if isinstance(found, NotInTariff) and len(code) > SUBHEADING:
        found = asker.world.tariff.find(union, code[:SUBHEADING], product.origin, when, claims=claims)
    if isinstance(found, NotInTariff):
        needs = tuple(
            f"lines.{portion.line.id}.hs_code" if need == "line.hs_code" else need for need in found.needs
        )
        return (), needs or (f"tariff.{union}.{code}",), ""
    if claims and not all(_preferred(candidate, product.origin) for candidate in found.candidates):
        return (), (f"tariff_rate.{union}.preference",), ""
    if found.unverified:
        gaps.append(f"tariff_measures.{union}")
    return found.options, found.needs if not found.options else (), found.source


def _preferred(candidate: Candidate, origin: str | None) -> bool:
    """Whether the table holds a preferential rate of the candidate for that origin."""
    return any(
        line.measure == PREFERENCE and line.applies != "off" and line.covers(origin)
        for line in (*candidate.measures, *candidate.alternatives)
    )


def open_codes(
    goods: Sequence[Portion], lines: Sequence[AssessmentLine], duty: Duty, result: Assessment
) -> list[tuple[str, ...]]:
    """Codes and origins that would narrow a duty that is only known between two ends."""
    if result.duty is None or result.duty.low == result.duty.high:
        return []
    found: list[tuple[str, ...]] = []
    if duty.method == "flat_per_item":
        short = [p.line for p in goods if len(p.line.product.hs_code or "") < duty.digits]
        found.append(tuple(f"lines.{line.id}.hs_code" for line in short))
    for portion, line in zip(goods, lines, strict=True):
        if len(line.rates) > 1:
            product = portion.line.product
            lacking = (
                ("hs_code", len(product.hs_code or "") < TARIFF_DIGITS),
                ("origin", product.origin is None),
            )
            found.append(tuple(f"lines.{line.id}.{name}" for name, lacks in lacking if lacks))
    return [names for names in found if names]
