"""The register of VAT numbers, asked of a server of our own on this machine."""

from __future__ import annotations

import hashlib
import json
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from customs.numbers import vat_number
from customs.numbers.evidence import Evidence
from customs.numbers.transport import Reply, Unreachable, post_json
from customs.numbers.vies import Consultation, Vies
from customs.numbers.vies_match import Trader
from domain import InputError

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
NUMBER = vat_number("DE136695976")
OURS = vat_number("FR40303265045")
YES = {"valid": True, "requestDate": "2026-11-22T12:00:00Z", "requestIdentifier": "WAPIAAAA", "name": "---"}
NO = {"valid": False, "requestDate": "2026-11-22T12:00:00Z", "requestIdentifier": ""}


def failed(code: str) -> dict[str, Any]:
    return {"actionSucceed": False, "errorWrappers": [{"error": code}]}


class Register:
    """Answers in turn with (status, body); keeps what it was asked."""

    def __init__(self, answers: list[tuple[int, Any]]) -> None:
        self.answers = answers
        self.asked: list[dict[str, Any]] = []
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                size = int(self.headers["Content-Length"])
                outer.asked.append(json.loads(self.rfile.read(size)))
                status, body = outer.answers[min(len(outer.asked), len(outer.answers)) - 1]
                raw = body if isinstance(body, bytes) else json.dumps(body).encode()
                self.send_response(status)
                self.send_header("Content-Length", str(len(raw)))
                self.end_headers()
                self.wfile.write(raw)

            def log_message(self, *_: object) -> None:
                """Nothing is printed."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.thread = threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.01})
        self.thread.start()

    def close(self) -> None:
        self.server.shutdown()
        self.thread.join()
        self.server.server_close()

    def vies(self, **options: Any) -> Vies:
        options = {"sleep": lambda _: None, **options}
        return Vies(address=f"http://127.0.0.1:{self.server.server_port}/check", **options)


@pytest.fixture
def register() -> Iterator[Any]:
    opened: list[Register] = []

    def answering(*answers: Any) -> Register:
        made = Register([each if isinstance(each, tuple) else (200, each) for each in answers])
        opened.append(made)
        return made

    yield answering
    for each in opened:
        each.close()


def test_a_registered_number_comes_with_its_proof(register: Any) -> None:
    fake = register(YES)
    found = fake.vies().ask(NUMBER, NOW, OURS)
    assert found.outcome == "valid"
    assert found.consultation == "WAPIAAAA"
    assert found.register_date == "2026-11-22T12:00:00Z"
    assert found.answer_sha256 == hashlib.sha256(json.dumps(YES).encode()).hexdigest()
    assert fake.asked == [
        {
            "countryCode": "DE",
            "vatNumber": "136695976",
            "requesterMemberStateCode": "FR",
            "requesterNumber": "40303265045",
        }
    ]


def test_a_number_nobody_registered_is_invalid(register: Any) -> None:
    found = register(NO).vies().ask(NUMBER, NOW)
    assert (found.outcome, found.consultation, found.error) == ("invalid", None, None)


def test_greece_and_northern_ireland_are_asked_by_their_own_prefixes(register: Any) -> None:
    fake = register(NO)
    for number in ("GR094259216", "XI980780684"):
        fake.vies().ask(vat_number(number), NOW)
    assert [asked["countryCode"] for asked in fake.asked] == ["EL", "XI"]


@pytest.mark.parametrize(
    ("answer", "error", "asked"),
    [
        (failed("MS_UNAVAILABLE"), "MS_UNAVAILABLE", 3),
        (failed("MS_MAX_CONCURRENT_REQ"), "MS_MAX_CONCURRENT_REQ", 3),
        ({"isValid": False, "userError": "MS_UNAVAILABLE"}, "MS_UNAVAILABLE", 3),
        ({"valid": False, "userError": "TIMEOUT"}, "TIMEOUT", 3),
        ((503, b"<html>busy</html>"), "SERVICE_UNAVAILABLE", 3),
        ((500, {"valid": True}), "BAD_ANSWER", 1),
        (failed("IP_BLOCKED"), "IP_BLOCKED", 1),
        ({"valid": "true"}, "BAD_ANSWER", 1),
        ([], "BAD_ANSWER", 1),
        ((200, b"not JSON"), "BAD_ANSWER", 1),
    ],
)
def test_a_register_that_does_not_decide_is_unavailable_and_never_valid(
    register: Any, answer: Any, error: str, asked: int
) -> None:
    fake = register(answer)
    found = fake.vies().ask(NUMBER, NOW)
    assert (found.outcome, found.error) == ("unavailable", error)
    assert len(fake.asked) == asked


def test_a_second_try_may_succeed_after_a_growing_pause(register: Any) -> None:
    pauses: list[float] = []
    fake = register(failed("MS_UNAVAILABLE"), failed("TIMEOUT"), YES)
    found = fake.vies(sleep=pauses.append, pause_s=0.5).ask(NUMBER, NOW)
    assert found.outcome == "valid"
    assert pauses == [0.5, 1.0]


def test_silence_is_unavailable() -> None:
    def late(url: str, body: bytes, timeout_s: float) -> Reply:
        raise Unreachable("timeout")

    found = Vies(post=late, sleep=lambda _: None).ask(NUMBER, NOW)
    assert (found.outcome, found.error, found.answer_sha256) == ("unavailable", "timeout", None)


def test_a_closed_port_and_a_slow_server_are_told_apart(register: Any) -> None:
    fake = register(YES)
    url = f"http://127.0.0.1:{fake.server.server_port}/check"
    fake.close()
    with pytest.raises(Unreachable) as refused:
        post_json(url, b"{}", 1.0)
    assert refused.value.why == "network"


def test_a_server_that_keeps_silent_times_out() -> None:
    import socket

    with socket.create_server(("127.0.0.1", 0)) as silent, pytest.raises(Unreachable) as late:
        post_json(f"http://127.0.0.1:{silent.getsockname()[1]}/", b"{}", 0.1)
    assert late.value.why == "timeout"


def test_only_web_addresses_are_opened() -> None:
    with pytest.raises(InputError) as caught:
        post_json("file:///etc/hostname", b"{}", 1.0)
    assert caught.value.code == "vies.bad_url"


@pytest.mark.parametrize(
    ("number", "why"),
    [("GB980780684", "not_in_vies"), ("CHE107787577IVA", "not_in_vies"), ("DE136695977", "bad_checksum")],
)
def test_what_vies_cannot_know_is_not_asked(register: Any, number: str, why: str) -> None:
    fake = register(YES)
    found = fake.vies().ask(vat_number(number), NOW)
    assert (found.outcome, found.error) == ("not_asked", why)
    assert fake.asked == []


def test_a_requester_outside_vies_is_refused_before_anything_is_sent(register: Any) -> None:
    fake = register(YES)
    with pytest.raises(InputError) as caught:
        fake.vies().ask(NUMBER, NOW, vat_number("GB980780684"))
    assert caught.value.code == "vies.bad_requester"
    assert fake.asked == []


def test_a_question_the_register_refuses_says_whose_fault_it_is(register: Any) -> None:
    with pytest.raises(InputError) as caught:
        register(failed("INVALID_REQUESTER_INFO")).vies().ask(NUMBER, NOW, OURS)
    assert (caught.value.code, caught.value.place) == ("vies.refused", "/requester")


def test_name_and_address_are_compared_and_not_kept(register: Any) -> None:
    told = {
        **YES,
        "name": "Société Générale S.A.",
        "address": "Rue Éblé 1\n75007 PARIS",
        "traderCityMatch": "VALID",
    }
    fake = register(told)
    said = Trader(name="SOCIETE GENERALE SA", street="Avenue X 2", postcode="75007", city="Lutetia")
    found = fake.vies().ask(NUMBER, NOW, OURS, said)
    assert dict(found.matches) == {
        "name": "mismatch",
        "street": "mismatch",
        "postal_code": "match",
        "city": "match",
    }
    assert fake.asked[0]["traderPostalCode"] == "75007"
    assert "75007" not in json.dumps(found.to_json())


def test_a_state_that_discloses_nothing_is_said(register: Any) -> None:
    found = register(YES).vies().ask(NUMBER, NOW, OURS, Trader(name="Muster GmbH"))
    assert dict(found.matches) == {"name": "not_disclosed"}


def test_evidence_is_written_and_used_again_while_fresh(register: Any, tmp_path: Path) -> None:
    fake = register(YES, NO)
    vies = fake.vies(evidence=Evidence(tmp_path), keep=timedelta(hours=1))
    first = vies.ask(NUMBER, NOW, OURS)
    again = vies.ask(NUMBER, NOW + timedelta(minutes=59), OURS)
    assert (first.cached, again.cached) == (False, True)
    assert again.asked_at == NOW
    assert again.consultation == first.consultation
    later = vies.ask(NUMBER, NOW + timedelta(minutes=61), OURS)
    assert (later.outcome, later.cached, len(fake.asked)) == ("invalid", False, 2)
    lines = (tmp_path / "vies-2026-11.jsonl").read_text().splitlines()
    assert [json.loads(line)["outcome"] for line in lines] == ["valid", "invalid"]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["vies-2026-11.jsonl"]


def test_another_requester_or_a_name_to_compare_is_asked_anew(register: Any, tmp_path: Path) -> None:
    fake = register(YES)
    vies = fake.vies(evidence=Evidence(tmp_path))
    vies.ask(NUMBER, NOW, OURS)
    vies.ask(NUMBER, NOW)
    vies.ask(NUMBER, NOW, OURS, Trader(city="Berlin"))
    assert len(fake.asked) == 3


def test_a_register_that_was_down_is_asked_again(register: Any, tmp_path: Path) -> None:
    fake = register(failed("IP_BLOCKED"), YES)
    vies = fake.vies(evidence=Evidence(tmp_path))
    assert vies.ask(NUMBER, NOW).outcome == "unavailable"
    assert vies.ask(NUMBER, NOW).outcome == "valid"


def test_an_answer_from_last_month_is_still_found(tmp_path: Path) -> None:
    asked_at = datetime(2026, 10, 31, 23, 30, tzinfo=UTC)
    evidence = Evidence(tmp_path)
    evidence.add(Consultation("DE1", "valid", asked_at).to_json(), asked_at)
    key = {"number": "DE1"}
    assert evidence.latest(key, asked_at + timedelta(hours=1), timedelta(hours=2)) is not None
    assert evidence.latest(key, asked_at + timedelta(hours=3), timedelta(hours=2)) is None


def test_a_damaged_line_names_its_place(tmp_path: Path) -> None:
    (tmp_path / "vies-2026-11.jsonl").write_text('{"asked_at": "2026-11-22T12:00:00+00:00"}\nnothing\n')
    with pytest.raises(InputError) as caught:
        Evidence(tmp_path).latest({}, NOW, timedelta(hours=1))
    assert caught.value.code == "vies.bad_evidence"
    assert caught.value.place.endswith("vies-2026-11.jsonl:2")


def test_a_folder_that_cannot_be_written_is_an_error_and_not_a_traceback(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(InputError) as caught:
        Evidence(tmp_path / "file").add({}, NOW)
    assert caught.value.code == "vies.evidence_not_written"


def test_writers_wait_for_each_other(tmp_path: Path) -> None:
    evidence = Evidence(tmp_path)
    threads = [
        threading.Thread(target=evidence.add, args=({"n": n, "asked_at": NOW.isoformat()}, NOW))
        for n in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    lines = (tmp_path / "vies-2026-11.jsonl").read_text().splitlines()
    assert sorted(json.loads(line)["n"] for line in lines) == list(range(8))


def test_nothing_is_logged(register: Any, caplog: Any, capfd: Any, tmp_path: Path) -> None:
    with caplog.at_level(0):
        register(YES).vies(evidence=Evidence(tmp_path)).ask(NUMBER, NOW, OURS, Trader(name="Muster"))
    assert caplog.text == ""
    assert capfd.readouterr() == ("", "")
