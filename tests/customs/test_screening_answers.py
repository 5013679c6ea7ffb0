"""What is made of likeness: clear, possible or hit, by other identifiers and by what was cleared before."""

import random
import re
import stat
import tempfile
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from customs.screening import (
    CLEARANCES,
    Clearance,
    ListedName,
    ListedParty,
    Party,
    PartyList,
    Policy,
    Screener,
    add_clearance,
    answer,
    read_clearances,
)
from customs.screening.fold import folded
from customs.screening.likeness import compare
from domain import InputError

POLICY = Policy(hit=0.95, possible=0.90, possible_identified=0.85, years=1)


def listed(*parties: ListedParty, version: str = "v1", ident: str = "demo") -> PartyList:
    return PartyList(ident, "opensanctions", version, None, parties)


def person(
    ident: str, *names: str, weak: tuple[str, ...] = (), born: int | None = None, **more
) -> ListedParty:
    every = (*map(ListedName, names), *(ListedName(name, weak=True) for name in weak))
    return ListedParty(ident, "person", every, frozenset({born} if born else ()), **more)


QUILL = person("q", "Zebulon Quillfeather", weak=("Zeb Quill",), born=1961, countries=frozenset({"NO"}))
ALI = person("a", "Hamza", born=1970)
WORKS = ListedParty("w", "entity", (ListedName("Fictonia GmbH"), ListedName("Fictonia Heavy Works")))
SHIP = ListedParty("s", "vessel", (ListedName("Natalia"),), countries=frozenset({"PW"}))
SCREENER = Screener([listed(QUILL, ALI, WORKS, SHIP)])


@pytest.mark.parametrize(
    ("party", "status", "reason"),
    [
        (Party("Zebulon Quillfeather"), "hit", "same_name"),
        (Party("quillfeather zebulon", birth_year=1962), "hit", "same_name_identified"),
        (Party("Zebulon Quillfeather", birth_year=1963), "possible", "differs_in_birth_year"),
        (Party("Zebulon Quillfeather", kind="entity"), "possible", "differs_in_kind"),
        (Party("Zebulon Quillfeather", "FR"), "hit", "same_name"),
        (Party("Zebulon Quilfeather"), "possible", "like_name"),
        (Party("Zebulon Quilfeather", "NO"), "hit", "likely_name_identified"),
        (Party("Zebulon Quilfeather", birth_year=1990), "possible", "differs_in_birth_year"),
        (Party("Zebulun Quilfeder", birth_year=1990), "clear", "nothing_alike"),
        (Party("Zeb Quill"), "clear", "nothing_alike"),
        (Party("Zeb Quill", "NO"), "possible", "weak_alias_identified"),
        (Party("Z. Quillfeather"), "clear", "nothing_alike"),
        (Party("Z. Quillfeather", birth_year=1961), "possible", "one_word_identified"),
        (Party("Hamza"), "clear", "nothing_alike"),
        (Party("Hamza", birth_year=1970), "possible", "one_word_identified"),
        (Party("Fictonia Ltd"), "possible", "same_word"),
        (Party("Fictonia Ltd", kind="person"), "clear", "nothing_alike"),
        (Party("Fictonya Ltd"), "clear", "nothing_alike"),
        (Party("Natalia"), "possible", "same_word"),
        (Party("Natalia", "PW", kind="person"), "clear", "nothing_alike"),
        (Party("Jo Demo", "NO", 1961), "clear", "nothing_alike"),
    ],
)
def test_a_name_is_weighed_with_what_else_is_known(party, status, reason):
    found = SCREENER.screen(party, POLICY)
    assert (found.status, found.reason) == (status, reason)
    assert bool(found.matches) == (status != "clear")


