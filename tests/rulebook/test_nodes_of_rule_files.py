"""Rule files are read as text with places: nothing is converted, nothing is executed."""

from __future__ import annotations

import csv
import io
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from engine.rulebook.cells import read_csv
from engine.rulebook.nodes import MAX_BYTES, Listing, Mapped, NodeT, Scalar, read_yaml
from engine.rulebook.problems import Problem, Problems, RulebookError
from engine.rulebook.tree import Place


def read(text: str) -> tuple[NodeT | None, list[str]]:
    problems = Problems()
    node = read_yaml("a.yaml", text, problems)
    return node, [problem.code for problem in problems.sorted()]


def plain(node: NodeT | None) -> object:
    if isinstance(node, Mapped):
        return {key.text: plain(value) for key, value in node.entries}
    if isinstance(node, Listing):
        return [plain(item) for item in node.items]
    return node.text if isinstance(node, Scalar) else None


def scalars(node: NodeT | None) -> list[Scalar]:
    if isinstance(node, Mapped):
        return [found for key, value in node.entries for found in (key, *scalars(value))]
    if isinstance(node, Listing):
        return [found for item in node.items for found in scalars(item)]
    return [node] if isinstance(node, Scalar) else []


def test_every_scalar_is_text_whatever_yaml_would_make_of_it():
    text = (
        "a: NO\nb: 0101\nc: 2402.10\nd: yes\ne: 1e3\nf: ~\ng: 2026-07-01\nh: 0x1F\ni: null\nj: 1_000\nk: .5\n"
    )
    node, codes = read(text)
    assert codes == []
    assert list(plain(node).values()) == [line.partition(": ")[2] for line in text.splitlines()]  # type: ignore[attr-defined]


def test_quotes_are_not_part_of_the_text():
    node, _ = read("""a: "0101"\nb: '2402.10'\nc: "a \\"b\\""\n""")
    assert plain(node) == {"a": "0101", "b": "2402.10", "c": 'a "b"'}


WORDS = st.text("abcdefgh0123456789._", min_size=1, max_size=8)
STYLES = st.sampled_from(["{}", '"{}"', "'{}'"])


@given(
    st.lists(
        st.tuples(WORDS, WORDS, STYLES, st.booleans()), min_size=1, max_size=6, unique_by=lambda row: row[0]
    )
)
def test_the_place_of_a_scalar_is_where_it_is_written(rows):
    lines = []
    for key, value, style, spaced in rows:
        lines.append(f"{key}:{'   ' if spaced else ' '}{style.format(value)}")
    text = "# a remark\n" + "\n".join(lines) + "\n"
    node, codes = read(text)
    assert codes == []
    for scalar in scalars(node):
        line = text.splitlines()[scalar.place.line - 1]
        assert scalar.exact
        assert line[scalar.place.column - 1 :].startswith(scalar.text)


def test_a_word_inside_a_text_has_its_own_place():
    node, _ = read('when: {order.channel: "one of [web, wbe]"}\n')
    scalar = scalars(node)[-1]
    assert scalar.at("wbe") == Place("a.yaml", 1, 37)
    assert scalar.at("nowhere") == scalar.place


def test_a_text_over_several_lines_keeps_the_place_where_it_begins():
    node, _ = read("reason: because the\n  customer waits\n")
    scalar = scalars(node)[-1]
    assert scalar.text == "because the customer waits"
    assert scalar.at("customer") == scalar.place == Place("a.yaml", 1, 9)


def test_magic_is_refused_and_nothing_is_executed():
    _, codes = read("a: !!python/object/apply:os.abort []\nb: &x 1\nc: *x\nd: {<<: {e: 1}}\n")
    assert codes == ["yaml.tag", "yaml.anchor", "yaml.alias", "yaml.merge"]


def test_an_alias_is_read_as_what_it_stands_for_so_that_nothing_else_is_wrong():
    node, codes = read("a: &x {k: v}\nb: *x\nc: {<<: *x, m: n}\n")
    assert plain(node) == {"a": {"k": "v"}, "b": {"k": "v"}, "c": {"m": "n", "k": "v"}}
    assert sorted(codes) == ["yaml.alias", "yaml.alias", "yaml.anchor", "yaml.merge"]


def test_a_laughing_file_does_not_grow():
    names = "abcdefghijklmnop"
    lines = ["a: &a [x, x]"]
    lines += [f"{name}: &{name} [{', '.join([f'*{before}'] * 9)}]" for before, name in pairwise(names)]
    node, codes = read("\n".join(lines) + "\n")
    assert "yaml.alias" in codes
    assert len(scalars(node)) < 1_000


def test_a_file_that_nests_without_end_is_not_read_on():
    node, codes = read("a: " + "[" * 5_000)
    assert node is None
    assert codes == ["yaml.depth"]


def test_a_file_that_is_too_large_is_not_read():
    node, codes = read("a: b\n" * (MAX_BYTES // 5 + 1))
    assert node is None
    assert codes == ["file.too_large"]


def test_a_key_given_twice_is_told_and_the_first_one_counts():
    node, codes = read("a: 1\nb: 2\na: 3\n")
    assert codes == ["key.duplicate"]
    assert plain(node) == {"a": "1", "b": "2"}


def test_cells_of_a_table_know_their_column_in_the_line_as_written():
    problems = Problems()
    text = '# remark\nid,order.channel,then\n\na,"one of [web, app]", fast\n,"say ""hi""",x\n'
    header, rows = read_csv("t.csv", text, problems)
    assert not problems
    assert [cell.text for cell in header] == ["id", "order.channel", "then"]
    assert [[cell.text for cell in row] for row in rows] == [
        ["a", "one of [web, app]", "fast"],
        ["", 'say "hi"', "x"],
    ]
    lines = text.splitlines()
    for cell in (*header, *rows[0]):
        assert lines[cell.place.line - 1][cell.place.column - 1 :].startswith(cell.text)
    assert rows[1][2].place.line == 5


@given(st.lists(st.text("abc ,\"'-", max_size=6).map(str.strip), min_size=2, max_size=5))
def test_a_cell_is_what_a_spreadsheet_wrote(cells):
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerow(["x", *cells])
    names = ",".join(f"c{number}" for number in range(len(cells) + 1))
    problems = Problems()
    _, rows = read_csv("t.csv", f"{names}\n{out.getvalue()}", problems)
    assert not problems
    assert [cell.text for cell in rows[0]][1:] == cells


def test_the_caret_stands_under_the_place_even_in_a_very_long_line():
    text = "x" * 400 + "HERE" + "y" * 400
    error = RulebookError((Problem("a.b", Place("a.csv", 1, 401), "wrong"),), {"a.csv": text})
    excerpt, caret = error.report().splitlines()[1:3]
    assert len(excerpt) < 200
    assert excerpt[caret.index("^") :].startswith("HERE")
    assert excerpt[caret.index("^") - 1] == "x"
