"""EU consolidated financial sanctions (FSF), XML 1.1: an element ``sanctionEntity`` a party."""

from __future__ import annotations

from customs.screening.lists.reading import Draft, cut, day_of, named
from customs.screening.lists.xml import Node, entities
from customs.screening.model import ListedParty, PartyList

__all__ = ["read"]

KINDS = {"person": "person", "P": "person", "enterprise": "entity", "E": "entity"}
PLACES = ("citizenship", "address", "birthdate")
NOWHERE = "00"


def read(file: str, body: bytes, list_id: str) -> PartyList:
    """The list; its day is that of its generation. An alias marked ``strong="false"`` is weak."""
    draft = Draft(list_id, "eu", file)
    for node in entities(body, "export", ("sanctionEntity",), draft):
        if node.tag == "export":
            draft.published = day_of(node.get("generationDate"))
            if draft.published is None:
                draft.note(node.line, "generationDate", "the list does not say when it was made")
        else:
            _take(node, draft)
    return draft.done(body)


def _take(node: Node, draft: Draft) -> None:
    subject = next(node.all("subjectType"), node)
    kind = KINDS.get(subject.get("code")) or KINDS.get(subject.get("classificationCode"))
    if kind is None:
        cause = f"unknown subject type {cut(subject.get('code'))!r}"
        draft.wrong(subject.line, "subjectType", cause, "person or enterprise")
        return
    strong, weak = list[str](), list[str]()
    for alias in node.all("nameAlias"):
        parts = (alias.get("firstName"), alias.get("middleName"), alias.get("lastName"))
        name = alias.get("wholeName") or " ".join(filter(None, parts))
        if not name:
            draft.wrong(alias.line, "nameAlias", "the name is empty")
        (weak if alias.get("strong") == "false" else strong).append(name)
    born = [
        ("circa " if each.get("circa") == "true" else "") + year
        for each in node.all("birthdate")
        if (year := each.get("year") or each.get("birthdate"))
    ]
    codes = [each.get("countryIso2Code") for place in PLACES for each in node.all(place)]
    programmes = [each.get("programme") for each in node.all("regulation")]
    party = ListedParty(
        node.get("logicalId") or node.get("euReferenceNumber"),
        kind,
        named(strong, weak),
        draft.years(born, node.line, "birthdate"),
        draft.countries((code for code in codes if code != NOWHERE), node.line, "countryIso2Code"),
        tuple(dict.fromkeys(filter(None, programmes))),
    )
    draft.add(party, node.line, "logicalId")
