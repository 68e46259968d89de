"""Roll call (考勤): who is expected at an activity, what is preset, what it adds up to, what is saved of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from jiaoyan.errors import Problem, Refused
from jiaoyan.model.activities import ACTIVITY, HELD, Activity, Participant
from jiaoyan.records import Ref, plain
from jiaoyan.staff import Member, Staff

PRESETS = {"公假": "duty", "出差": "duty", "外出培训": "duty", "外出学习": "duty", "事假": "personal", "病假": "sick"}
"""人员状态 on the day → the attendance that is preset; everybody else is 出勤 until a person says otherwise."""
EXPECTED = ("present", "late", "early", "personal", "sick", "duty", "absent")
"""应到: everybody but 列席."""
THERE = ("present", "late", "early")
LEAVE = ("personal", "sick")


@dataclass(frozen=True, slots=True)
class Line:
    """One person on the roll: a colleague by id, or a guest by name alone."""

    teacher: str
    name: str
    attendance: str = "present"
    spoke: bool = False
    role: str = "participant"
    note: str = ""


@dataclass(frozen=True, slots=True)
class Apart:
    """A member of the group who is not on the roll, and why: 产假, 借出; or put there after it was saved."""

    teacher: str
    name: str
    reason: str


@dataclass(frozen=True, slots=True)
class Roll:
    """The roll as it opens. `saved` tells that somebody has called it before."""

    lines: tuple[Line, ...]
    apart: tuple[Apart, ...]
    saved: bool


@dataclass(frozen=True, slots=True)
class Totals:
    """应到 = 实到 + 请假 + 公假 + 缺勤, whoever is 列席 left out; 迟到 and 早退 are among 实到."""

    expected: int
    there: int
    late: int
    early: int
    leave: int
    duty: int
    absent: int
    guests: int
    spoke: int

    @property
    def rate(self) -> Decimal | None:
        """出勤率 in per cent, to one decimal; None where nobody could have come."""
        asked = self.expected - self.duty
        if asked <= 0:
            return None
        return (Decimal(100 * self.there) / asked).quantize(Decimal("0.1"), ROUND_HALF_UP)

    @property
    def formula(self) -> str:
        """出勤率 as it was reckoned: 实到 10 ÷ (应到 12 − 公假 1) = 90.9%."""
        if self.rate is None:
            return "出勤率:没有应到的人"
        asked = f"(应到 {self.expected} − 公假 {self.duty})" if self.duty else f"应到 {self.expected}"
        return f"出勤率 = 实到 {self.there} ÷ {asked} = {plain(self.rate)}%"


def roll_of(activity: Activity, staff: Staff) -> Roll:
    """The roll of an activity: as it was saved, else all members of its groups; of the school, where it names no group, no
    speaker and nobody who takes part."""
    members = _members(activity, staff)
    saved = any(p.attendance for p in activity.participants)
    listed = [_line_of(p, staff) for p in activity.participants]
    on_roll = {line.teacher for line in listed if line.teacher}
    absent = [m for m in members if m.id not in on_roll]
    apart = [Apart(m.id, m.teacher.name, str(m.facts["state"])) for m in absent if m.away and not m.gone]
    here = [m for m in absent if not m.away]
    if saved:
        late_comers = [Apart(m.id, m.teacher.name, "未列入") for m in here]
        return Roll(tuple(listed), (*apart, *late_comers), True)
    lines = [line_for(m) for m in here]
    return Roll((*_in_order(listed, lines, staff),), tuple(apart), False)


def _members(activity: Activity, staff: Staff) -> list[Member]:
    if not activity.groups:
        return list(staff.members.values()) if whole_school(activity) else []
    wanted = set(activity.groups)
    return [m for m in staff.members.values() if wanted & set(m.facts["groups"])]


def whole_school(activity: Activity) -> bool:
    """Is everybody meant? A lesson that some have heard names its people instead."""
    return not (activity.groups or activity.participants or activity.speaker or activity.guest)


def _in_order(listed: Iterable[Line], lines: Iterable[Line], staff: Staff) -> list[Line]:
    """花名册 order, guests from outside last."""
    order = {id: number for number, id in enumerate(staff.members)}
    return sorted((*lines, *listed), key=lambda line: order.get(line.teacher, len(order)))


def _line_of(participant: Participant, staff: Staff) -> Line:
    name = staff.name(participant.teacher) or participant.name or participant.teacher
    return Line(
        participant.teacher, name, participant.attendance or "present", participant.spoke, participant.role, participant.note
    )


def line_for(member: Member, attendance: str = "") -> Line:
    """A colleague on the roll, with what his state presets unless an attendance is given."""
    return Line(member.id, member.teacher.name, attendance or PRESETS.get(str(member.facts["state"]), "present"))


def totals(lines: Iterable[Line]) -> Totals:
    there = list(lines)

    def count(*states: str) -> int:
        return sum(line.attendance in states for line in there)

    return Totals(
        count(*EXPECTED), count(*THERE), count("late"), count("early"), count(*LEAVE), count("duty"), count("absent"),
        count("guest"), sum(line.spoke for line in there),
    )


def called(activity: Activity, lines: Iterable[Line]) -> Activity:
    """The activity with its roll: 已开展, where it was only planned. Raises Refused when it was called off."""
    state = activity.state
    if state == "cancelled":
        raise Refused(Problem(activity.title, "活动已停开,不能考勤", "如已恢复,请先把状态改为“计划”或“已开展”"))
    flow = ACTIVITY.workflow
    if state not in HELD and flow is not None and flow.step(state, "held"):
        state = "held"
    participants = tuple(
        Participant(
            teacher=Ref(line.teacher), name="" if line.teacher else line.name, role=line.role, attendance=line.attendance,
            spoke=line.spoke and line.attendance in (*THERE, "guest"), note=line.note,
        )
        for line in lines
    )
    return activity.but(participants=participants, state=state)
