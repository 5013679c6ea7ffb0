"""Importing published tariffs: format by format, whole or not at all. The sample rates are made up."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from customs.tariff import NotInTariff, Tariff, TariffAnswer
from customs.tariff import importing as module
from customs.tariff.importing import Source, import_tariff, sources
from customs.tariff.rows import About, Kept, Refused, Skipped
from customs.tariff.snapshot import Manifest, checksum, find_snapshots
from domain import InputError, PassavantError, WorldError

SAMPLES = Path(__file__).parent / "test_tariff_samples"
AS_AT, TODAY = date(2026, 11, 1), date(2026, 11, 22)


def taken_in(source: str, path: Path, into: Path, as_at: date = AS_AT, limit: str = "5") -> Manifest:
    return import_tariff(source, path, into, as_at=as_at, today=TODAY, refused_limit=Decimal(limit))


def options(
    tariff: Tariff, jurisdiction: str, code: str, origin: str | None = None, day: date = TODAY
) -> list[str]:
    answer = tariff.find(jurisdiction, code, origin, day)
    assert isinstance(answer, TariffAnswer)
    return [str(option) for option in answer.options]


def alone(path: Path, folder: Path) -> Path:
    folder.mkdir(exist_ok=True)
    return Path(shutil.copy(path, folder / path.name))


def test_the_measure_table_of_the_united_kingdom(tmp_path: Path) -> None:
    manifest = taken_in("uk", SAMPLES / "uk-measures.csv", tmp_path)
    assert (manifest.rows_read, manifest.kept, manifest.refused, manifest.double) == (10, 9, 0, 0)
    assert manifest.skipped == {"measure type 305 is no duty of ours": 1}
    tariff = Tariff.load(snapshot=tmp_path)
    assert options(tariff, "UK", "6109100010") == ["11.00%"]
    assert options(tariff, "UK", "2204210011", day=date(2025, 12, 31)) == ["12.00 GBP / hl"]
    assert options(tariff, "UK", "2204210011", day=date(2026, 1, 1)) == ["14.00 GBP / hl"]
    assert options(tariff, "UK", "8712003010", "CN") == ["9.00% + 41.00%"]
    assert options(tariff, "UK", "8712003010", "TW") == ["9.00%"]
    assert options(tariff, "UK", "8712003010") == ["9.00%", "9.00% + 41.00%"]
    assert options(tariff, "UK", "18063210") == ["8.00% + AC MAX 18.00% + SD"]
    assert options(tariff, "UK", "0406902100", "NZ") == ["139.00 GBP / 100 kg net drained"]
    assert isinstance(tariff.find("UK", "0406902100", "US", TODAY), TariffAnswer)
    assert options(tariff, "UK", "0406902100", "US") == []


def test_a_preference_of_the_measure_table_counts_when_claimed(tmp_path: Path) -> None:
    taken_in("uk", SAMPLES / "uk-measures.csv", tmp_path)
    tariff = Tariff.load(snapshot=tmp_path)
    claimed = tariff.find("UK", "6109100010", "FR", TODAY, claims=frozenset({"preference"}))
    assert isinstance(claimed, TariffAnswer)
    assert [str(option) for option in claimed.options] == ["0.00%"]
    cheese = tariff.find("UK", "0406902100", "KE", TODAY, claims=frozenset({"preference_quota"}))
    assert isinstance(cheese, TariffAnswer)
    assert [line.origins for line in cheese.alternatives] == [frozenset({"area:2005"})]
    assert [str(option) for option in cheese.options] == ["139.00 GBP / 100 kg net drained"]


def test_an_answer_of_the_trade_tariff_service(tmp_path: Path) -> None:
    manifest = taken_in("uk", SAMPLES / "uk-commodity.json", tmp_path)
    assert manifest.kept == 2
    answer = Tariff.load(snapshot=tmp_path).find("UK", "6109100010", "CL", TODAY)
    assert isinstance(answer, TariffAnswer)
    assert [str(option) for option in answer.options] == ["11.00%"]
    assert [str(line.expression) for line in answer.alternatives] == ["0.00%"]


def test_the_sheets_of_taric_with_their_exclusions(tmp_path: Path) -> None:
    source = tmp_path / "source"
    for name in ("Duties Import 01-99.csv", "Measure exclusions.csv"):
        alone(SAMPLES / name, source)
    manifest = taken_in("taric", source, tmp_path / "into", limit="10")
    assert (manifest.rows_read, manifest.kept, manifest.refused) == (12, 9, 1)
    assert manifest.skipped == {
        "intermediate line of the nomenclature": 1,
        "measure type 109 is no duty of ours": 1,
    }
    tariff = Tariff.load(snapshot=tmp_path / "into")
    assert options(tariff, "EU", "6109100010") == ["11.000%"]
    assert options(tariff, "EU", "18063210") == ["8.000% + EA MAX 18.000% + ADSZ"]
    assert options(tariff, "EU", "2204214210") == ["0.500 EUR / % vol/hl + 6.400 EUR / hl"]
    assert options(tariff, "EU", "91021100", "JP") == ["4.000% MIN 0.300 EUR / item MAX 0.800 EUR / item"]
    assert options(tariff, "EU", "91021100", "CH") == []
    assert options(tariff, "EU", "87120030", "CN") == ["14.000%", "14.000% + 41.000%"]
    assert options(tariff, "EU", "0702000007") == [
        (
            "8.000% + 29.800 EUR / 100 kg BELOW 61.300 EUR / 100 kg; "
            "8.000% + 1.300 EUR / 100 kg BELOW 62.600 EUR / 100 kg; 8.000% ABOVE"
        )
    ]
    assert options(tariff, "EU", "95069990") == []
    cheese = tariff.find("EU", "04069021", None, TODAY)
    assert isinstance(cheese, NotInTariff)
    assert (cheese.reason, cheese.known_until) == ("tariff.after_last_rate", date(2026, 1, 1))


@pytest.mark.parametrize("name", ["hts.csv", "hts.json"])
def test_the_schedule_of_the_united_states_inherits_rates_down_its_indents(tmp_path: Path, name: str) -> None:
    taken_in("us", SAMPLES / name, tmp_path)
    tariff = Tariff.load(snapshot=tmp_path)
    before_labour_duty = date(2026, 11, 10)
    for code in ("61091000", "6109100004"):
        assert options(tariff, "US", code, "IN", before_labour_duty)[0] == "15.5%"
        assert options(tariff, "US", code, "CU", before_labour_duty)[0] == "90%"
    claimed = tariff.find("US", "6109100004", "AU", TODAY, claims=frozenset({"preference"}))
    assert isinstance(claimed, TariffAnswer)
    assert str(claimed.options[0]) == "Free"


def test_other_notations_of_the_schedule(tmp_path: Path) -> None:
    manifest = taken_in("us", SAMPLES / "hts.csv", tmp_path)
    assert manifest.refused == 0
    assert manifest.skipped == {
        "chapters 98 and 99": 1,
        "heading without a number": 1,
        "heading without a rate": 3,
    }
    tariff = Tariff.load(snapshot=tmp_path)
    assert options(tariff, "US", "64031950", "IN")[0] == "1.00 USD / pair + 37.5%"
    assert options(tariff, "US", "91021125", "IN")[0] == (
        "0.40 USD / item + 8.5% on the case + 5.3% on the battery"
    )
    assert options(tariff, "US", "6109100040", "IN")[0] == "15.5%"


def test_footnotes_and_special_rates_that_stand_elsewhere_do_not_refuse_a_line(tmp_path: Path) -> None:
    path = alone(SAMPLES / "hts.csv", tmp_path / "source")
    text = path.read_text(encoding="utf-8").replace("37.5% 1/", "37.5% 1/ 2/")
    path.write_text(text.replace('"Free (S)"', '"See 9823.01.01 (S+) Free (AU)"'), encoding="utf-8")
    assert taken_in("us", path, tmp_path / "into").refused == 0
    shoes = Tariff.load(snapshot=tmp_path / "into").find("US", "64031950", "AU", TODAY)
    assert isinstance(shoes, TariffAnswer)
    assert str(shoes.options[0]) == "1.00 USD / pair + 37.5%"
    assert [line.note for line in shoes.alternatives] == ["program AU"]


def test_a_draft_that_a_killed_import_left_is_read_by_nobody(tmp_path: Path) -> None:
    taken_in("uk", SAMPLES / "uk-measures.csv", tmp_path)
    shutil.copytree(tmp_path / "uk-2026-11-01", tmp_path / ".importing-x")
    assert [snapshot.folder.name for snapshot in find_snapshots(tmp_path)] == ["uk-2026-11-01"]


def test_a_snapshot_keeps_the_additional_duties_of_the_shipped_table(tmp_path: Path) -> None:
    taken_in("us", SAMPLES / "hts.csv", tmp_path)
    tariff = Tariff.load(snapshot=tmp_path)
    assert options(tariff, "US", "61091000", "CN")[0] == "15.5% + 7.5%"
    assert options(tariff, "EU", "61091000") == ["12%"]
    assert isinstance(tariff.find("US", "42022160", "IN", TODAY), NotInTariff)


def test_the_manifest_tells_source_day_rows_and_checksums(tmp_path: Path) -> None:
    manifest = taken_in("uk", SAMPLES / "uk-measures.csv", tmp_path)
    folder = tmp_path / "uk-2026-11-01"
    assert sorted(path.name for path in folder.iterdir()) == ["lines.csv", "manifest.json"]
    body = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    assert body["as_at"] == "2026-11-01"
    assert body["imported_on"] == "2026-11-22"
    assert body["files"] == [
        {
            "name": "uk-measures.csv",
            "sha256": checksum(SAMPLES / "uk-measures.csv"),
            "bytes": (SAMPLES / "uk-measures.csv").stat().st_size,
        }
    ]
    assert body["result_sha256"] == checksum(folder / "lines.csv")
    assert Manifest.from_json(body) == manifest
    assert not [path for path in tmp_path.iterdir() if path.name.startswith(".")]


def test_the_latest_snapshot_holds_and_the_version_names_it(tmp_path: Path) -> None:
    old = alone(SAMPLES / "uk-measures.csv", tmp_path / "source")
    taken_in("uk", old, tmp_path / "into", as_at=date(2026, 10, 1))
    before = Tariff.load(snapshot=tmp_path / "into")
    old.write_text(old.read_text(encoding="utf-8").replace("11.00%", "10.00%"), encoding="utf-8")
    taken_in("uk", old, tmp_path / "into")
    after = Tariff.load(snapshot=tmp_path / "into")
    assert options(after, "UK", "6109100010") == ["10.00%"]
    assert before.version != after.version != Tariff.load().version
    assert [m.as_at for m in after.manifests] == [AS_AT]
    shirt = after.find("UK", "6109100010", None, TODAY)
    assert isinstance(shirt, TariffAnswer)
    assert shirt.as_at == AS_AT
    assert options(Tariff.load(snapshot=tmp_path / "into" / "uk-2026-10-01"), "UK", "6109100010") == [
        "11.00%"
    ]


def spoilt(folder: Path, old: str, new: str) -> Path:
    path = alone(SAMPLES / "uk-measures.csv", folder)
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("old", "new", "column", "why"),
    [
        ("11.00%", "see note 4", "measure__duty_expression", "expected a number"),
        ("6109100010", "61091", "commodity__code", "not ten digits"),
        ("2021-01-01", "01/01/2021", "measure__effective_start_date", "is no date"),
        ("2021-01-01,2025-12-31", "2021-01-01,2020-12-31", "measure__effective_start_date", "ends before"),
        (",,,,400,1011,ERGA OMNES,,,,X1,", ",,,", "", "fewer cells"),
        (",,,,X1,\n2", ",,,,X1,,more\n2", "", "more cells"),
    ],
)
def test_a_refused_row_is_told_with_its_line_and_column(
    tmp_path: Path, old: str, new: str, column: str, why: str
) -> None:
    path = spoilt(tmp_path / "source", old, new)
    manifest = taken_in("uk", path, tmp_path / "into", limit="50")
    assert manifest.refused == 1
    told = (tmp_path / "into" / "uk-2026-11-01" / "refused.csv").read_text(encoding="utf-8").splitlines()
    assert told[0] == "file,line,column,why"
    assert told[1].startswith("uk-measures.csv,")
    assert column in told[1]
    assert why in told[1]


def test_a_rate_that_cannot_be_read_never_looks_free_or_like_the_rate_of_a_shorter_code(
    tmp_path: Path,
) -> None:
    path = spoilt(tmp_path / "source", "11.00%", "see note 4")
    taken_in("uk", path, tmp_path / "into", limit="50")
    answer = Tariff.load(snapshot=tmp_path / "into").find("UK", "6109100010", None, TODAY)
    assert isinstance(answer, TariffAnswer)
    assert answer.options == ()
    assert answer.needs == ("tariff_rate.UK.6109100010",)


def left_behind(into: Path) -> list[str]:
    return sorted(path.name for path in into.iterdir()) if into.is_dir() else []


def test_too_many_refused_rows_fail_the_import_as_a_whole(tmp_path: Path) -> None:
    path = spoilt(tmp_path / "source", "11.00%", "see note 4")
    with pytest.raises(InputError, match=r"1 of 9 duties cannot be read, more than 5 %") as caught:
        taken_in("uk", path, tmp_path / "into")
    assert caught.value.code == "tariff.import_refused"
    assert "uk-measures.csv:2: measure__duty_expression" in caught.value.cause
    assert left_behind(tmp_path / "into") == []


def write(folder: Path, name: str, content: bytes) -> Path:
    folder.mkdir(exist_ok=True)
    path = folder / name
    path.write_bytes(content)
    return path


@pytest.mark.parametrize(
    ("source", "name", "content", "code"),
    [
        ("uk", "x.csv", b"", "tariff.import_columns"),
        ("uk", "x.csv", b"a,b\n1,2\n", "tariff.import_columns"),
        ("uk", "x.csv", b"\xff\xfe\x00\x01", "tariff.import_format"),
        ("uk", "x.xlsx", b"PK\x03\x04", "tariff.import_format"),
        ("uk", "x.json", b"{", "tariff.import_format"),
        ("uk", "x.json", b"[1]", "tariff.import_format"),
        ("uk", "x.json", b'{"data": null}', "tariff.import_format"),
        ("us", "x.json", b'{"htsno": "1"}', "tariff.import_format"),
        ("us", "x.json", b"[", "tariff.import_format"),
        ("us", "x.json", b"[]", "tariff.import_empty"),
        ("taric", "Measure exclusions.csv", b"Goods code\n", "tariff.import_format"),
        ("taric", "duties.csv", b'Goods code;"', "tariff.import_format"),
        ("jp", "x.csv", b"", "tariff.import_source"),
    ],
)
def test_a_file_of_another_kind_is_refused_and_nothing_is_left_behind(
    tmp_path: Path, source: str, name: str, content: bytes, code: str
) -> None:
    path = write(tmp_path / "source", name, content)
    with pytest.raises(PassavantError) as caught:
        taken_in(source, path, tmp_path / "into")
    assert caught.value.code == code
    assert caught.value.cause
    assert left_behind(tmp_path / "into") == []


def test_broken_quoting_in_the_middle_says_the_line(tmp_path: Path) -> None:
    path = spoilt(tmp_path / "source", "TEST DATA wine", '"TEST" DATA wine')
    with pytest.raises(InputError, match="broken CSV") as caught:
        taken_in("uk", path, tmp_path / "into")
    assert caught.value.place == "uk-measures.csv:5"
    assert left_behind(tmp_path / "into") == []


def test_an_interrupted_import_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    held = sources()["uk"]

    def interrupted(files: Sequence[Path], about: About) -> Iterator[Kept | Skipped | Refused]:
        yield from list(held.read(files, about))[:3]
        raise KeyboardInterrupt

    other = Source(held.jurisdiction, held.title, held.covers, interrupted)
    monkeypatch.setattr(module, "sources", lambda: {"uk": other})
    with pytest.raises(KeyboardInterrupt):
        taken_in("uk", SAMPLES / "uk-measures.csv", tmp_path / "into")
    assert left_behind(tmp_path / "into") == []


def test_a_full_disk_is_an_error_with_a_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_args: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", full)
    with pytest.raises(WorldError, match="No space left") as caught:
        taken_in("uk", SAMPLES / "uk-measures.csv", tmp_path / "into")
    assert caught.value.code == "tariff.import_disk"
    assert left_behind(tmp_path / "into") == []


def test_the_same_day_is_imported_once_and_the_future_never(tmp_path: Path) -> None:
    taken_in("uk", SAMPLES / "uk-measures.csv", tmp_path)
    with pytest.raises(InputError) as caught:
        taken_in("uk", SAMPLES / "uk-measures.csv", tmp_path)
    assert caught.value.code == "tariff.snapshot_exists"
    with pytest.raises(InputError) as caught:
        taken_in("uk", SAMPLES / "uk-measures.csv", tmp_path, as_at=date(2026, 11, 23))
    assert caught.value.code == "tariff.import_as_at"
    with pytest.raises(InputError) as caught:
        taken_in("uk", SAMPLES / "nothing.csv", tmp_path)
    assert caught.value.code == "tariff.import_no_file"


def test_a_changed_or_broken_snapshot_is_not_used(tmp_path: Path) -> None:
    taken_in("uk", SAMPLES / "uk-measures.csv", tmp_path)
    lines = tmp_path / "uk-2026-11-01" / "lines.csv"
    lines.write_text(lines.read_text(encoding="utf-8").replace("11.00%", "1.00%"), encoding="utf-8")
    with pytest.raises(WorldError) as caught:
        Tariff.load(snapshot=tmp_path)
    assert caught.value.code == "tariff.snapshot_changed"
    (tmp_path / "uk-2026-11-01" / "manifest.json").write_text("{}", encoding="utf-8")
    with pytest.raises(WorldError) as caught:
        find_snapshots(tmp_path)
    assert caught.value.code == "tariff.snapshot_broken"
    with pytest.raises(WorldError) as caught:
        Tariff.load(snapshot=tmp_path / "nowhere")
    assert caught.value.code == "tariff.no_snapshot"


def test_a_row_that_stands_twice_is_kept_once(tmp_path: Path) -> None:
    path = alone(SAMPLES / "uk-measures.csv", tmp_path / "source")
    text = path.read_text(encoding="utf-8")
    path.write_text(text + text.splitlines()[1] + "\n", encoding="utf-8")
    manifest = taken_in("uk", path, tmp_path / "into")
    assert (manifest.rows_read, manifest.kept, manifest.double) == (11, 9, 1)


def test_progress_is_told_now_and_then(tmp_path: Path) -> None:
    path = alone(SAMPLES / "uk-measures.csv", tmp_path / "source")
    text = path.read_text(encoding="utf-8")
    vat_row = text.splitlines()[3] + "\n"
    path.write_text(text + vat_row * 2500, encoding="utf-8")
    told: list[int] = []
    import_tariff("uk", path, tmp_path / "into", as_at=AS_AT, today=TODAY, tick=told.append)
    assert told == [1024, 2048]
