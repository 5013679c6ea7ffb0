"""Published lists: each format from a small true sample (the parties are invented), each broken row named."""

from datetime import date
from pathlib import Path

import pytest

from customs.screening import ListedParty, PartyList, read_lists
from domain import InputError

SAMPLES = Path(__file__).parent / "screening_lists"


def sample(*names: str) -> dict[str, bytes]:
    return {name: (SAMPLES / name).read_bytes() for name in names}


def read(*names: str, form: str = "auto") -> PartyList:
    (found,) = read_lists(sample(*names), form)
    return found


def broken(name: str, old: str, new: str, *beside: str) -> PartyList:
    files = sample(name, *beside)
    text = files[name].decode()
    assert text.count(old) >= 1
    (found,) = read_lists({**files, name: text.replace(old, new, 1).encode()})
    return found


def party(found: PartyList, ident: str) -> ListedParty:
    (one,) = [each for each in found.parties if each.id == ident]
    return one


def names(one: ListedParty) -> dict[str, bool]:
    return {name.text: name.weak for name in one.names}


def test_the_eu_list():
    found = read("eu.xml")
    assert (found.id, found.format, found.published) == ("eu_fsf", "eu", date(2026, 11, 20))
    assert found.flaws == ()
    one = party(found, "901")
    assert (one.kind, one.birth_years, one.countries) == (
        "person",
        frozenset({1961}),
        frozenset({"IS", "NO"}),
    )
    assert names(one) == {"Balthazar Quandary": False, "Бальтазар Квандари": False, "Balty Quan": True}
    assert one.programmes == ("FIC",)
    assert (party(found, "902").kind, party(found, "902").countries) == ("entity", frozenset({"MT"}))


def test_the_un_list():
    found = read("un.xml")
    assert (found.id, found.published, found.flaws) == ("un_sc", date(2026, 11, 19), ())
    one = party(found, "7000001")
    assert names(one) == {
        "TARQUIN MOHAMMED HUSSEIN": False,
        "طارقين محمد حسين": False,
        "Tarquin al-Fictional": False,
        "Abu Tarquin": True,
    }
    assert (one.kind, one.birth_years, one.countries) == (
        "person",
        frozenset({1955, 1956, 1957}),
        frozenset({"NR", "PW"}),
    )
    assert names(party(found, "7000002")) == {"FIRST BANK OF ATLANTIS": False, "Atlantis First": False}


def test_the_british_list_has_a_row_a_name_under_a_line_of_metadata():
    found = read("uk.csv")
    assert (found.id, found.published, found.flaws) == ("uk_sanctions_list", date(2026, 11, 20), ())
    one = party(found, "FIC0001")
    assert names(one) == {
        "Percival Oswald Zamboni": False,
        "Persival Zambony": False,
        "Персиваль Замбони": False,
        "Percy Z": True,
    }
    assert (one.birth_years, one.countries, one.programmes) == (
        frozenset({1958}),
        frozenset({"KI", "FJ"}),
        ("Fiction",),
    )
    assert party(found, "FIC0002").countries == {"WS", "TO"}
    assert party(found, "FIC0003").kind == "vessel"


def test_the_british_list_is_read_without_its_first_line_too():
    text = (SAMPLES / "uk.csv").read_text(encoding="utf-8").partition("\n")[2]
    (found,) = read_lists({"uk.csv": text.encode()})
    assert len(found.parties) == 3
    assert found.published is None


def test_the_three_tables_of_ofac_are_one_list():
    found = read("SDN.CSV", "ALT.CSV", "ADD.CSV")
    assert (found.id, found.published, found.flaws) == ("ofac_sdn", None, ())
    one = party(found, "101")
    assert names(one) == {
        "PRETEND, Cosmo Adalbert": False,
        "FALSENAME, Cosmo": False,
        "COSMO THE PRETENDER": True,
    }
    assert (one.kind, one.birth_years, one.countries) == (
        "person",
        frozenset({1962, 1963}),
        frozenset({"TV", "VU"}),
    )
    assert one.programmes == ("FICTION", "MOCK")
    assert names(party(found, "102")) == {"MAKE BELIEVE SHIPPING CO.": False, "MAKEBELIEVE MARITIME": False}
    assert [each.kind for each in found.parties] == ["person", "entity", "vessel"]


