"""A form while it is filled in, without a screen: sections, what stands in each field, what is wrong, and the records made."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, ValidationError
from pydantic_core import to_jsonable_python

from jiaoyan.conditions import resolved
from jiaoyan.errors import BadInput, Damaged, JiaoyanError, Problem
from jiaoyan.kinds import ROLES
from jiaoyan.messages import problem_of
from jiaoyan.model.activities import HELD
from jiaoyan.records import Record
from jiaoyan.registers import Facet, Register
from jiaoyan_tui.form_fields import TIMES, TYPED, Field, echo, entry_of, form_fields, term_now, value_of

if TYPE_CHECKING:
    from jiaoyan.school import School

NONE = ""
"""Under this name stands what is wrong with a section as a whole."""
_EMPTY: tuple[Any, ...] = ("", None, [], ())
_TOO_LITTLE = ("missing", "string_too_short", "too_short")


class Section:
    """The fields of one model: the record itself, a plugin's facet of it, or one item of a list."""

    def __init__(
        self, school: School, key: str, title: str, model: type[BaseModel], fields: Mapping[str, Field],
        stored: BaseModel | None, preset: Mapping[str, Any], *, optional: bool = False,
    ) -> None:
        self.school, self.key, self.title, self.model = school, key, title, model
        self.fields = dict(fields)
        self.stored = stored
        self.optional = optional
        """A facet that is not there yet: nothing is asked of it until something is typed."""
        self.past = True
        self._term = term_now(school)
        self._given: dict[str, Any] = dict(preset) if stored is None else {}
        plain = to_jsonable_python(stored if stored is not None else self._given)
        self.initial: dict[str, Any] = {
            name: entry_of(field, plain.get(name, field.default), self._term) for name, field in self.fields.items()
        }
        self.entries = dict(self.initial)
        self._checked: tuple[dict[str, Any], dict[str, str], dict[str, Any]] | None = None

    def put(self, name: str, entry: Any) -> None:
        """Takes what was typed or chosen."""
        self.entries[name] = entry
        self._checked = None

    @property
    def changed(self) -> dict[str, Any]:
        """What differs from the beginning."""
        return {name: entry for name, entry in self.entries.items() if entry != self.initial[name]}

    @property
    def idle(self) -> bool:
        """An optional section in which nothing stands: it is not saved."""
        return self.optional and not self.changed and not self._given

    # ---- values -----------------------------------------------------------------------------------------------------
    def _values(self) -> tuple[dict[str, Any], dict[str, str]]:
        """Values for the model, and what could not be understood. What was not touched stays as it was stored."""
        values: dict[str, Any] = {}
        problems: dict[str, str] = {}
        for name, field in self.fields.items():
            entry = self.entries[name]
            if entry == self.initial[name]:
                if self.stored is not None:
                    continue
                if name not in self._given:
                    continue
                if field.widget not in TIMES or not isinstance(self._given[name], str):
                    values[name] = self._given[name]
                    continue
            try:
                value = value_of(self.school, self.model, field, entry, past=self.past)
            except JiaoyanError as error:
                problems[name] = "；".join(_words(problem) for problem in error.problems)
                continue
            if value is not None or not field.facts.required:
                values[name] = self._emptied(name, field) if value is None else value
        return values, problems

    def _emptied(self, name: str, field: Field) -> Any:
        return self.model.model_fields[name].get_default(call_default_factory=True, validated_data={})

    def _check(self) -> tuple[dict[str, Any], dict[str, str], dict[str, Any]]:
        if self._checked is None or self._checked[0] != self.entries:
            values, problems = self._values()
            whole = dict(values)
            if self.stored is not None:
                whole = {name: getattr(self.stored, name) for name in type(self.stored).model_fields} | values
            try:
                self.model.model_validate(whole)
            except ValidationError as error:
                for detail in error.errors(include_url=False):
                    name = str(detail["loc"][0]) if detail["loc"] else NONE
                    if name in problems:
                        continue
                    field = self.fields.get(name)
                    if field is not None and detail["type"] in _TOO_LITTLE and self.entries[name] in _EMPTY:
                        problems[name] = "必填"
                        continue
                    problem = problem_of(detail, self.model)
                    inside = problem.where.removeprefix(field.title).strip() if field is not None else ""
                    problems[name] = f"{inside} {_words(problem)}".strip()
            self._checked = (dict(self.entries), problems, values)
        return self._checked

    def problems(self) -> dict[str, str]:
        """What is wrong, by field; under "" what is wrong with all of it together."""
        return {} if self.idle else self._check()[1]

    def note(self, name: str) -> str:
        """What was understood of a field."""
        field = self.fields[name]
        if field.widget in TYPED and self.entries[name] and name not in self._check()[1]:
            values = self._check()[2]
            value = values.get(name, getattr(self.stored, name, None))
            return echo(self.school, field, value, self._term)
        return ""

    def record(self) -> BaseModel:
        """The validated model. Raises BadInput with every fault at once."""
        _, problems, values = self._check()
        if problems:
            raise BadInput(*(Problem(self._title(name), what) for name, what in problems.items()))
        if isinstance(self.stored, Record):
            return self.stored.but(**values)
        base = {} if self.stored is None else {name: getattr(self.stored, name) for name in type(self.stored).model_fields}
        return self.model.model_validate({**base, **values})

    def _title(self, name: str) -> str:
        return self.fields[name].title if name in self.fields else self.title

    def restore(self, changed: Mapping[str, Any]) -> int:
        """Puts what was typed earlier back; how many fields that were."""
        known = {name: entry for name, entry in changed.items() if name in self.fields}
        for name, entry in known.items():
            if isinstance(entry, type(self.entries[name])) or self.entries[name] is None:
                self.put(name, entry)
        return len(known)

    def clashes(self, theirs: BaseModel) -> dict[str, tuple[Any, Any]]:
        """Fields that were changed here and, differently, in what others have saved meanwhile: (mine, theirs)."""
        plain = to_jsonable_python(theirs)
        found = {}
        for name, mine in self.changed.items():
            other = entry_of(self.fields[name], plain.get(name), self._term)
            if other not in (self.initial[name], mine):
                found[name] = (mine, other)
        return found

    def rebase(self, theirs: BaseModel, give_way: Iterable[str]) -> None:
        """Goes on from what others have saved: what was changed here stays on top, but for the fields that give way."""
        mine = {name: entry for name, entry in self.changed.items() if name not in set(give_way)}
        plain = to_jsonable_python(theirs)
        self.stored, self.optional = theirs, False
        self.initial = {name: entry_of(field, plain.get(name, field.default), self._term) for name, field in self.fields.items()}
        self.entries = {**self.initial, **mine}
        self._checked = None

    def document(self) -> dict[str, Any]:
        """The record as it stands in the form, sound or not, for conditions to be asked of."""
        plain = dict(to_jsonable_python(self.stored)) if self.stored is not None else {}
        return plain | {n: e for n, e in self.entries.items() if self.fields[n].widget not in TIMES}


