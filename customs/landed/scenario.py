"""One pass of the arithmetic, with every open question settled to one side.

``assess`` runs it once for the low side and, where anything was open, once for
the high side. Inside, amounts are exact decimals; each figure is rounded once,
where its own rounding rule says.
"""

from __future__ import annotations

from decimal import Decimal

from customs.landed.apportion import apportion, round_to
from customs.landed.figures import Scenario, Shares, mark, rounded, waive
from customs.landed.items import assign_items, count_items
from customs.landed.values import AssessmentInput, AssessmentLine, Bounds, Charge, Undetermined
from customs.tariff import Missing
from domain.money import minor_digits

__all__ = ["run"]


def run(case: AssessmentInput, *, high: bool) -> Scenario:
    """All figures with open questions settled low or high."""
    result = Scenario()
    minor = Decimal(1).scaleb(-minor_digits(case.currency))
    freight = _spread(case, case.freight, minor, result, "freight")
    insurance = _spread(case, case.insurance, minor, result, "insurance")
    _customs_value(case, result, freight, insurance, minor)
    _duty(case, result, minor, high)
    _charges(case, result, minor, high)
    _vat(case, result, freight, insurance, minor, high)
    return result


def _spread(case: AssessmentInput, total: Decimal, minor: Decimal, result: Scenario, what: str) -> Shares:
    """An amount over the lines by the freight key; by weight every gross weight must be known."""
    if total == 0:
        return tuple(Decimal(0) for _ in case.lines)
    if case.freight_key == "weight":
        lacking = [line.id for line in case.lines if line.gross_weight_g is None]
        if lacking:
            result.gaps += [Undetermined(what, name, ("line.gross_weight_g",)) for name in lacking]
            return tuple(None for _ in case.lines)
        weights = [Decimal(line.gross_weight_g or 0) for line in case.lines]
    else:
        weights = [line.goods_value for line in case.lines]
    return apportion(total, weights, minor)


def _customs_value(
    case: AssessmentInput, result: Scenario, freight: Shares, insurance: Shares, minor: Decimal
) -> None:
    share = {"cif": case.freight_share, "fob": Decimal(0), "to_door": Decimal(1)}[case.value_basis]
    insured = Decimal(0) if case.value_basis == "fob" else Decimal(1)
    values: list[Decimal | None] = []
    for line, carried, covered in zip(case.lines, freight, insurance, strict=True):
        if share == 0 and insured == 0:
            values.append(line.goods_value)
        elif carried is None or covered is None:
            values.append(None)
        else:
            values.append(line.goods_value + carried * share + covered * insured)
    rule = case.customs_value_rounding
    values = rounded(values, rule, minor, [None] * len(values)) if rule else values
    formula = "goods value" if share == 0 else f"goods value + {share} x freight + insurance"
    for line, value in zip(case.lines, values, strict=True):
        if value is not None:
            mark(
                result, "customs_value", formula, line.goods_value, case.value_basis, value, "", rule, line.id
            )
    result.customs_value = tuple(values)


def _duty(case: AssessmentInput, result: Scenario, minor: Decimal, high: bool) -> None:
    duty = case.duty
    if duty.method in ("none", "relief"):
        result.duty = tuple(Decimal(0) for _ in case.lines)
        mark(result, "duty", duty.method, None, "", Decimal(0), duty.source, None, None)
        return
    if duty.method == "flat_per_item":
        result.duty = _flat(case, result, minor, high)
        return
    amounts: list[Decimal | None] = []
    texts: list[str] = []
    for line, value in zip(case.lines, result.customs_value, strict=True):
        amount, text = _line_duty(case, result, line, value, high)
        amounts.append(amount)
        texts.append(text)
    settled = rounded(amounts, case.duty_rounding, minor, texts)
    for line, value, text, amount in zip(case.lines, result.customs_value, texts, settled, strict=True):
        if amount is not None:
            source = line.rate_source or duty.source
            mark(
                result,
                "duty",
                "customs value x rate",
                value,
                text,
                amount,
                source,
                case.duty_rounding,
                line.id,
            )
    result.duty = waive(settled, duty.waived_up_to, "duty", result, duty.source)


def _line_duty(
    case: AssessmentInput, result: Scenario, line: AssessmentLine, value: Decimal | None, high: bool
) -> tuple[Decimal | None, str]:
    """The lowest or highest duty among the rates the line may bear, unrounded, and the rate's text."""
    if not line.rates:
        result.gaps.append(Undetermined("duty", line.id, line.rate_needs or ("line.hs_code",)))
        return None, ""
    if value is None:
        result.gaps.append(Undetermined("duty", line.id, ("line.customs_value",)))
        return None, ""
    quantities = {"pieces": Decimal(line.quantity), **line.quantities}
    if line.net_weight_g is not None:
        quantities.setdefault("kg", Decimal(line.net_weight_g).scaleb(-3))
    if line.gross_weight_g is not None:
        quantities.setdefault("kg_gross", Decimal(line.gross_weight_g).scaleb(-3))
    found = [
        (rate.duty(value, quantities, currency=case.currency, convert=case.convert), str(rate))
        for rate in line.rates
    ]
    lacking = Missing.union(amount for amount, _ in found)
    if lacking:
        result.gaps.append(Undetermined("duty", line.id, lacking.needs))
        return None, ""
    settled = [(amount, text) for amount, text in found if isinstance(amount, Decimal)]
    result.open |= len({amount for amount, _ in settled}) > 1
    return (max if high else min)(settled, key=lambda pair: pair[0])


