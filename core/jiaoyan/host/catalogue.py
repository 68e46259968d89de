"""Catalogue: what every register and kind ever active was, so that rows and figures outlive the plugin that made them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jiaoyan.access import private_fields
from jiaoyan.errors import NotFound, PluginFailed
from jiaoyan.kinds import Kind
from jiaoyan.registers import Facet, Register
from jiaoyan.store import Store, TableSpec

if TYPE_CHECKING:
    from jiaoyan.school import School

CATALOGUE = TableSpec("catalogue")


class Catalogue:
    """One document a register, facet or kind: id, what, title, plugin, schema, json_schema, labels, private, rights."""

    def __init__(self, store: Store) -> None:
        self._table = store.table(CATALOGUE.name)

    def documents(self) -> dict[str, dict[str, Any]]:
        return {document["id"]: document for document in self._table.page()}

    def kinds(self) -> dict[str, Kind]:
        """The kinds of all plugins ever active."""
        found = {}
        for document in self.documents().values():
            if document["what"] == "kind":
                facts = document["kind"]
                lists = {name: tuple(facts[name]) for name in ("aliases", "of", "owed")}
                found[facts["id"]] = Kind(**{**facts, **lists})
        return found

    def record(self, school: School) -> None:
        """Write down every register, facet and kind that is active now. Within a transaction."""
        known = self.documents()
        for document in _all_documents(school):
            if known.get(document["id"]) != document:
                self._table.put(document)


def _all_documents(school: School) -> list[dict[str, Any]]:
    owners: list[Register[Any] | Facet[Any]] = []
    for id, _, _ in school.register_titles():
        try:
            owners.append(school.register(id))
        except (PluginFailed, NotFound):
            continue  # it failed now, or with the register before it: the host has the cause
    for _, line in school.host.facets():
        try:
            owners.append(school.facet(line.id))
        except (PluginFailed, NotFound):
            continue
    kinds = [
        {"id": f"kind:{kind.id}", "what": "kind", "title": kind.label, "kind": _kind_facts(kind)} for kind in school.packs.kinds()
    ]
    return [_described(owner) for owner in owners] + kinds


def _kind_facts(kind: Kind) -> dict[str, Any]:
    return {
        "id": kind.id, "label": kind.label, "unit": kind.unit, "parent": kind.parent, "aliases": list(kind.aliases),
        "of": list(kind.of), "planned_as": kind.planned_as,
        "roles": dict(kind.roles), "counts_as": dict(kind.counts_as), "owed": list(kind.owed), "until": kind.until,
        "source": kind.source,
    }


def _described(owner: Register[Any] | Facet[Any]) -> dict[str, Any]:
    facts: dict[str, Any] = {
        "id": owner.id, "what": "register" if isinstance(owner, Register) else "facet", "title": owner.title,
        "plugin": owner.plugin, "schema": owner.schema, "json_schema": owner.model.model_json_schema(),
        "private": list(private_fields(owner)), "columns": list(owner.columns),
    }
    if isinstance(owner, Register):
        facts["label"] = list(owner.named())
        facts["rights"] = {"read": sorted(owner.rights.read), "write": sorted(owner.rights.write)}
    else:
        facts["of"] = owner.of
    return facts
