"""VAT numbers: prefix, structure and check digits. Whether a number is registered only a register knows."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from customs.numbers.clean import LONGEST, bare, plain
from customs.numbers.countries import is_country, read_country
from customs.numbers.tables import Prefix, blocks, prefixes, prefixes_of
from customs.numbers.verdict import Verdict

__all__ = ["vat_number"]

_BASE_DIGITS = 7  # of a British number, before the check digits


def vat_number(number: str, country: str | None = None) -> Verdict:
    """Judge a VAT number of a country; without a country its prefix says whose it is.

    >>> vat_number("gr 094259216").compact, vat_number("DE136695976", "FR").reason
    ('EL094259216', 'wrong_country')
    """
    text = bare(number)
    asked = read_country(country)
    home = _home(asked) if asked else None
    early = _early(text, asked, home)
    if early is not None:
        return replace(early, country=early.country or home)
    if asked is None:
        written = _written(text)
        if written is None:
            return Verdict(None, "missing_country", text)
        return _judge(written, text[len(written.prefix) :])
    allowed = prefixes_of(asked)
    return _of_country(text, allowed) if allowed else _elsewhere(text, asked)


def _early(text: str, asked: str | None, home: str | None) -> Verdict | None:
    if not text:
        return Verdict(False, "empty", "", home)
    if asked and not prefixes_of(asked) and not is_country(asked):
        return Verdict(False, "unknown_country", text)
    if len(text) > LONGEST:
        return Verdict(False, "bad_length", text[:LONGEST], home)
    if not plain(text):
        return Verdict(False, "bad_format", text, home)
    return None


def _home(asked: str) -> str | None:
    allowed = prefixes_of(asked)
    return (prefixes()[allowed[0]].home or None) if allowed else asked


def _written(text: str) -> Prefix | None:
    """The longest known prefix a number begins with."""
    table = prefixes()
    return next((table[text[:size]] for size in (3, 2) if text[:size] in table), None)


def _of_country(text: str, allowed: tuple[str, ...]) -> Verdict:
    """With one of the country's prefixes, without any, or with a prefix that contradicts it.

    A national number may begin with letters that look like a prefix (French keys do), so that
    one which is right without a prefix is never refused for them.
    """
    home = prefixes()[allowed[0]]
    written = _written(text)
    if written is None:
        return _judge(home, text)
    rest = text[len(written.prefix) :]
    named = _judge(written, rest)
    if written.prefix in allowed and named.valid:
        return named
    if not (named.valid and written.prefix not in allowed):
        unnamed = _judge(home, text)
        if unnamed.valid:
            return unnamed
        if written.prefix in allowed:
            return named
        if named.reason != "bad_checksum" and not rest[:1].isdigit():
            return unnamed
    return replace(named, valid=False, reason="wrong_country")


def _elsewhere(text: str, country: str) -> Verdict:
    """A country without a row of its own: its tax number in python-stdnum, if there is one."""
    from stdnum import get_cc_module

    module = get_cc_module(country.lower(), "vat")
    written = _written(text)
    if module is not None:
        first = _ask(module, text)
        if first[0] != "ok" and text.startswith(country):
            second = _ask(module, text[len(country) :])
            first = second if second[0] == "ok" else first
        if first[0] == "ok" or written is None:
            return Verdict(first[0] == "ok", first[0], first[1], country, basis=f"stdnum.{country.lower()}")
    if written is not None and _judge(written, text[len(written.prefix) :]).valid:
        return Verdict(False, "wrong_country", text, written.home or None, written.scheme)
    if module is not None:
        return Verdict(False, first[0], first[1], country, basis=f"stdnum.{country.lower()}")
    return Verdict(None, "no_check", text, country)


def _judge(row: Prefix, rest: str) -> Verdict:
    compact = row.canonical + rest
    verdict = Verdict(
        False,
        "ok",
        compact,
        row.home or None,
        row.scheme,
        f"stdnum.{row.module}" if row.module else "structure",
    )
    if row.suffixes and not rest.endswith(row.suffixes):
        whole = _judge(row, rest + row.suffixes[0])
        return replace(verdict, reason="missing_suffix" if whole.valid else whole.reason)
    reason, body = _structure(row, rest) if not row.module else _checked(row, rest)
    if reason == "ok" and not row.shape.fullmatch(body):
        reason = "bad_format"
    if reason == "ok" and (_nothing(body) or _unused(row, body)):
        reason = "not_allocated"
    if reason != "ok":
        return replace(verdict, reason=reason)
    return replace(verdict, valid=True, compact=row.canonical + body, vies=row.vies)


def _structure(row: Prefix, rest: str) -> tuple[str, str]:
    return ("ok", rest) if row.shape.fullmatch(rest) else ("bad_format", rest)


def _checked(row: Prefix, rest: str) -> tuple[str, str]:
    """The prefix is put before the rest again, so that a check which takes one away takes that one."""
    from stdnum import get_cc_module

    module = _oss() if row.module == "eu.oss" else get_cc_module(row.module, "vat")
    assert module is not None, row.module
    before = "" if row.module in _BARE else row.canonical
    reason, body = _ask(module, before + rest)
    return reason, body.removeprefix(row.canonical) if reason == "ok" else rest


_BARE = frozenset({"sm"})  # python-stdnum knows these numbers without a prefix only


def _oss() -> Any:
    from stdnum.eu import oss

    return oss


def _ask(module: Any, text: str) -> tuple[str, str]:
    from stdnum import exceptions

    try:
        return "ok", str(module.validate(text))
    except exceptions.InvalidLength:
        return "bad_length", text
    except exceptions.InvalidFormat:
        return "bad_format", text
    except exceptions.InvalidChecksum:
        return "bad_checksum", text
    except exceptions.ValidationError:
        return "bad_component", text
    except (ValueError, IndexError, KeyError):  # a check that was not made for such text
        return "bad_format", text


def _nothing(body: str) -> bool:
    """Whether every digit is a zero: check digits of nothing come out right in many countries."""
    return {letter for letter in body if letter.isdecimal()} == {"0"}


def _unused(row: Prefix, body: str) -> bool:
    """Whether a number lies in a block that is never given out."""
    listed = blocks(row.module)
    if not listed or not body.isdecimal():
        return False
    from stdnum.gb.vat import checksum

    base, remainder = int(body[:_BASE_DIGITS]), checksum(body[:9])
    return any(block.remainder == remainder and block.first <= base <= block.last for block in listed)