def _flat(case: AssessmentInput, result: Scenario, minor: Decimal, high: bool) -> Shares:
    """The flat amount of each item, shared by its lines in proportion to their value."""
    duty = case.duty
    few, most = count_items(case.lines, duty.digits)
    result.open |= few != most
    items = assign_items(case.lines, duty.digits, fewest=not high)
    shares: list[Decimal | None] = [Decimal(0)] * len(case.lines)
    for item in dict.fromkeys(items):
        members = [index for index, name in enumerate(items) if name == item]
        parts = apportion(duty.amount, [case.lines[i].goods_value for i in members], minor)
        for index, part in zip(members, parts, strict=True):
            shares[index] = part
    count = Decimal(len(set(items)))
    text = f"{duty.amount} {case.currency} per item of {duty.digits} digits"
    mark(result, "duty", "items x amount", count, text, count * duty.amount, duty.source, None, None)
    return waive(shares, duty.waived_up_to, "duty", result, duty.source)


def _charges(case: AssessmentInput, result: Scenario, minor: Decimal, high: bool) -> None:
    in_base: list[Decimal | None] = [Decimal(0)] * len(case.lines)
    totals: list[Decimal | None] = []
    for charge in case.charges:
        count = _units(case, charge, result, high)
        if count is None:
            totals.append(None)
            gap = Undetermined(f"charge {charge.code}", None, ("consignment.parcels",))
            result.gaps.append(gap)
            in_base = [None] * len(in_base) if charge.in_vat_base else in_base
            continue
        amount = round_to(count * charge.amount, minor)
        totals.append(amount)
        mark(
            result,
            "charge",
            f"{charge.unit} count x amount",
            count,
            charge.code,
            amount,
            charge.source,
            None,
            None,
        )
        if charge.in_vat_base:
            parts = apportion(amount, [line.goods_value for line in case.lines], minor)
            in_base = [None if old is None else old + part for old, part in zip(in_base, parts, strict=True)]
    result.charges = tuple(totals)
    result.charge_shares = tuple(in_base)


def _units(case: AssessmentInput, charge: Charge, result: Scenario, high: bool) -> Decimal | None:
    if charge.unit == "item":
        few, most = count_items(case.lines, charge.digits)
        result.open |= few != most
        return Decimal(most if high else few)
    if charge.unit == "parcel":
        return None if case.parcels is None else Decimal(case.parcels)
    return Decimal(len(case.lines) if charge.unit == "line" else 1)


def _vat(
    case: AssessmentInput, result: Scenario, freight: Shares, insurance: Shares, minor: Decimal, high: bool
) -> None:
    if case.vat.method == "none":
        result.vat_base = result.vat = tuple(Decimal(0) for _ in case.lines)
        mark(result, "vat", "none", None, "", Decimal(0), case.vat.source, None, None)
        return
    bases = (
        _sale_bases(case, minor)
        if case.vat.method == "at_sale"
        else _import_bases(case, result, freight, insurance)
    )
    percents = [_percent(line, result, high) for line in case.lines]
    rule = case.vat_base_rounding
    bases = rounded(bases, rule, minor, percents) if rule else bases
    amounts = [
        None if base is None or percent is None else base * percent.scaleb(-2)
        for base, percent in zip(bases, percents, strict=True)
    ]
    settled = rounded(amounts, case.vat_rounding, minor, percents)
    for line, base, percent, amount in zip(case.lines, bases, percents, settled, strict=True):
        if base is not None:
            text = "price" if case.vat.method == "at_sale" else "customs value + duty + charges + transport"
            mark(result, "vat_base", text, None, "", base, case.vat.source, rule, line.id)
        if amount is not None:
            source = line.vat_source or case.vat.source
            mark(
                result, "vat", "base x rate", base, f"{percent}%", amount, source, case.vat_rounding, line.id
            )
    result.vat_base = tuple(bases)
    result.vat = waive(settled, case.vat.waived_up_to, "vat", result, case.vat.source)


def _percent(line: AssessmentLine, result: Scenario, high: bool) -> Decimal | None:
    percent = line.vat_percent
    if percent is None:
        result.gaps.append(Undetermined("vat", line.id, line.vat_needs or ("line.vat_percent",)))
        return None
    if isinstance(percent, Bounds):
        result.open |= percent.low != percent.high
        return percent.high if high else percent.low
    return percent


def _sale_bases(case: AssessmentInput, minor: Decimal) -> list[Decimal | None]:
    """Price of the goods plus delivery, shared by price: what the buyer pays the supplier.

    Import charges are in the base of import VAT only (Directive 2006/112/EC art. 73 and 86).
    """
    prices = [line.goods_value if line.sale_price is None else line.sale_price for line in case.lines]
    delivery = case.freight if case.delivery_price is None else case.delivery_price
    shares = apportion(delivery, prices, minor)
    return [price + share for price, share in zip(prices, shares, strict=True)]


def _import_bases(
    case: AssessmentInput, result: Scenario, freight: Shares, insurance: Shares
) -> list[Decimal | None]:
    """Customs value, duty, charges and the transport that is not in the customs value yet."""
    counted = {"cif": case.freight_share, "fob": Decimal(0), "to_door": Decimal(1)}[case.value_basis]
    rest = Decimal(1) - counted if case.vat.transport_in_base else Decimal(0)
    uninsured = Decimal(1) if case.value_basis == "fob" and case.vat.transport_in_base else Decimal(0)
    bases: list[Decimal | None] = []
    for line, value, duty, extra, carried, covered in zip(
        case.lines, result.customs_value, result.duty, result.charge_shares, freight, insurance, strict=True
    ):
        if value is None or duty is None or extra is None or carried is None or covered is None:
            bases.append(None)
            result.gaps.append(Undetermined("vat", line.id, ()))
        else:
            bases.append(value + duty + extra + carried * rest + covered * uninsured)
    return bases
