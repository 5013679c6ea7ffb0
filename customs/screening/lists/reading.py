"""What the readers of all formats share: text, years, countries, versions, the collector of flaws."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache, lru_cache
from hashlib import sha256

from customs.screening.fold import folded
from customs.screening.model import Flaw, ListedName, ListedParty, PartyList
from customs.screening.words import rows, spelled_out

__all__ = ["Draft", "Row", "as_text", "country_code", "cut", "day_of", "table", "years_in"]

_YEAR = re.compile(r"(?<!\d)(1[89]\d\d|20\d\d)(?!\d)")
_SPAN = re.compile(r"(?<!\d)(1[89]\d\d|20\d\d)\s*(?:-|\u2013|to|and)\s*(1[89]\d\d|20\d\d)(?!\d)")
_ABOUT = re.compile(r"\b(?:circa|ca\.?|approx\w*|about)\b", re.IGNORECASE)
_ROUGHLY = 2
"""Years on either side of one that a list calls approximate."""
_NO_DATE = re.compile(r"[dmy/\s.-]*", re.IGNORECASE)
_SHOWN = 12
_HASH = 12


def cut(text: str) -> str:
    """The beginning of a value, for messages."""
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}..."


def years_in(text: str) -> frozenset[int]:
    """The years a text names, those between two of them, and those around an approximate one.

    >>> sorted(years_in("dd/mm/1970")), sorted(years_in("1961 to 1963")), len(years_in("circa 1960"))
    ([1970], [1961, 1962, 1963], 5)
    """
    found = {int(year) for year in _YEAR.findall(text)}
    for first, last in _SPAN.findall(text):
        found.update(range(int(first), int(last) + 1))
    if _ABOUT.search(text):
        found.update(*(range(year - _ROUGHLY, year + _ROUGHLY + 1) for year in tuple(found)))
    return frozenset(found)


def day_of(text: str) -> date | None:
    """The day a text begins with, ISO or day first; None where it holds none."""
    for form, width in (("%Y-%m-%d", 10), ("%d/%m/%Y", 10), ("%d-%b-%Y", 11), ("%d %b %Y", 11)):
        try:
            return datetime.strptime(text.strip()[:width], form).date()  # noqa: DTZ007 - a day, no instant
        except ValueError:
            continue
    return None


@cache
def _country_names() -> dict[str, str]:
    import pycountry

    found: dict[str, str] = {}
    for country in pycountry.countries:
        for name in ("name", "common_name", "official_name"):
            if text := getattr(country, name, None):
                found[" ".join(folded(text).full)] = country.alpha_2
        found[country.alpha_2.lower()] = country.alpha_2
        found[country.alpha_3.lower()] = country.alpha_2
    for row in rows("screening_countries.csv"):
        found[" ".join(folded(row["name"]).full)] = row["country"]
    return found


@lru_cache(maxsize=4096)
def country_code(text: str) -> str | None:
    """The ISO 3166-1 alpha-2 code of a country by code or English name; None where nobody knows it."""
    return _country_names().get(" ".join(folded(text).full))


@dataclass(slots=True)
class Draft:
    """A list while it is read."""

    id: str
    format: str
    file: str
    published: date | None = None
    parties: dict[str, ListedParty] = field(default_factory=dict)
    flaws: list[Flaw] = field(default_factory=list)

    def wrong(self, line: int, column: str, cause: str, cure: str = "") -> None:
        """A row, or a part of one, that cannot be used."""
        self.flaws.append(Flaw(self.file, line, column, cause, cure))

    def note(self, line: int, column: str, cause: str) -> None:
        """Something odd that hides no name."""
        self.flaws.append(Flaw(self.file, line, column, cause, "", note=True))

    def add(self, party: ListedParty, line: int, column: str) -> None:
        """Take a party in; one without a name, or whose id stands already, is broken."""
        if not party.id:
            self.wrong(line, column, "the entry has no id")
        elif party.id in self.parties:
            self.wrong(line, column, f"listed party {party.id!r} stands twice", "keep one of them")
        elif not any(spelled_out(name.text) for name in party.names):
            self.wrong(line, column, f"listed party {party.id!r} has no name that can be read")
        else:
            self.parties[party.id] = party

    def countries(self, texts: Iterable[str], line: int, column: str) -> frozenset[str]:
        """Codes of the countries named; a name nobody knows is noted."""
        found = set()
        for text in texts:
            if not text.strip():
                continue
            code = country_code(text)
            if code is None:
                self.note(line, column, f"no country is known as {cut(text.strip())!r}")
            else:
                found.add(code)
        return frozenset(found)

    def years(self, texts: Iterable[str], line: int, column: str) -> frozenset[int]:
        """Years of birth. A text that holds none is noted, a placeholder (``dd/mm/yyyy``) is not: without a
        year the name is compared by itself, which is the careful side."""
        found: set[int] = set()
        for text in texts:
            here = years_in(text)
            if not here and not _NO_DATE.fullmatch(text):
                self.note(line, column, f"{cut(text)!r} is no date of birth")
            found |= here
        return frozenset(found)

    def done(self, *contents: bytes) -> PartyList:
        """The list, versioned by its day and its content (line ends do not count)."""
        digest = sha256(b"\0".join(body.replace(b"\r\n", b"\n") for body in contents)).hexdigest()[:_HASH]
        day = self.published.isoformat() if self.published else "undated"
        return PartyList(
            self.id,
            self.format,
            f"{day}.{digest}",
            self.published,
            tuple(self.parties.values()),
            tuple(self.flaws),
        )


def named(strong: Iterable[str], weak: Iterable[str] = ()) -> tuple[ListedName, ...]:
    """Names once each, strong ones first; empty ones left out."""
    found: dict[str, ListedName] = {}
    for text in strong:
        if text := " ".join(text.split()):
            found.setdefault(text, ListedName(text))
    for text in weak:
        if text := " ".join(text.split()):
            found.setdefault(text, ListedName(text, weak=True))
    return tuple(found.values())


# -- CSV --------------------------------------------------------------------------------------------


def as_text(body: bytes, draft: Draft) -> str | None:
    """The file as text; None where it is not UTF-8, and the line is named."""
    try:
        return body.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        draft.wrong(
            body[: error.start].count(b"\n") + 1, "", "the text is not UTF-8", "save the file as UTF-8"
        )
        return None


@dataclass(frozen=True, slots=True)
class Row:
    """One row: the line it starts in and its cells by column."""

    line: int
    cells: dict[str, str]

    def __getitem__(self, column: str) -> str:
        return self.cells.get(column, "")


def table(text: str | None, columns: Sequence[str], draft: Draft, *, head: int | None = 1) -> Iterator[Row]:
    """The rows of a CSV text under a header that holds at least these columns; others are carried along.

    ``head`` is the line of the header, None where the file has none and ``columns`` are all of them.
    A row of another width is broken and left out.
    """
    if text is None:
        return
    texts = text.splitlines(keepends=True)
    reader = csv.reader(texts[head - 1 :] if head else texts, strict=True)
    offset = head - 1 if head else 0
    try:
        header = [name.strip() for name in next(reader, [])] if head else list(columns)
        missing = [name for name in columns if name not in header]
        for name in missing:
            draft.wrong(
                offset + 1, name, f"column {name!r} is missing", "is the file of the format you named?"
            )
        if missing:
            return
        line = offset + reader.line_num + 1
        for cells in reader:
            if cells == ["\x1a"]:  # end-of-file mark of old tables
                continue
            if cells and len(cells) != len(header):
                cause = f"{len(cells)} cells where there are {len(header)} columns"
                draft.wrong(line, "", cause, "quote a cell that holds a comma")
            elif cells:
                yield Row(line, {name: cell.strip() for name, cell in zip(header, cells, strict=True)})
            line = offset + reader.line_num + 1
    except csv.Error as error:
        draft.wrong(offset + reader.line_num, "", f"not readable as CSV: {error}", "close the quotes")
