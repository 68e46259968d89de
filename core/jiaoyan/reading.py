"""Records: the reading door to one register, with the actor's rights and private marks applied."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from pydantic import ValidationError

from jiaoyan.access import masked, private_fields, require_read
from jiaoyan.conditions import AnyOf, Condition, In, Is, Text, resolved
from jiaoyan.errors import Ambiguous, Damaged, NotFound, Problem
from jiaoyan.messages import problems_of
from jiaoyan.records import ALPHABET, ID_LENGTH, Record
from jiaoyan.registers import Register
from jiaoyan.store import StoreTable

if TYPE_CHECKING:
    from jiaoyan.school import School

R = TypeVar("R", bound=Record)
SHORTEST_PREFIX = 4


class Records(Generic[R]):
    """Reads one register. Documents are plain JSON (for tables), records are models (for rules)."""

    def __init__(self, school: School, register: Register[R]) -> None:
        require_read(school.actor, register)
        self.school, self.register = school, register
        self._hidden = () if school.actor.has("private") else private_fields(register)

    @property
    def table(self) -> StoreTable:
        return self.school.store.table(self.register.id)

    # ---- documents --------------------------------------------------------------------------------------------------
    def documents(
        self, where: Condition | None = None, sort: tuple[str, ...] = (), first: int = 0, size: int | None = None
    ) -> list[dict[str, Any]]:
        """One page of documents in the usual or the given order."""
        found = self.table.page(self._resolved(where), sort or self.usual_sort, first, size)
        return [masked(document, self._hidden) for document in found] if self._hidden else found

    def those(self, ids: Sequence[str]) -> list[dict[str, Any]]:
        """The documents of ids in their order, those that are gone left out."""
        found = self.table.by_ids(ids)
        return [masked(found[id], self._hidden) for id in ids if id in found]

    def column(self, path: str, where: Condition | None = None) -> list[tuple[str, Any]]:
        """(id, the value of a field) in the usual order, lists and objects as JSON text; None where the actor may not see it."""
        found = self.table.column(path, self._resolved(where), self.usual_sort)
        return [(id, None) for id, _ in found] if path.partition(".")[0] in self._hidden else found

    def document(self, id: str) -> dict[str, Any] | None:
        found = self.table.by_id(id)
        return masked(found, self._hidden) if found is not None else None

    def count(self, where: Condition | None = None) -> int:
        return self.table.count(self._resolved(where))

    def place(self, id: str, where: Condition | None = None, sort: tuple[str, ...] = ()) -> int | None:
        """Which row of that order a record is, from 0."""
        return self.table.place(id, self._resolved(where), sort or self.usual_sort)

    @property
    def usual_sort(self) -> tuple[str, ...]:
        first = self.register.sort[0] if self.register.sort else ""
        return ("-",) if first.startswith("-") else ()

    def _resolved(self, where: Condition | None) -> Condition | None:
        return resolved(where, self.school.tree) if where is not None else None

    # ---- records ----------------------------------------------------------------------------------------------------
    def get(self, id: str) -> R:
        """Raises NotFound; Damaged where the stored document no longer fits its model."""
        document = self.document(id)
        if document is None:
            raise NotFound(Problem(self.register.title, f"没有编号 {id} 的记录", f"查看:jiaoyan list {self.register.id}"))
        return self.record(document)

    def record(self, document: Mapping[str, Any]) -> R:
        """The model of a stored document. Raises Damaged."""
        try:
            return self.register.model.of_document(document)
        except ValidationError as error:
            where = f"{self.register.title} {document.get('id', '')}"
            raise Damaged(*problems_of(error, self.register.model, where)) from None

    def page(
        self, where: Condition | None = None, sort: tuple[str, ...] = (), first: int = 0, size: int | None = None
    ) -> list[R]:
        return [self.record(document) for document in self.documents(where, sort, first, size)]

    def all(self, where: Condition | None = None, sort: tuple[str, ...] = (), size: int | None = None) -> list[R]:
        """Every record that fits its model, or the first so many; a damaged one costs only itself (`verify` lists it)."""
        return list(self._sound(self.documents(where, sort, size=size)))

    def _sound(self, documents: list[dict[str, Any]]) -> Iterator[R]:
        for document in documents:
            try:
                yield self.record(document)
            except Damaged:
                continue

    def find(self, text: str) -> R:
        """By id, a unique beginning of one (from 4 letters), a unique name, or words that only one record is found by.

        Raises NotFound, Ambiguous.
        """
        text = text.strip()
        if len(text) == ID_LENGTH and (document := self.document(text)) is not None:
            return self.record(document)
        named = [Is(field=field, value=text) for field in self.register.named()]
        found = self.documents(AnyOf(of=tuple(named)), size=6)
        if not found and len(text) >= SHORTEST_PREFIX and set(text) <= set(ALPHABET):
            found = self.documents(In(field="id", values=tuple(self.table.ids_like(text, 6) or ("",))), size=6)
        if not found and text:
            found = self.documents(Text(words=tuple(text.lower().split())), size=6)
        if len(found) == 1:
            return self.record(found[0])
        if not found:
            raise NotFound(Problem(self.register.title, f"没有“{text}”", f"查看:jiaoyan list {self.register.id}"))
        raise Ambiguous(
            *(Problem(self.register.title, f"{self.school.label(self.register, d)}  {d['id']}") for d in found),
            Problem(self.register.title, f"“{text}”不止一个", "请用编号(至少前 4 位)"),
        )