@pytest.mark.parametrize(
    ("policy", "status"),
    [
        (Policy(0.95, 0.90, 0.85, 1), "possible"),
        (Policy(0.95, 0.99, 0.85, 1), "clear"),
    ],
)
def test_the_likeness_from_which_somebody_looks_is_given_from_outside(policy, status):
    assert SCREENER.screen(Party("Zebulon Quilfeather"), policy).status == status


def test_the_score_at_a_threshold_counts():
    score = SCREENER.screen(Party("Zebulon Quilfeather"), POLICY).score
    assert SCREENER.screen(Party("Zebulon Quilfeather"), Policy(1, score, 1, 0)).status == "possible"
    assert SCREENER.screen(Party("Zebulon Quilfeather"), Policy(1, score + 1e-9, 1, 0)).status == "clear"


def test_the_gravest_match_comes_first_and_each_party_once():
    two = Screener([listed(person("near", "Zebulon Quilfeather")), listed(QUILL, ident="other")])
    found = two.screen(Party("Zebulon Quillfeather"), POLICY)
    assert [(match.list_id, match.status) for match in found.matches] == [
        ("other", "hit"),
        ("demo", "possible"),
    ]
    assert found.versions == {"demo": "v1", "other": "v1"}


def test_a_broken_list_is_not_screened_against():
    from customs.screening import Flaw

    bad = PartyList(
        "demo", "eu", "v1", None, (QUILL,), (Flaw("eu.xml", 3, "nameAlias", "the name is empty"),)
    )
    with pytest.raises(InputError) as caught:
        Screener([bad])
    assert caught.value.place == "eu.xml:3 (nameAlias)"


# -- what the index leaves out, comparing with everything does not find either ----------------------


def _noise(rng: random.Random, syllables: list[str]) -> str:
    return "".join(rng.choice(syllables) for _ in range(rng.choice((2, 2, 3, 4))))


def _slips(rng: random.Random, name: str, count: int) -> str:
    letters = list(name)
    for _ in range(count):
        at = rng.choice([at for at, letter in enumerate(letters) if letter != " "])
        letters[at] = rng.choice("aeioukmnrst")
    return "".join(letters)


@pytest.mark.parametrize(("slips", "missed_percent"), [(0, 0), (1, 2), (2, 8)])
def test_the_index_finds_what_comparing_with_every_name_finds(slips, missed_percent, record_property):
    """Two slips in one short word may leave no trace of it; such names are no longer found by that word."""
    rng = random.Random(2026)
    syllables = re.findall(
        "[a-z]+", "mo ham med ali ova sch mid ter son gar lo pez fer nan li wei zhang iv kha"
    )
    words = [_noise(rng, syllables) for _ in range(250)]
    parties = [person(str(n), " ".join(rng.choices(words, k=rng.choice((2, 2, 3))))) for n in range(600)]
    screener = Screener([listed(*parties)])
    wanted = missed = 0
    for _ in range(200):
        source = rng.choice(parties)
        name = _slips(rng, source.names[0].text, slips)
        found = compare(folded(name), folded(source.names[0].text))
        if found.score >= POLICY.possible and not found.thin:
            wanted += 1
            matches = screener.screen(Party(name), POLICY).matches
            missed += source not in [match.party for match in matches]
    record_property("said", f"screening index: {missed} of {wanted} slipped names missed after {slips} slips")
    assert wanted > 60
    assert missed * 100 <= wanted * missed_percent


def test_a_question_looks_at_a_few_names_only():
    rng = random.Random(7)
    syllables = [a + b for a in "bdfghklmnprstvz" for b in "aeiou"]
    parties = [person(str(n), f"{_noise(rng, syllables)} {_noise(rng, syllables)}") for n in range(5000)]
    index = Screener([listed(*parties, QUILL)])._index
    assert len(index) == 5002
    near = index.near(folded("Zebulon Quilfeather"))
    assert QUILL in {candidate.party for candidate in near}
    assert len(near) < 100


# -- clearances -------------------------------------------------------------------------------------


