"""Fourteen plans of a second reader, labelled before the reader was run on them: the floors hold what was reached."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from jiaoyan.reader import read_plans
from tests.reader import scoring

UNSEEN = Path(__file__).parent / "unseen_second"
LABELS = sorted(UNSEEN.glob("*.toml"))


@pytest.fixture(scope="module")
def score() -> scoring.Score:
    found = scoring.Score()
    for path in LABELS:
        labels = tomllib.loads(path.read_text(encoding="utf-8"))
        read = read_plans(path.with_suffix(".txt").read_text(encoding="utf-8"))
        assert len(read) == 1, path.stem
        scoring.add(found, path.stem, labels | labels["plan"], read[0].as_gold())
    return found


@pytest.mark.parametrize(
    ("table", "least"),
    [("schedule", 0.96), ("weekly", 0.85), ("requirement", 0.94), ("topic", 0.95), ("people_group", 0.94), ("sections", 0.97)],
)
def test_unseen_plans_are_read(score: scoring.Score, table: str, least: float) -> None:
    assert score.f1(table) >= least, "\n".join(score.misses)


@pytest.mark.parametrize(
    ("name", "least"), [("unit", 0.95), ("bound", 0.94), ("per", 0.85), ("set", 0.97), ("who", 0.72), ("what", 0.7)]
)
def test_fields_of_unseen_duties(score: scoring.Score, name: str, least: float) -> None:
    assert score.accuracy("requirement", name) >= least, "\n".join(score.misses)


@pytest.mark.parametrize("path", LABELS, ids=lambda path: path.stem)
def test_labels_quote_their_plan(path: Path) -> None:
    labels = tomllib.loads(path.read_text(encoding="utf-8"))
    text = path.with_suffix(".txt").read_text(encoding="utf-8")
    rows = [row for table in labels.values() if isinstance(table, list) for row in table]
    assert [row["quote"] for row in rows if row["quote"] not in text] == []


def _fields(text: str, table: str, *keys: str) -> list[tuple[object, ...]]:
    return [tuple(r.fields.get(key) for key in keys) for r in read_plans(text)[0].of(table)]


def test_days_with_a_dot_are_dates_where_no_numbering_begins_anew() -> None:
    text = "数学教研组计划\n活动安排:\n2.26 学习教研计划\n3.11 研讨课\n3.25 集体备课\n4.8 单元分析"
    assert _fields(text, "schedule", "when", "item") == [
        ("02", "学习教研计划"), ("03", "研讨课"), ("03", "集体备课"), ("04", "单元分析")]
    numbered = "教研计划\n一、措施\n1.1 加强备课\n1.2 抓好听课\n2.1 组织研讨\n2.2 做好总结"
    assert _fields(numbered, "schedule", "when") == []


def test_phases_with_dotted_months() -> None:
    text = "方案\n一、进度安排\n启动阶段(2024.02):宣传动员\n实施阶段(2024.03—2024.11):开展研修活动\n总结阶段(2024.12):评选先进"
    assert _fields(text, "schedule", "when") == [("2024-02",), ("2024-03/2024-11",), ("2024-12",)]


def test_articles_and_numbers_with_a_blank_are_headings() -> None:
    articles = "研修方案\n第一条 研修目的\n提高水平。\n第二条 组织管理\n教科室负责。\n第三条 研修任务\n人人参加。"
    assert _fields(articles, "section", "title") == [("研修目的",), ("组织管理",), ("研修任务",)]
    spaced = "教研组计划\n一 基本情况\n共有教师11人。\n二 工作要点\n抓好备课。\n三 行事历\n第一周 制定计划"
    assert _fields(spaced, "section", "title") == [("基本情况",), ("工作要点",), ("行事历",)]


def test_the_second_part_of_a_summary_looks_ahead() -> None:
    text = ("红星中学2023年工作总结暨2024年工作计划\n第一部分 2023年工作回顾\n我们开展了研讨课12次。\n"
            "第二部分 2024年工作计划\n1、教研组长每学期检查教案四次。")
    assert _fields(text, "requirement", "count", "per") == [(4, "学期")]


def test_a_source_behind_a_sentence_and_page_numbers_are_noise() -> None:
    text = "红星中学教研工作计划\n一、要求\n1、本学期学校组织两次教案检查。 来源:www.xxfanwen.com\n二、安排\n一月:总结\n1/3 下一页"
    assert [row[0] for row in _fields(text, "requirement", "count")] == [2]
    assert _fields(text, "schedule", "item") == [("总结",)]


def test_faults_and_class_loads_are_no_duties() -> None:
    for sentence in ("迟到一次扣0.5分", "无故缺席两次者取消评优资格", "本学期高二年级共16个班", "每天下午最后一节课后打扫"):
        assert _fields(f"一、要求\n1、{sentence}。", "requirement", "count") == []


def test_days_behind_one_week_word() -> None:
    text = "一、要求\n1、每周二、四下午由任课老师进行辅导。"
    assert _fields(text, "weekly", "weekday", "part") == [(2, "下午"), (4, "下午")]


def test_who_signs_is_no_item_of_the_last_list() -> None:
    text = "红星中学教研工作计划\n一、安排\n11月:观摩活动\n12月:评选先进\n红星中学政教处\n2024年2月"
    assert _fields(text, "schedule", "item") == [("观摩活动",), ("评选先进",)]
