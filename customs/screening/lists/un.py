"""UN Security Council consolidated list, XML: elements ``INDIVIDUAL`` and ``ENTITY``."""

from __future__ import annotations

from collections.abc import Iterator

from customs.screening.lists.reading import Draft, day_of, named
from customs.screening.lists.xml import Node, entities
from customs.screening.model import ListedParty, PartyList

__all__ = ["read"]

KINDS = {"INDIVIDUAL": "person", "ENTITY": "entity"}
NAMES = ("FIRST_NAME", "SECOND_NAME", "THIRD_NAME", "FOURTH_NAME")
LOW = "low"


def read(file: str, body: bytes, list_id: str) -> PartyList:
    """The list; its day is ``dateGenerated``. An alias of QUALITY Low is weak."""
    draft = Draft(list_id, "un", file)
    for node in entities(body, "CONSOLIDATED_LIST", KINDS, draft):
        if node.tag == "CONSOLIDATED_LIST":
            draft.published = day_of(node.get("dateGenerated"))
            if draft.published is None:
                draft.note(node.line, "dateGenerated", "the list does not say when it was made")
        else:
            _take(node, draft)
    return draft.done(body)


def _take(node: Node, draft: Draft) -> None:
    whole = " ".join(filter(None, (node.text(name) for name in NAMES)))
    strong, weak = [whole, node.text("NAME_ORIGINAL_SCRIPT")], list[str]()
    for alias in node.all(f"{node.tag}_ALIAS"):
        low = alias.text("QUALITY").casefold() == LOW
        (weak if low else strong).append(alias.text("ALIAS_NAME"))
    places = [
        *node.texts("NATIONALITY", "VALUE"),
        *node.texts(f"{node.tag}_ADDRESS", "COUNTRY"),
        *node.texts("INDIVIDUAL_PLACE_OF_BIRTH", "COUNTRY"),
    ]
    party = ListedParty(
        node.text("DATAID") or node.text("REFERENCE_NUMBER"),
        KINDS[node.tag],
        named(strong, weak),
        draft.years(_born(node), node.line, "INDIVIDUAL_DATE_OF_BIRTH"),
        draft.countries(places, node.line, "COUNTRY"),
        tuple(filter(None, (node.text("UN_LIST_TYPE"), node.text("REFERENCE_NUMBER")))),
    )
    draft.add(party, node.line, "DATAID")


def _born(node: Node) -> Iterator[str]:
    for birth in node.all("INDIVIDUAL_DATE_OF_BIRTH"):
        about = "circa " if birth.text("TYPE_OF_DATE") == "APPROXIMATELY" else ""
        if span := birth.texts("FROM_YEAR"):
            yield f"{span[0]} to {birth.text('TO_YEAR') or span[0]}"
        for tag in ("DATE", "YEAR"):
            if text := birth.text(tag):
                yield about + text