def cleared(name: str, version: str = "v1") -> Clearance:
    match = Screener([listed(QUILL, version=version)]).screen(Party(name), POLICY).matches[0]
    return Clearance.of(name, match, "J. Doe", date(2026, 11, 20), "another birth date in the passport")


def test_a_hit_that_was_cleared_is_clear_and_says_who_cleared_it():
    screener = Screener([listed(QUILL)], [cleared("Zebulon Quillfeather")])
    found = screener.screen(Party("QUILLFEATHER, Zebulon"), POLICY)
    assert (found.status, found.reason) == ("clear", "cleared")
    body: Any = found.to_json()
    (match,) = body["matches"]
    assert match["cleared"] == {
        "by": "J. Doe",
        "on": "2026-11-20",
        "reason": "another birth date in the passport",
    }
    assert match["score"] == "1.0000"


def test_a_newer_list_asks_again():
    screener = Screener([listed(QUILL, version="v2")], [cleared("Zebulon Quillfeather")])
    assert screener.screen(Party("Zebulon Quillfeather"), POLICY).status == "hit"


def test_another_name_and_another_entry_are_not_cleared_with_it():
    clearance = cleared("Zebulon Quillfeather")
    screener = Screener([listed(QUILL, person("q2", "Zebulon Quillfeather"))], [clearance])
    found = screener.screen(Party("Zebulon Quillfeather"), POLICY)
    assert [(match.party.id, match.status) for match in found.matches] == [("q2", "hit"), ("q", "clear")]
    assert (
        Screener([listed(QUILL)], [clearance]).screen(Party("Zebulon Quilfeather"), POLICY).status
        == "possible"
    )


def test_clearances_are_written_whole_and_read_back(tmp_path: Path):
    first, second = cleared("Zebulon Quillfeather"), cleared("Zebulon Quilfeather")
    path = add_clearance(tmp_path, [first])
    path.chmod(0o640)
    add_clearance(tmp_path, [second])
    assert read_clearances(CLEARANCES, path.read_text(encoding="utf-8")) == ((first, second), ())
    assert [each.name for each in tmp_path.iterdir()] == [CLEARANCES]
    assert stat.S_IMODE(path.stat().st_mode) == 0o640


def test_clearing_twice_is_told_and_changes_nothing(tmp_path: Path):
    path = add_clearance(tmp_path, [cleared("Zebulon Quillfeather")])
    before = path.read_bytes()
    with pytest.raises(InputError) as caught:
        add_clearance(tmp_path, [cleared("Zebulon Quilfeather"), cleared("quillfeather ZEBULON")])
    assert caught.value.code == "screening.cleared_twice"
    assert path.read_bytes() == before


