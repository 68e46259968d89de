"""Topics are adopted from a plan's theme table, checked against the subjects of the packs; a group sees those that are offered."""

from __future__ import annotations

from collections.abc import Iterator

from pydantic import BaseModel, ConfigDict

from jiaoyan.api import Adopting, Group, Hooks, Record, Ref, School, Sheet, Showing, hook
from jiaoyan_subjects.registers import TOPIC_STATES, Topic


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

    @hook
    def sheets(self, context: Showing) -> Iterator[Sheet]:
        """The topics that the packs offer a 教研组, and which of them it studies."""
        if context.register != "group":
            return
        school = context.school
        group = school.records(Group).get(context.record)
        named = {name for line in subjects(school) if group.subject in (line.label, *line.aliases) for name in (line.id, line.label)}
        offered = [line for line in topics(school) if line.subject in named]
        if not offered or group.kind != "research":
            return
        chosen = {topic.title: TOPIC_STATES[topic.state] for topic in school.records(Topic).all()}
        rows = [(line.title, "、".join(line.grades), chosen.get(line.title, "")) for line in offered]
        marks = tuple("ok" if state else "" for *_, state in rows)
        yield Sheet("可选的教研主题", ("主题", "年级", "现状"), tuple(rows), "选用:在“教研主题”里新增一条,主题照抄", marks)
