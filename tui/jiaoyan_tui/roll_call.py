"""考勤: the whole group on one screen, all 出勤 preset, one key a change; nothing counts before it is saved."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, replace
from datetime import date
from typing import TYPE_CHECKING, Any, ClassVar

from textual.app import ComposeResult
from textual.strip import Strip
from textual.timer import Timer
from textual.widget import Widget

from jiaoyan.errors import Conflict, JiaoyanError
from jiaoyan.model.activities import ACTIVITY_STATES, ATTENDANCE, Activity
from jiaoyan.roll_call import Apart, Line, Roll, called, line_for, roll_of, totals, whole_school
from jiaoyan.staff import Staff
from jiaoyan.terms import When, parse_day
from jiaoyan_tui.actions import action, key_in_force
from jiaoyan_tui.drafts import Drafts
from jiaoyan_tui.lines import Piece, strip_of
from jiaoyan_tui.page import Page
from jiaoyan_tui.roll_view import STATES, RollView
from jiaoyan_tui.theme import look_of

if TYPE_CHECKING:
    from jiaoyan.school import School

KEEP_AFTER = 1.5
LEGEND = " ".join(f"{number} {ATTENDANCE[state]}" for number, state in enumerate(STATES, 1)) + " 9 发言  打首字母找人"


class InfoLines(Widget):
    """A few lines that the page says."""

    DEFAULT_CSS = "InfoLines { height: auto; }"

    def __init__(self, count: int) -> None:
        super().__init__()
        self.styles.height = count
        self._lines: list[list[Piece]] = []

    def show(self, *lines: list[Piece]) -> None:
        if list(lines) != self._lines:
            self._lines = list(lines)
            self.refresh()

    def render_line(self, y: int) -> Strip:
        pieces = self._lines[y] if y < len(self._lines) else []
        return strip_of([(" ", "text"), *pieces], self.size.width, look_of(self.app))


def _no_line(page: RollCallPage) -> str:
    return "" if page.view.line is not None else "名单是空的"


class RollCallPage(Page):
    """Closes with the activity's id once it is saved."""

    crumb = "考勤"
    typed_in: ClassVar[bool] = True

    def __init__(self, school: School, activity_id: str) -> None:
        super().__init__(school)
        self.activity: Activity = school.records(Activity).get(activity_id)
        self.staff = self._staff()
        self.roll: Roll = roll_of(self.activity, self.staff)
        self.people = list(self.roll.lines)
        self.view = RollView()
        self._head, self._sums = InfoLines(1), InfoLines(4)
        self._drafts = Drafts(school.folder, "activity.roll", activity_id)
        self._keeping: Timer | None = None
        self._past: list[list[Line]] = []
        self._saving = self._left = False

    def _staff(self) -> Staff:
        return self.school.staff(self.activity.when.last)

    def body(self) -> ComposeResult:
        yield self._head
        yield self.view
        yield self._sums

    def on_mount(self) -> None:
        self._show()
        self._offer_draft()

    def reload(self) -> None:
        """Somebody has written: what is not touched here is read again; what is stays."""
        activity = self.school.records(Activity).get(self.activity.id)
        if not self.changed:
            self.activity, self.staff = activity, self._staff()
            self.roll = roll_of(activity, self.staff)
            self.people = list(self.roll.lines)
        self._show()

    @property
    def changed(self) -> bool:
        return tuple(self.people) != self.roll.lines

    @property
    def unsaved(self) -> str:
        return "考勤还没有保存" if self.changed and not self._left else ""

    # ---- showing ----------------------------------------------------------------------------------------------------
    @property
    def apart(self) -> list[Apart]:
        """Members who are not on the roll now: those away, those not listed, those taken off."""
        on_roll = {line.teacher for line in self.people}
        taken_off = [Apart(line.teacher, line.name, "已移出") for line in self.roll.lines if line.teacher not in on_roll]
        return [one for one in (*self.roll.apart, *taken_off) if one.teacher not in on_roll]

    def _show(self) -> None:
        activity = self.activity
        groups = "、".join(self.school.name_of("group", group) for group in activity.groups)
        groups = groups or ("全校" if whole_school(activity) else "")
        self._head.show([
            (activity.title, "title"),
            (f"  {self.school.kinds.label(activity.kind)}  {activity.when}  {groups}  {activity.place}", "text"),
        ])
        self.view.show(self.people)
        self._sum_up()

    def _sum_up(self) -> None:
        found = totals(self.people)
        apart = "、".join(f"{one.name}({one.reason})" for one in self.apart) or "没有"
        state = "有改动,还没有保存" if self.changed else "已保存" if self.roll.saved else "还没有保存:保存后才计入"
        self._sums.show(
            [(f"应到 {found.expected}  实到 {found.there}", "title"),
             (f"  迟到 {found.late}  早退 {found.early}  请假 {found.leave}  公假 {found.duty}  缺勤 {found.absent}"
              f"  列席 {found.guests}  发言 {found.spoke}", "text")],
            [(found.formula, "text"), (f"   {ACTIVITY_STATES[self.activity.state]},{state}",
                                       "ok" if self.roll.saved and not self.changed else "slow")],
            [(f"不在应到之内:{apart}", "muted")],
            [(LEGEND, "key")],
        )

    def _put(self, people: list[Line], *, back: bool = False) -> None:
        if not back:
            self._past.append(self.people)
        self.people = people
        self.view.show(people)
        self._sum_up()
        self.refresh_frame()
        if self._keeping is not None:
            self._keeping.stop()
        self._keeping = self.set_timer(KEEP_AFTER, self.keep_draft)

    # ---- calling ----------------------------------------------------------------------------------------------------
    def on_roll_view_given(self, event: RollView.Given) -> None:
        people = list(self.people)
        line = people[event.index]
        people[event.index] = replace(line, attendance=event.state) if event.state else replace(line, spoke=not line.spoke)
        self._put(people)

    def on_roll_view_sought(self, event: RollView.Sought) -> None:
        if not event.text:
            self.hush()
        else:
            self.say(f"找:{event.text}" if event.found else f"名单里没有“{event.text}”", "muted" if event.found else "slow")

    def step_back(self) -> bool:
        return self.view.forget()

    @action("roll.add", "加人", "f5", "insert", "plus", tip="加一位同事(列席)、一个小组或校外人员", rank=20)
    def add_person(self) -> None:
        from jiaoyan_tui.person_dialog import PersonDialog

        self.open(PersonDialog(self.school), lambda found: self._added(*found) if found else None)

    def _added(self, register: str, value: str) -> None:
        members = self.staff.members
        own = {one.teacher for one in self.roll.apart}
        if register == "teacher" and value in members:
            new = [line_for(members[value], "" if value in own and not members[value].away else "guest")]
        elif register == "group":
            new = [line_for(member) for member in self.staff.of_group(value)]
        else:
            new = [Line("", value, "guest")]
        there = {(line.teacher, line.name): number for number, line in enumerate(self.people)}
        fresh = [line for line in new if (line.teacher, line.name) not in there]
        if not fresh:
            self.say("已在名单里", "muted")
            self.view.go_to(there[new[0].teacher, new[0].name] if new else 0)
            return
        self._put([*self.people, *fresh])
        self.view.go_to(len(self.people) - len(fresh))
        self.say(f"已加 {fresh[0].name}" + (f" 等 {len(fresh)} 人" if len(fresh) > 1 else f":{ATTENDANCE[fresh[0].attendance]}"))

    @action("roll.remove", "移出", "f8", "delete", tip="把光标所在的人移出名单", why_not=_no_line, rank=40)
    def remove_person(self) -> None:
        at = self.view.at
        name = self.people[at].name
        self._put([*self.people[:at], *self.people[at + 1:]])
        self.say(f"已移出 {name};按 {key_in_force('roll.add')} 可再加进来", "muted")

    @action("roll.note", "说明", "f4", tip="给光标所在的人写一句说明", why_not=_no_line, rank=30)
    def write_note(self) -> None:
        at = self.view.at
        line = self.people[at]

        def written(text: str) -> None:
            self._put([*self.people[:at], replace(line, note=text.strip()[:200]), *self.people[at + 1:]])

        self.ask(f"{line.name}的说明", written, text=line.note)

    @action("roll.all_present", "全部出勤", "f6", tip="除列席外都改回出勤", why_not=_no_line, rank=50)
    def set_all_present(self) -> None:
        self._put([line if line.attendance == "guest" else replace(line, attendance="present") for line in self.people])

    @action("roll.undo", "撤回", "ctrl+z", "f12", "u", tip="撤回刚才的一步", rank=60)
    def undo(self) -> None:
        if self._past:
            self._put(self._past.pop(), back=True)
        else:
            self.say("没有可撤回的", "muted")

    @action("roll.next", "下一个同名", "f9", tip="找到的名字不止一个时,到下一个")
    def find_next(self) -> None:
        self.view.seek_next()

    # ---- saving -----------------------------------------------------------------------------------------------------
    @action("roll.save", "保存", "f2", "ctrl+s", tip="保存考勤;计划中的活动改为已开展", rank=10)
    def save(self) -> None:
        if self._saving:
            return
        if not self.people:
            self.say("名单是空的,没有可保存的", "slow")
        elif self.activity.when.day is None:
            self.ask(f"活动是哪一天开展的?(计划:{self.activity.when})", self._held_on, hint="如 9.16、周三、今天")
        elif self.activity.when.day > self.school.today:
            self.confirm(f"活动定在 {self.activity.when},还没有到。现在就保存考勤?", self._save, yes="保存")
        else:
            self._save()

    def _held_on(self, text: str) -> None:
        day: date = parse_day(text, self.school.today)
        self._save(When.on(day))

    def _save(self, when: When | None = None) -> None:
        activity = called(self.activity, self.people)
        if when is not None:
            activity = activity.but(when=when)
        self._saving = True

        def write() -> str:
            with self.school.change(f"考勤 {activity.title}") as change:
                change.save(activity)
            return activity.id

        self.work(write, self._saved)

    def _saved(self, id: str) -> None:
        self._left = True
        if self._keeping is not None:
            self._keeping.stop()
        self._drafts.drop()
        self.dismiss(id)

    def tell(self, error: Exception) -> None:
        self._saving = False
        if isinstance(error, Conflict) and error.theirs:
            self._both_called(self.school.records(Activity).record(error.theirs))
        else:
            super().tell(error)

    def _both_called(self, theirs: Activity) -> None:
        """Somebody else has called the same roll meanwhile: one of the two holds."""
        other = roll_of(theirs, self.staff)
        found = totals(other.lines)
        options = [("mine", "用我记的"), ("theirs", f"用别人记的(应到 {found.expected},实到 {found.there})")]

        def answered(answer: str) -> None:
            self.activity, self.roll = theirs, other
            if answer == "mine":
                self._save()
            else:
                self._put(list(other.lines))

        self.choose("别人刚刚也保存了这次活动的考勤", options, answered)

    # ---- drafts -----------------------------------------------------------------------------------------------------
    def keep_draft(self) -> None:
        """Keeps what is marked but not saved, for when the line drops."""
        if self.changed and not self._left:
            lines = [asdict(line) for line in self.people]
            self._drafts.keep({"roll": {"lines": lines}}, self.school.now(), self.activity.rev)

    def on_unmount(self) -> None:
        self.keep_draft()

    def _offer_draft(self) -> None:
        draft = self._drafts.find()
        lines = _lines_of(draft.texts) if draft is not None else []
        if not lines:
            return

        def answered(answer: str) -> None:
            if answer == "take":
                self._put(lines)
            else:
                self._drafts.drop()

        self.choose("上次的考勤记了没有保存,要接着记吗?", [("take", "接着记"), ("drop", "不要了,重新记")], answered)

    @action("page.back", "返回", "escape", tip="不保存就离开;记过的会先问", rank=900)
    def go_back(self) -> None:
        if self.step_back():
            return
        if not self.changed:
            self.dismiss(None)
            return
        answers: dict[str, Callable[[], object]] = {
            "save": self.save, "draft": lambda: self._leave(keep=True), "drop": lambda: self._leave(keep=False), "stay": lambda: None,
        }
        options = [("save", "保存"), ("draft", "先离开,留作草稿"), ("drop", "不要了"), ("stay", "继续")]
        self.choose("考勤还没有保存", options, lambda answer: answers[answer]())

    def _leave(self, *, keep: bool) -> None:
        if keep:
            self.keep_draft()
        else:
            self._drafts.drop()
        self._left = True
        self.dismiss(None)


def _lines_of(texts: Mapping[str, Mapping[str, Any]]) -> list[Line]:
    """The lines of a draft; none where it is not sound."""
    try:
        lines = [Line(**line) for line in texts["roll"]["lines"]]
    except (KeyError, TypeError, JiaoyanError):
        return []
    return lines if all(line.attendance in STATES for line in lines) else []
