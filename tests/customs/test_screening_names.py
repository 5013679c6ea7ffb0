"""Names as people write them: what folds away, what is alike, what is not."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from customs.screening import fold, name_key
from customs.screening.fold import folded
from customs.screening.likeness import compare
from customs.screening.words import rows

POSSIBLE, HIT = 0.90, 0.95
WORDS = [
    "Ivan",
    "Мария",
    "Øystein",
    "al",
    "von",
    "GmbH",
    "S.A.R.L.",
    "محمد",
    "习近平",
    "Dr.",
    "O'Neill",
    "ООО",
    "Ltd",
    "x",
]
NAMES = st.one_of(
    st.text(max_size=40),
    st.lists(st.sampled_from(WORDS), max_size=6).map(" ".join),
    st.lists(st.text("abcdeiklmnorstuvyzh", min_size=1, max_size=9), min_size=1, max_size=5).map(" ".join),
)


def likeness(one: str, other: str) -> float:
    return compare(folded(one), folded(other)).score


@given(NAMES)
@settings(max_examples=200)
def test_folding_twice_is_folding_once(name):
    assert fold(fold(name)) == fold(name)


@given(NAMES, NAMES)
@settings(max_examples=200)
def test_likeness_does_not_depend_on_who_comes_first_and_lies_between_0_and_1(one, other):
    assert compare(folded(one), folded(other)) == compare(folded(other), folded(one))
    assert 0 <= likeness(one, other) <= 1


@given(NAMES, st.randoms(use_true_random=False))
@settings(max_examples=200)
def test_the_same_words_in_any_order_case_and_spacing_are_the_same_name(name, random):
    words = list(folded(name).full)
    if not words:
        return
    random.shuffle(words)
    assert likeness(name, "  ".join(words).upper()) == 1


@given(NAMES, NAMES)
@settings(max_examples=200)
def test_only_the_same_words_make_1(one, other):
    left, right = folded(one), folded(other)
    same = sorted(left.core) == sorted(right.core) or sorted(left.full) == sorted(right.full)
    assert (compare(left, right).score == 1) == (same and bool(left.core))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("NIRGENDWO, Ottilie von", "Ottilie von Nirgendwo"),
        ("Aurélien Pasvrai-Dutout", "AURELIEN PASVRAI DUTOUT"),
        ("Łucja Żółkiewska", "Lucja Zolkiewska"),
        ("Søren Ærø", "soren aero"),
        ("Ivan Vymyshlennov", "Иван Вымышленнов"),
        ("Georgios Papadis", "Γεώργιος Παπαδης"),
        ("Xi Jin Ping", "习近平"),
        ("Gim Jeong Eun", "김정은"),
        ("ﬁ ﬂ Ｎａｍｅ", "fi fl Name"),
        ("Herr Dr. Egon Unsinn", "Egon Unsinn"),
        ("O'Brien, Tadhg", "Tadhg O’Brien"),
        ("Phantasma Export Kontor GmbH & Co. KG", "Phantasma Export Kontor"),
        ("Phantasma S.A.R.L.", "PHANTASMA SARL"),
        ("ООО «Ромашка Плюс»", "Romashka Plyus LLC"),
        ("Huanying Maoyi 有限公司", "HUANYING MAOYI"),
        ("株式会社 Kuuki Trading", "Kuuki Trading K.K."),
        ("PT Awan Khayal Tbk", "Awan Khayal"),
        ("Société à responsabilité limitée Nuage", "Nuage SAS"),
    ],
)
def test_script_accents_order_titles_and_legal_forms_do_not_count(one, other):
    assert likeness(one, other) == 1


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Ivan Vymyshlennov", "Iwan Wymyschlennow"),
        ("Ivan Vymyshlennov", "Vymishlenov Ivan"),
        ("Muhammad Husayn", "Mohamed Hussain"),
        ("Mohammed Hussein", "محمد حسين"),
        ("Saddam Hussein Majid", "صدام حسين مجيد"),
        ("Yevgeny Prigozhin", "Евгений Пригожин"),
        ("Yevgeny Prigozhin", "Jewgeni Prigoschin"),
        ("Jinping Xi", "习近平"),
        ("Hans Müller", "Hans Mueller"),
        ("Abd al-Rahman Hassan", "Abdelrahman Hassan"),
        ("Zebulon Quillfeather-Nonesuch", "Zebulon Quillfether Nonsuch"),
        ("Zebulon Quillfeather-Nonesuch", "Zebulon Nonesuch"),
        ("Georgios Papadopoulos", "Γεώργιος Παπαδόπουλος"),
        ("Phantasma Export Kontor GmbH", "Fantasma Eksport Kontor"),
        ("Ottilie von Nirgendwo", "Ottilie Nirgendwo"),
        ("Jean-Pierre Nulpart", "Jeanpierre Nulpart"),
        ("Oleksandr Nihdenko", "Aleksandr Nihdenko"),
    ],
)
def test_other_spellings_slips_and_left_out_words_are_alike(one, other):
    assert POSSIBLE <= likeness(one, other) < 1


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("John Smith", "Joan Smith"),
        ("John Smith", "John Schmidt"),
        ("Li Wei", "Li Na"),
        ("Wang Wei", "Wang Wen"),
        ("Mohamed Ali", "Mohamed Salah"),
        ("Maria Garcia", "Marta Garza"),
        ("Jean Martin", "Jean Dupont"),
        ("David Cohen", "Daniel Cohen"),
        ("Anna Schmidt", "Anne Schmitz"),
        ("Robert Brown", "Robert Braun"),
        ("Ivan Petrov", "Ivan Pavlov"),
        ("Phantasma Export Kontor GmbH", "Export Kontor Hamburg GmbH"),
        ("General Trading LLC", "National Trading LLC"),
        ("Ahmed Hassan", "Mahmoud Hassan"),
        ("Nguyen Van An", "Nguyen Van Anh Dung"),
    ],
)
def test_common_names_that_share_a_word_are_not_alike(one, other):
    assert likeness(one, other) < POSSIBLE


@pytest.mark.parametrize(
    ("one", "other"),
    [("Z. Quillfeather", "Zebulon Quillfeather"), ("Ali", "Aly"), ("Rosneft", "Rosneft Oil")],
)
def test_one_word_or_an_initial_is_thin_evidence(one, other):
    found = compare(folded(one), folded(other))
    assert found.thin
    assert found.score > 0.85


def test_a_name_of_a_legal_form_alone_keeps_it():
    assert fold("GmbH") == "gmbh"
    assert fold("Ltd. GmbH") == "ltd"


def test_a_clearance_remembers_a_name_by_its_sorted_words():
    assert name_key("NIRGENDWO, Ottilie von") == name_key("Ottilie von Nirgendwo") == "nirgendwo ottilie von"


def test_what_holds_no_letter_resembles_nothing():
    assert fold("!? -") == ""
    assert likeness("!?", "!?") == 0


@pytest.mark.parametrize("table", ["screening_words.csv", "screening_sounds.csv", "screening_countries.csv"])
def test_every_row_of_a_table_has_a_source_and_stands_once(table):
    found = rows(table)
    assert all(row["source"] and row["confidence"] in ("high", "medium") for row in found)
    seen = [
        tuple(row.values())[:4] if table == "screening_words.csv" else next(iter(row.values()))
        for row in found
    ]
    assert len(seen) == len(set(seen)) > 30
