"""Topics are adopted from a plan's theme table, checked against the subjects of the packs."""

from __future__ import annotations

from collections.abc import Iterator

from pydantic import BaseModel, ConfigDict

from jiaoyan.api import Adopting, Group, Hooks, Record, Ref, School, hook
from jiaoyan_subjects.registers import Topic


class SubjectLine(BaseModel):
    """[[subjects.subject]] of a pack: a subject, the words it also goes by."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str
    label: str
    aliases: tuple[str, ...] = ()
    stages: tuple[str, ...] = ()


class TopicLine(BaseModel):
    """[[subjects.topic]] of a pack: a topic that a district offers for a subject and its grades."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str
    subject: str
    grades: tuple[str, ...] = ()
    title: str


def subjects(school: School) -> list[SubjectLine]:
    """The subjects taught at the school's stage."""
    lines = school.packs.items("subjects.subject", SubjectLine).values()
    return [line for line in lines if not line.stages or school.settings.stage in line.stages]


def topics(school: School) -> list[TopicLine]:
    """The topics that the packs offer."""
    return list(school.packs.items("subjects.topic", TopicLine).values())


class Subjects(Hooks):
    @hook
    def adopt(self, context: Adopting) -> Iterator[Record]:
        """A theme table becomes topics, one a row."""
        names = {word: line.label for line in subjects(context.school) for word in (line.label, *line.aliases)}
        groups = context.school.records(Group).all()
        for clause in context.clauses:
            if clause.table != "topic":
                continue
            subject = str(clause.facts.get("subject", ""))
            subject = names.get(subject, subject)
            group = next((g for g in groups if g.kind == "research" and subject and g.subject == subject), None)
            yield Topic(
                subject=subject or "综合", grade=str(clause.facts.get("grade", "")), title=str(clause.facts.get("title", ""))[:120],
                group=Ref(group.id if group else ""), term=Ref(context.term.id), plan=Ref(context.plan.id),
                clause=Ref(clause.id), origin=clause.id,
            )