def test_opensanctions():
    found = read("opensanctions.csv")
    assert (found.id, found.published) == ("opensanctions", date(2026, 11, 2))
    one = party(found, "fic-1")
    assert (one.kind, one.birth_years, one.countries) == (
        "person",
        frozenset({1949, 1950}),
        frozenset({"AT"}),
    )
    assert len(one.names) == 3
    assert [each.kind for each in found.parties] == ["person", "entity", "aircraft"]
    assert [str(flaw) for flaw in found.flaws] == [
        "opensanctions.csv:2 (countries): no country is known as 'suhh'"
    ]
    assert found.broken == ()


@pytest.mark.parametrize(
    ("name", "form"),
    [("eu.xml", "eu"), ("un.xml", "un"), ("uk.csv", "uk"), ("opensanctions.csv", "opensanctions")],
)
def test_a_format_that_is_named_reads_the_same_as_one_that_is_found(name, form):
    assert read(name, form=form) == read(name)


def test_any_change_of_content_is_another_version_and_a_line_end_is_none():
    body = (SAMPLES / "opensanctions.csv").read_bytes()
    (before,) = read_lists({"a.csv": body})
    (ends,) = read_lists({"a.csv": body.replace(b"\n", b"\r\n")})
    (after,) = read_lists({"a.csv": body.replace(b"FIC-2", b"FIC-3")})
    assert before.version == ends.version != after.version
    assert before.version.startswith("2026-11-02.")


BROKEN = [
    (
        "opensanctions.csv",
        '"fic-2"',
        '"fic-1"',
        "opensanctions.csv:3 (id): listed party 'fic-1' stands twice",
    ),
    ("opensanctions.csv", '"fic-2"', '""', "opensanctions.csv:3 (id): the entry has no id"),
    ("opensanctions.csv", '"XX-FAKE"', '""', "opensanctions.csv:4 (name): name is missing"),
    ("opensanctions.csv", '"XX-FAKE"', '"?!"', "opensanctions.csv:4 (id): listed party 'fic-3' has no name"),
    ("opensanctions.csv", '"Airplane"', '""', "opensanctions.csv:4 (schema): schema is missing"),
    ("opensanctions.csv", '"XX-FAKE",', "", "opensanctions.csv:4: 15 cells where there are 16 columns"),
    ("opensanctions.csv", '"fic-3"', '"fic-3', "opensanctions.csv:4: not readable as CSV"),
    ("uk.csv", "FIC0002", "", "uk.csv:6 (Unique ID): the row has no Unique ID"),
    ("uk.csv", "Entity", "Planet", "uk.csv:6 (Designation Type): unknown designation type 'Planet'"),
    ("uk.csv", "Percy Z", "", "uk.csv:4 (Name 6): the row has no name"),
    (
        "uk.csv",
        "Alias strength",
        "Alias power",
        "uk.csv:2 (Alias strength): column 'Alias strength' is missing",
    ),
    (
        "eu.xml",
        'code="person" classificationCode="P"',
        'code="robot"',
        "eu.xml:9 (subjectType): unknown subject",
    ),
    ("eu.xml", 'wholeName="Balty Quan"', 'wholeName=""', "eu.xml:12 (nameAlias): the name is empty"),
    (
        "eu.xml",
        'logicalId="902"',
        'logicalId="901"',
        "eu.xml:18 (logicalId): listed party '901' stands twice",
    ),
    ("eu.xml", "</export>", "", "eu.xml:24 (column 0): not readable as XML: no element found"),
    (
        "eu.xml",
        "<sanctionEntity designation",
        "<sanction<Entity designation",
        "eu.xml:4 (column 11): not readable",
    ),
    (
        "un.xml",
        "<DATAID>7000002",
        "<DATAID>7000001",
        "un.xml:25 (DATAID): listed party '7000001' stands twice",
    ),
    ("un.xml", "FIRST BANK OF ATLANTIS", "", "ok"),
]


@pytest.mark.parametrize(("name", "old", "new", "message"), BROKEN)
def test_each_broken_row_is_named_with_its_line_and_column(name, old, new, message):
    found = broken(name, old, new)
    if message == "ok":  # the entity still has an alias to be found by
        assert found.broken == ()
        return
    assert len(found.broken) == 1
    assert str(found.broken[0]).startswith(message)
    with pytest.raises(InputError) as caught:
        found.settled()
    assert caught.value.code == "screening.broken_list"
    assert caught.value.place == found.broken[0].place