def _words(problem: Problem) -> str:
    return f"{problem.what}。{problem.remedy}" if problem.remedy and "jiaoyan" not in problem.remedy else problem.what


class FormModel:
    """A record's form: its own section first, then one for each facet of a working plugin."""

    def __init__(
        self, school: School, register: Register[Any], record: Record | None = None, preset: Mapping[str, Any] | None = None
    ) -> None:
        self.school, self.register, self.stored = school, register, record
        flow = register.workflow
        state = str(getattr(record, flow.field)) if flow is not None and record is not None else None
        fields = form_fields(school, register.model, register=register.id, flow=flow, state=state)
        given = {name: value for name, value in (preset or {}).items() if name in register.model.model_fields}
        self.base = Section(school, register.id, register.title, register.model, fields, record, given)
        self._facets: dict[str, Facet[Any]] = {}
        self.sections = [self.base]
        self.faults: list[Problem] = []
        """Facets that could not be opened; the rest of the form works."""
        for facet in self._working_facets():
            try:
                stored = facet_record(school, facet, record.id) if record is not None else None
            except Damaged as error:
                self.faults += error.problems
                continue
            more = (preset or {}).get(facet.id, {})
            self._facets[facet.id] = facet
            self.sections.append(
                Section(
                    school, facet.id, facet.title, facet.model, form_fields(school, facet.model, register=register.id), stored,
                    more, optional=stored is None,
                )
            )
        self._set_tense()

    def _working_facets(self) -> list[Facet[Any]]:
        try:
            return self.school.facets_of(self.register.id)
        except JiaoyanError as error:
            self.faults += error.problems
            return []

    def put(self, section: str, name: str, entry: Any) -> None:
        self.section(section).put(name, entry)
        if section == self.register.id:
            self._set_tense()

    def _set_tense(self) -> None:
        """周三 in a record is the last one; where something is still planned, the next."""
        flow = self.register.workflow
        state = self.base.entries.get(flow.field) if flow is not None else None
        planned = self.register.day == "when" and state not in HELD
        if self.base.past == planned:
            self.base.past = not planned
            self.base.put(*next(iter(self.base.entries.items())))

    def section(self, key: str) -> Section:
        return next(section for section in self.sections if section.key == key)

    def shown(self) -> list[Section]:
        """The sections that are offered for the record as it stands."""
        document = self.base.document()
        found = [self.base]
        for section in self.sections[1:]:
            condition = self._facets[section.key].shown
            if section.stored is not None or condition is None or resolved(condition, self.school.tree)(document):
                found.append(section)
        return found

    @property
    def dirty(self) -> bool:
        return any(section.changed for section in self.sections)

    def problems(self) -> dict[tuple[str, str], str]:
        return {(s.key, name): what for s in self.shown() for name, what in s.problems().items()}

    def section_of(self, document: Mapping[str, Any]) -> Section:
        """The section that a stored document belongs to, by its fields."""
        return max(self.sections, key=lambda section: len(set(section.model.model_fields) & set(document)))

    def records(self) -> list[Record]:
        """The record and the facets to save with it. Raises BadInput."""
        faults: list[Problem] = []
        made: list[Record] = []
        for section in self.shown():
            if section.idle:
                continue
            try:
                record = section.record()
            except BadInput as error:
                faults += error.problems
                continue
            assert isinstance(record, Record)
            if made and record.id != made[0].id:
                record = record.but(id=made[0].id)
            made.append(record)
        if faults:
            raise BadInput(*faults)
        return made

    def texts(self) -> dict[str, dict[str, Any]]:
        """What differs from the beginning, for a draft."""
        return {section.key: changed for section in self.sections if (changed := section.changed)}

    def filled(self) -> dict[str, dict[str, Any]]:
        """Everything that stands in the form, to be repeated in the next one."""
        return {section.key: dict(section.entries) for section in self.shown()}

    def restore(self, texts: Mapping[str, Mapping[str, Any]]) -> int:
        """Takes a draft back; how many fields it filled."""
        count = sum(section.restore(texts[section.key]) for section in self.sections if section.key in texts)
        self._set_tense()
        return count


def facet_record(school: School, facet: Facet[Any], id: str) -> Record | None:
    """A facet's record as it is stored; None where there is none. Raises Damaged."""
    document = school.store.table(facet.id).by_id(id)
    if document is None:
        return None
    try:
        record: Record = facet.model.of_document(document)
    except ValidationError as error:
        raise Damaged(*(problem_of(d, facet.model, facet.title) for d in error.errors(include_url=False))) from None
    return record


def part_section(school: School, title: str, field: Field, stored: Mapping[str, Any] | None, roles: Mapping[str, str]) -> Section:
    """The form of one item of a list."""
    model = field.facts.part
    assert model is not None
    fields = form_fields(school, model, register="part", roles=roles)
    item = model.model_validate(dict(stored)) if stored is not None else None
    return Section(school, field.name, title, model, fields, item, {})


def roles_in(school: School, document: Mapping[str, Any]) -> dict[str, str]:
    """The roles that people can have in what the record is about, as its kind calls them."""
    here = school.kinds.get(str(document.get("kind", "")))
    while here is not None and not here.roles:
        here = school.kinds.get(here.parent)
    usual = {"participant": ROLES["participant"]}
    return {**usual, **here.roles} if here is not None else usual