def test_when_writing_fails_the_old_file_stands(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    path = add_clearance(tmp_path, [cleared("Zebulon Quillfeather")])
    before = path.read_bytes()

    def fail(self: Path, target: Path) -> None:
        raise OSError("disk full")

    monkeypatch.setattr(Path, "replace", fail)
    with pytest.raises(OSError, match="disk full"):
        add_clearance(tmp_path, [cleared("Zebulon Quilfeather")])
    assert path.read_bytes() == before
    assert len(list(tmp_path.iterdir())) == 1


def test_a_clearance_that_somebody_else_wrote_meanwhile_is_not_lost(tmp_path: Path, monkeypatch):
    path = add_clearance(tmp_path, [cleared("Zebulon Quillfeather")])
    other = path.read_text(encoding="utf-8") + ROW.replace(",q,", ",other,")
    make = tempfile.mkstemp

    def meanwhile(**given: Any) -> Any:
        path.write_text(other, encoding="utf-8")
        return make(**given)

    monkeypatch.setattr(tempfile, "mkstemp", meanwhile)
    with pytest.raises(InputError) as caught:
        add_clearance(tmp_path, [cleared("Zebulon Quilfeather")])
    assert caught.value.cure == "try again"
    assert path.read_text(encoding="utf-8") == other
    assert len(list(tmp_path.iterdir())) == 1


HEAD = "name_key,list,entry,list_version,cleared_by,cleared_on,reason\n"
ROW = "quillfeather zebulon,demo,q,v1,J. Doe,2026-11-20,why\n"


@pytest.mark.parametrize(
    ("text", "flaw"),
    [
        ("a,b\n", "clearances.csv:1: the header is not right"),
        (HEAD + "a,b\n", "clearances.csv:2: 2 cells, not 7"),
        (HEAD + ROW.replace("J. Doe", " "), "clearances.csv:2 (cleared_by): cleared_by cannot be read"),
        (
            HEAD + ROW.replace("2026-11-20", "20/11/2026"),
            "clearances.csv:2 (cleared_on): cleared_on cannot be read",
        ),
        (HEAD + ROW + ROW, "clearances.csv:3 (entry): this name and entry are cleared twice"),
        (HEAD + '"x', "clearances.csv:2: not readable as CSV"),
    ],
)
def test_a_broken_clearance_is_named_and_nothing_is_added_to_it(text, flaw, tmp_path: Path):
    _, flaws = read_clearances(CLEARANCES, text)
    assert str(flaws[0]).startswith(flaw)
    (tmp_path / CLEARANCES).write_text(text, encoding="utf-8")
    with pytest.raises(InputError) as caught:
        add_clearance(tmp_path, [cleared("Zebulon Quilfeather")])
    assert caught.value.code == "screening.clearances"
    assert (tmp_path / CLEARANCES).read_text(encoding="utf-8") == text


# -- the contract -----------------------------------------------------------------------------------


def test_the_answer_has_stable_keys():
    body: Any = answer(
        {"name": "Zebulon Quilfeather", "country": "Norway", "birth_year": 1961}, SCREENER, POLICY
    )
    assert list(body) == ["status", "score", "matches", "because", "lists"]
    (match,) = body["matches"]
    assert match == {
        "status": "hit",
        "score": match["score"],
        "name": "Zebulon Quillfeather",
        "strength": "strong",
        "kind": "person",
        "list": "demo",
        "list_version": "v1",
        "id": "q",
        "programmes": [],
        "reason": "likely_name_identified",
        "agree": ["birth_year", "country"],
        "differ": [],
    }
    assert 0.95 <= float(match["score"]) < 1
    assert body["score"] == match["score"]


@pytest.mark.parametrize(
    ("query", "code", "place"),
    [
        ({}, "screening.bad_name", "/name"),
        ({"name": 5}, "screening.bad_name", "/name"),
        ({"name": "  "}, "screening.bad_name", "/name"),
        ({"name": "?!"}, "screening.bad_name", "/name"),
        ({"name": "Secretname " * 100}, "screening.bad_name", "/name"),
        ({"name": "Secretname", "countri": "FR"}, "screening.unknown_field", "/countri"),
        ({"name": "Secretname", "country": "QQ"}, "screening.bad_country", "/country"),
        ({"name": "Secretname", "country": 5}, "screening.bad_country", "/country"),
        ({"name": "Secretname", "birth_year": "1970"}, "screening.bad_birth_year", "/birth_year"),
        ({"name": "Secretname", "birth_year": 70}, "screening.bad_birth_year", "/birth_year"),
        ({"name": "Secretname", "birth_year": True}, "screening.bad_birth_year", "/birth_year"),
        ({"name": "Secretname", "kind": "robot"}, "screening.bad_kind", "/kind"),
    ],
)
def test_a_question_that_cannot_be_read_is_refused_without_repeating_the_name(query, code, place):
    with pytest.raises(InputError) as caught:
        answer(query, SCREENER, POLICY)
    assert (caught.value.code, caught.value.place) == (code, place)
    assert caught.value.cure
    assert "Secretname" not in str(caught.value)
