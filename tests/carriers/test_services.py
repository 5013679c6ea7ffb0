"""The catalog of services: broad, sourced, and never unlimited by ignorance."""

from __future__ import annotations

import pytest

from carriers import Carriers, fits
from domain import Parcel, UnknownReference

NAMED = """
colissimo-home colissimo-home-signature colissimo-point colissimo-international
colissimo-overseas chronopost-13 chronopost-18 chronopost-relais
chronopost-express-international mondial-relay-point mondial-relay-locker dpd-classic
dpd-pickup gls-euro ups-standard ups-express-saver ups-access-point dhl-express-worldwide
dhl-paket dhl-packstation fedex-priority swisspost-priority swisspost-economy swisspost-bulky
bpost-24h bpost-point bpost-locker correos-paq correos-express-24 royalmail-tracked24-medium
parcelforce-48 postnl-standard geodis-on-demand two-person-fr two-person-be two-person-de
two-person-it two-person-es two-person-ch two-person-gb same-day-courier shop-shuttle
"""


def test_at_least_ten_carriers_and_thirty_five_services_are_known(carriers):
    assert len({service.carrier for service in carriers.services}) >= 10
    assert len(carriers.services) >= 35


@pytest.mark.parametrize("identifier", NAMED.split())
def test_the_ids_others_build_on_are_stable(carriers, identifier):
    assert carriers.get(identifier).id == identifier


def test_an_unknown_service_is_named_in_the_error(carriers):
    with pytest.raises(UnknownReference, match="pigeon-post"):
        carriers.get("pigeon-post")


def test_indexes_are_the_bits_in_order(carriers):
    assert [service.index for service in carriers.services] == list(range(len(carriers.services)))
    assert carriers.of_bits(0b101) == (carriers.services[0], carriers.services[2])
    assert carriers.of_bits(carriers.all_bits) == carriers.services


def test_every_service_names_its_source_and_has_a_lane_and_a_rate(carriers):
    for service in carriers.services:
        assert service.source, service.id
        assert service.checked is not None, service.id
        assert any(not lane.closed for lane in service.lanes), service.id
        assert service.id in carriers.rates.zones, service.id


def test_low_confidence_limits_stay_unknown_without_a_contract(bare):
    for service in bare.services:
        if service.confidence in {"low", "unverified"}:
            assert service.unknown, service.id


def test_low_confidence_transit_stays_unknown_without_a_contract(bare):
    trusted = {"high", "medium"}
    for service in bare.services:
        for lane in service.lanes:
            assert lane.days is None or lane.confidence in trusted or service.unknown, service.id


def test_without_demo_files_no_demo_service_rate_or_point_is_left(bare):
    assert not any(service.demo for service in bare.services)
    assert not bare.rates.zones
    assert len(bare.points) == 0


def test_what_no_contract_sets_refuses_even_the_smallest_parcel(carriers):
    envelope = Parcel((("a", 1),), 10, (100, 50, 10))
    reason = fits(carriers.get("mondial-relay-xl"), envelope)
    assert reason is not None
    assert reason.code == "limit_unknown"
    assert reason.arguments["service"] == "mondial-relay-xl"


def test_the_contract_opens_the_packstation_that_facts_leave_unknown(bare, carriers):
    parcel = Parcel((("a", 1),), 2000, (400, 300, 200))
    refused = fits(bare.get("dhl-packstation"), parcel)
    assert refused is not None
    assert refused.code == "limit_unknown"
    assert fits(carriers.get("dhl-packstation"), parcel) is None


def test_a_pickup_network_has_points_to_deliver_to(carriers):
    networks = {point.network for point in carriers.points.all}
    for service in carriers.services:
        if service.mode in {"parcel_shop", "locker"}:
            assert service.network in networks, service.id


def test_a_network_has_points_only_of_the_kind_its_services_deliver_to(carriers):
    modes = {(s.network, s.mode) for s in carriers.services if s.network}
    for point in carriers.points.all:
        assert (point.network, point.kind) in modes, point.id


def test_goods_of_two_kinds_need_a_service_that_takes_both(carriers):
    both = carriers.accept_bits({"alcohol", "lithium_in_equipment"})
    assert both == carriers.accept_bits({"alcohol"}) & carriers.accept_bits({"lithium_in_equipment"})
    assert carriers.accept_bits(()) == carriers.all_bits
    assert carriers.accept_bits({"plutonium"}) == 0


def test_posts_take_no_loose_lithium_abroad(carriers):
    loose = carriers.accept_bits({"lithium_alone"}) | carriers.accept_bits({"lithium_packed_with"})
    for name in ("colissimo-international", "colissimo-world", "dhl-paket-international", "swisspost-us-ddp"):
        assert not loose >> carriers.get(name).index & 1, name


def test_traits_select_services(carriers):
    lockers = carriers.of_bits(carriers.trait_bits("mode", "locker"))
    assert {service.mode for service in lockers} == {"locker"}
    assert carriers.trait_bits("feature", "signature") & 1 << carriers.get("dhl-paket").index
    assert carriers.trait_bits("mode", "submarine") == 0
    with pytest.raises(UnknownReference, match="colour"):
        carriers.trait_bits("colour", "red")


def test_the_version_follows_the_contents_of_the_tables(carriers, tmp_path):
    assert Carriers.load().version == carriers.version
    (tmp_path / "cartons.csv").write_text(
        "id,inner_mm,outer_mm,tare_g,max_g,fill_percent\nonly,300x200x100,310x210x110,100,9000,80\n"
    )
    mine = Carriers.load(tmp_path)
    assert mine.version != carriers.version
    assert [carton.id for carton in mine.cartons] == ["only"]


def test_python_files_of_the_room_name_no_country():
    import re
    from pathlib import Path

    import carriers as room

    for file in sorted(Path(room.__file__).parent.glob("*.py")):
        assert not re.findall(r"""["'](?:[A-Z]{2}|[A-Z]{2}-[A-Z]{2,})["']""", file.read_text()), file.name