@pytest.mark.parametrize(
    ("name", "old", "new", "message"),
    [
        ("SDN.CSV", '101,"PRE', 'x,"PRE', "SDN.CSV:1 (ent_num): 'x' is no entity number"),
        ("SDN.CSV", '"vessel"', '"ufo"', "SDN.CSV:3 (SDN_Type): unknown type 'ufo'"),
        ("ALT.CSV", "102,2", "999,2", "ALT.CSV:2 (ent_num): no entity '999' in the main table"),
        ("ADD.CSV", '101,1,"1 Nowhere",', "101,1,", "ADD.CSV:1: 5 cells where there are 6 columns"),
    ],
)
def test_a_broken_row_of_ofac_names_its_own_table(name, old, new, message):
    beside = [each for each in ("SDN.CSV", "ALT.CSV", "ADD.CSV") if each != name]
    found = broken(name, old, new, *beside)
    assert str(found.broken[0]).startswith(message)


def test_all_broken_rows_are_named_and_the_good_ones_kept():
    text = (SAMPLES / "opensanctions.csv").read_text(encoding="utf-8")
    (found,) = read_lists({"a.csv": text.replace("XX-FAKE", "").replace('"Company"', '""').encode()})
    assert [flaw.line for flaw in found.broken] == [3, 4]
    assert [each.id for each in found.parties] == ["fic-1", "fic-2"]


def test_aliases_of_ofac_must_stand_beside_and_addresses_may():
    found = read("SDN.CSV", "ADD.CSV")
    assert "the table of aliases is not beside it" in str(found.broken[0])
    assert read("SDN.CSV", "ALT.CSV").broken == ()


def test_a_british_birth_date_without_day_is_no_flaw_and_one_without_year_is_noted():
    found = broken("uk.csv", "dd/mm/1958", "spring")
    assert found.broken == ()
    assert [str(flaw) for flaw in found.flaws] == ["uk.csv:3 (D.O.B): 'spring' is no date of birth"]


def test_text_that_is_not_utf_8_is_named_with_its_line():
    body = (SAMPLES / "opensanctions.csv").read_bytes().replace(b"Cloud", b"Cl\xff\xffd")
    (found,) = read_lists({"a.csv": body}, "opensanctions")
    assert str(found.broken[0]) == "a.csv:3: the text is not UTF-8 (save the file as UTF-8)"


def test_a_document_type_or_an_entity_declaration_is_refused_unread():
    bomb = b'<!DOCTYPE export [<!ENTITY a "aaaa">]><export xmlns="http://eu.europa.ec/fpi/fsd/export">&a;</export>'
    (found,) = read_lists({"eu.xml": bomb})
    assert "document type" in str(found.broken[0])


def test_another_document_is_not_read_as_a_list():
    (found,) = read_lists({"a.xml": b"<html><sanctionEntity/></html>"}, "eu")
    assert "the document is a html, not a export" in str(found.broken[0])
    assert found.parties == ()


@pytest.mark.parametrize(
    ("files", "form", "code"),
    [
        ({"a.txt": b"hello"}, "auto", "screening.unknown_format"),
        ({"a.xml": b"<html/>"}, "auto", "screening.unknown_format"),
        ({"a.csv": b"id,schema"}, "pdf", "screening.unknown_format"),
        ({"ALT.CSV": b""}, "auto", "screening.no_main_table"),
    ],
)
def test_what_is_no_list_is_an_error(files, form, code):
    with pytest.raises(InputError) as caught:
        read_lists(files, form)
    assert caught.value.code == code
    assert caught.value.cure


def test_the_same_list_twice_is_an_error():
    body = (SAMPLES / "un.xml").read_bytes()
    with pytest.raises(InputError) as caught:
        read_lists({"un-old.xml": body, "un-new.xml": body})
    assert caught.value.code == "screening.same_list"


def test_an_element_across_the_border_of_two_chunks_is_whole():
    filler = f"<remark>{'x' * 70_000}</remark>".encode()
    body = (SAMPLES / "eu.xml").read_bytes().replace(b"<remark>nobody real</remark>", filler)
    (found,) = read_lists({"eu.xml": body})
    assert [each.id for each in found.parties] == ["901", "902"]
    assert found.flaws == ()
