"""What is done to records from any page: opened, edited, led to another state, deleted."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from jiaoyan.entering import changed, values_of
from jiaoyan.errors import TermLocked
from jiaoyan.listing import told_apart
from jiaoyan.records import Record
from jiaoyan.registers import Register
from jiaoyan.workflow import Step
from jiaoyan_tui.actions import key_in_force

if TYPE_CHECKING:
    from jiaoyan_tui.page import Page


MOST_AT_ONCE = 5000
"""Records that one change of a list may hold."""


def open_record(page: Page, register: str, id: str) -> None:
    """The record's own page: a plan with its clauses, anything else with all that is known of it."""
    if register == "plan":
        from jiaoyan_tui.plan_page import PlanPage

        page.open(PlanPage(page.school, id))
        return
    from jiaoyan_tui.detail import DetailPage

    page.open(DetailPage(page.school, page.school.register(register), id))


def open_list(page: Page, register: str, filter_text: str = "") -> None:
    from jiaoyan_tui.lists import ListPage

    page.open(ListPage(page.school, register, filter_text=filter_text))


def edit_record(page: Page, register: Register[Any], id: str) -> None:
    page.open_form(register, page.school.records(register).get(id))


def call_roll(page: Page, activity: str) -> None:
    from jiaoyan_tui.roll_call import RollCallPage

    page.open(RollCallPage(page.school, activity), lambda id: page.say("已保存考勤") if id is not None else None)


def delete_records(
    page: Page, register: Register[Any], ids: Sequence[str], then: Callable[[], object] = lambda: None
) -> None:
    """Asks, then deletes all of them or none, in a thread; refused with the reasons. `then` comes before the page reloads."""
    if too_many(page, ids):
        return
    documents = page.school.records(register).those(ids)
    if not documents:
        page.say("这条记录已经不在了", "slow")
        return
    name = page.school.label(register, documents[0])
    apart = told_apart(page.school, register, documents[0])
    what = f"“{apart}”" if len(documents) == 1 else f"“{name}”等 {len(documents)} 条"

    def remove() -> None:
        with page.school.change(f"删除{register.title}:{name}{'等' if len(documents) > 1 else ''}") as change:
            for document in documents:
                change.remove(register.id, document["id"], document["rev"])

    def done(_: None) -> None:
        then()
        page.reload()
        page.say(f"已删除{f'“{name}”' if len(documents) == 1 else what}。按 {key_in_force('page.undo')} 可以撤销")

    question = f"删除{register.title}{what}?删除后可以撤销。"
    page.confirm(question, lambda: page.work(remove, done, "删除"), dangerous=True, yes="删除")


def too_many(page: Page, ids: Sequence[str]) -> bool:
    """Says so where more are selected than one change should hold."""
    if len(ids) > MOST_AT_ONCE:
        page.say(f"选中了 {len(ids)} 条,一次最多改 {MOST_AT_ONCE} 条。请先筛选,分几次做", "slow")
    return len(ids) > MOST_AT_ONCE


def ask_correction(page: Page, refused: TermLocked, again: Callable[[str], object]) -> None:
    """A locked term has refused a change: asks for the reason, and does it again as 更正."""
    problem = refused.problems[0]
    if not page.school.actor.has("pass"):
        page.say(f"{problem.where}:{problem.what}。更正要由教导处或管理员来做", "error")
        return

    def answered(reason: str) -> None:
        if reason.strip():
            again(reason.strip())
        else:
            page.say("没有写更正原因,没有改", "slow")

    page.hush()
    page.ask(f"{problem.where}:{problem.what}。更正原因:", answered, hint="写了原因才改;原因记在历史里。Esc 不改")


# ---- states ---------------------------------------------------------------------------------------------------------
def why_no_step(register: Register[Any], state: str) -> str:
    """Why a record of this register can't be led on from a state; empty where it can."""
    flow = register.workflow
    if flow is None:
        return "这张登记表没有状态"
    return "" if flow.steps_from(state) else f"“{flow.states.get(state, state)}”之后没有下一步"


def step_records(page: Page, register: Register[Any], ids: Sequence[str]) -> None:
    """Offers the steps that all of these records can take, asks for what the step needs, and takes it in one change."""
    flow = register.workflow
    if flow is None:
        page.say("这张登记表没有状态", "slow")
        return
    if too_many(page, ids):
        return
    records = [page.school.records(register).get(id) for id in ids]
    states = {str(getattr(record, flow.field)) for record in records}
    ways = [step for step in flow.steps if states <= set(step.origins)]
    if not records or not ways:
        page.say("这些记录没有共同的下一步" if len(records) > 1 else why_no_step(register, next(iter(states), "")), "slow")
        return
    now = "、".join(flow.states.get(state, state) for state in sorted(states))
    many = f"({len(records)} 条)" if len(records) > 1 else ""
    options = [(str(n), _offered(page, step, flow.states)) for n, step in enumerate(ways)]

    def chosen(number: str) -> None:
        _fill_in(page, register, records, ways[int(number)], {})

    page.choose(f"现在是“{now}”{many},改为:", options, chosen)


def _offered(page: Page, step: Step, states: Any) -> str:
    may = step.right == "write" or page.school.actor.has(step.right)
    return f"{step.label}({states.get(step.to, step.to)}){'' if may else ' 您没有这项权限'}"


def _fill_in(page: Page, register: Register[Any], records: Sequence[Record], step: Step, texts: dict[str, str]) -> None:
    """Asks one after the other for the fields that the step needs and that are still empty."""
    missing = [name for name in step.needs if name not in texts and not all(getattr(record, name) for record in records)]
    if not missing:
        _take(page, register, records, step, texts)
        return
    info = register.model.model_fields[missing[0]]

    def answered(text: str) -> None:
        _fill_in(page, register, records, step, {**texts, missing[0]: text})

    page.ask(f"{step.label}:请填写{info.title}", answered, hint=info.description or "")


def _take(page: Page, register: Register[Any], records: Sequence[Record], step: Step, texts: dict[str, str]) -> None:
    flow = register.workflow
    if flow is None:
        return
    values = values_of(page.school, register.model, texts)
    field = flow.field

    def save() -> None:
        with page.school.change(f"{register.title}{step.label}") as change:
            for record in records:
                own = {name: value for name, value in values.items() if not getattr(record, name)}
                change.save(changed(record, {**own, field: step.to}))

    def done(_: None) -> None:
        page.reload()
        page.say(told)

    told = f"已{step.label}:{flow.states.get(step.to, step.to)}{f'({len(records)} 条)' if len(records) > 1 else ''}"
    page.work(save, done, step.label)
