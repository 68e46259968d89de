"""The command line as a person and a script meet it: answers, exit codes, faults in words, nothing half written."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import openpyxl
import pytest

from jiaoyan_tui.__main__ import main


@dataclass(frozen=True)
class Said:
    stdout: str
    stderr: str


Run = Callable[..., Said]
PLAN = """青山小学教研工作计划

一、工作措施

1、每周三下午为语文教研组活动时间。

2、每位教师每学期听课不少于15节。

二、活动安排

九月份:

1、公开课展示
"""


@pytest.fixture
def jiaoyan(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """`jiaoyan …` on a school in tmp_path."""
    monkeypatch.setenv("JIAOYAN_SCHOOL", str(tmp_path / "school"))
    monkeypatch.chdir(tmp_path)

    def run(*arguments: str, code: int = 0, typed: str = "") -> Said:
        monkeypatch.setattr("sys.stdin", io.StringIO(typed))
        try:
            main(list(arguments))
            ended: object = 0
        except SystemExit as done:
            ended = done.code or 0
        said = Said(*capsys.readouterr())
        assert ended == code, said
        return said

    return run


@pytest.fixture
def school(jiaoyan: Run) -> Run:
    jiaoyan("init", "--name", "青山小学", "--plugins", "subjects,safety,credits")
    return jiaoyan


def a_roster(path: Path) -> Path:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.append(["青山小学教职工花名册"])
    sheet.append(["序号", "姓 名", "性别", "任教学科", "参加工作时间", "职务"])
    for row in (1, "张 敏", "女", "语文", 2025.9, ""), (2, "李强", "男", "数学", "2001年8月", "教研组长"), (3, "", "男", "数学", "", ""):
        sheet.append(row)
    book.save(path)
    return path


def test_the_walk_from_a_plan_to_the_gap_list(school: Run, tmp_path: Path) -> None:
    said = school("import", "teacher", str(a_roster(tmp_path / "花名册.xlsx"))).stdout
    assert "新进 2" in said
    assert "第 5 行" in said
    (tmp_path / "计划.txt").write_bytes(PLAN.encode("gb18030"))
    assert "任务要求 1" in school("plan", "import", "计划.txt").stdout
    assert "没有改动" in school("plan", "import", "计划.txt").stdout
    heard = json.loads(school("list", "activity", "状态:计划", "时间:9月", "--json").stdout)
    assert heard
    school("add", "activity", "主题=听数学课", "活动类型=听课", "时间=2026-09-09 第2节", "主讲人=李强", "状态=已开展",
           "参加人员=张敏 出勤")
    report = json.loads(school("status", "--json", "--day", "2026-11-26").stdout)
    rows = {row["name"]: row for row in report["rows"] if "听课" in row["requirement"]}
    assert (rows["张敏"]["done"], rows["李强"]["done"]) == ("1", "0")
    assert rows["张敏"]["missing"] == "14"
    assert "张敏" in school("status", "--all", "--day", "2026-11-26").stdout


def test_records_can_be_added_seen_changed_and_removed(school: Run) -> None:
    id = school("add", "task", "任务=检查消防栓", "时间=9月").stdout.strip()
    assert "检查消防栓" in school("show", "task", id[:6]).stdout
    assert "2026年9月(日期待定)" in school("list", "task", "jcxfs").stdout
    school("set", "task", "检查消防栓", "状态=已落实", "落实情况=已查")
    assert json.loads(school("list", "task", "--json").stdout)[0]["state"] == "done"
    school("remove", "task", id, code=1, typed="n\n")
    school("remove", "task", id, "--yes")
    assert json.loads(school("list", "task", "--json").stdout) == []
    assert "撤销" in school("undo").stdout
    assert len(json.loads(school("list", "task", "--json").stdout)) == 1
    assert "没有发现问题" in school("verify").stdout
    assert "删除任务" in school("history", "task", id).stdout


def test_the_gap_list_and_a_dossier_are_written_as_files(school: Run, tmp_path: Path) -> None:
    school("import", "teacher", str(a_roster(tmp_path / "花名册.xlsx")))
    school("add", "requirement", "要求=听课", "统计项目=listen", "数量=15", "单位=节")
    assert "已写成 名单.csv" in school("status", "--all", "-o", "名单.csv").stdout
    lines = (tmp_path / "名单.csv").read_text("utf-8-sig").splitlines()
    assert lines[0].startswith("状态,姓名或小组,要求")
    assert len(lines) > 1
    name = lines[1].split(",")[1]
    assert json.loads(school("show", "teacher", name, "-o", "档案.xlsx", "--json").stdout) == {"file": "档案.xlsx"}
    assert "教职工" in openpyxl.load_workbook(tmp_path / "档案.xlsx").sheetnames
    assert "只能写成" in school("status", "--keep", "10月", "-o", "名单.doc", code=1).stderr
    assert json.loads(school("list", "cut", "--json").stdout) == []
    assert "只能写成 .xlsx" in school("show", "teacher", name, "-o", "档案.csv", code=1).stderr


def test_a_filter_is_saved_under_a_name(school: Run) -> None:
    school("add", "task", "任务=查食堂", "时间=9月")
    school("add", "task", "任务=查校舍", "时间=10月")
    school("add", "view", "名称=十月", "登记表=task", "筛选=时间:10月")
    assert [t["title"] for t in json.loads(school("list", "task", "--view", "十月", "--json").stdout)] == ["查校舍"]
    assert "已有:十月" in school("list", "task", "--view", "九月", code=1).stderr


def test_json_records_come_in_by_standard_input(school: Run) -> None:
    id = school("add", "task", "--json", "-", typed='{"title": "一件事"}').stdout.strip()
    assert json.loads(school("show", "task", id, "--json").stdout)["title"] == "一件事"
    assert "标准输入第 1 行" in school("add", "task", "--json", "-", typed="{不是", code=1).stdout
    assert json.loads(school("schema", "task").stdout)["properties"]["title"]["title"] == "任务"


def test_tables_go_out_without_personal_fields_unless_asked(school: Run, tmp_path: Path) -> None:
    school("add", "teacher", "姓名=张敏", "联系电话=13800000001")
    school("export", "teacher", "-o", "名册.csv")
    assert "13800000001" not in (tmp_path / "名册.csv").read_text(encoding="utf-8-sig")
    school("export", "teacher", "-o", "全.xlsx", "--private")
    sheet = openpyxl.load_workbook(tmp_path / "全.xlsx").worksheets[0]
    assert "13800000001" in {str(cell.value) for row in sheet.iter_rows() for cell in row}
    school("export", "teacher", "-o", "名册.pdf", code=1)


def test_a_table_with_titles_as_headers_comes_in(school: Run, tmp_path: Path) -> None:
    (tmp_path / "任务.csv").write_text("任务表\n任务,时间,状态\n查校舍,10月,未开展\n查食堂,何时,未开展\n", encoding="gbk")
    said = school("import", "task", "任务.csv").stdout
    assert "已导入任务 1 条" in said
    assert "第 4 行 时间" in said


def test_a_backup_is_a_school_s_store(school: Run, tmp_path: Path) -> None:
    said = school("backup", str(tmp_path / "备份")).stdout
    (made,) = (tmp_path / "备份").glob("*.db")
    assert made.name in said


def test_plugins_are_switched_and_shown(school: Run) -> None:
    states = {p["id"]: p["state"] for p in json.loads(school("plugin", "list", "--json").stdout)}
    assert states == {"credits": "active", "safety": "active", "subjects": "active"}
    school("plugin", "disable", "safety")
    assert "safety.hazard" not in school("list").stdout
    school("plugin", "enable", "safety")
    assert "safety.hazard" in school("list").stdout
    assert "隐患台账" in school("plugin", "show", "safety").stdout


# ---- faults ---------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("没有的命令",), 2, "没有命令"),
        (("init",), 2, "缺少选项 --name"),
        (("list", "--size", "x"), 2, "--size"),
        (("list", "--siez", "3"), 2, "没有选项 --siez"),
        (("show", "task"), 2, "缺少参数"),
        (("list", "techer"), 1, "是否想写 teacher"),
        (("show", "teacher", "张三"), 1, "没有“张三”"),
        (("list", "teacher", "身高:1"), 1, "没有列“身高”"),
        (("add", "task", "任务"), 1, "应写成 字段=值"),
        (("add", "task", "时间=9月"), 1, "任务"),
        (("add", "task", "任务=x", "时间=何时"), 1, "看不懂时间"),
        (("add", "work", "种类=反思", "题目=x", "作者=无此人", "日期=今天"), 1, "作者:没有“无此人”"),
        (("plan", "import", "没有.txt"), 1, "没有.txt"),
        (("plan", "import", "计划.txt", "--term", "2030-2031-1"), 1, "没有学期“2030-2031-1”"),
        (("import", "teacher", "没有.xlsx"), 1, "没有.xlsx"),
        (("undo", "999"), 1, "没有第 999 号修改"),
        (("plugin", "enable", "没有"), 1, "没有功能模块"),
        (("init", "--name", "又一所"), 1, "已有文件"),
        (("status", "--day", "何日"), 1, "看不懂时间"),
    ],
)
def test_faults_are_said_in_words(school: Run, tmp_path: Path, arguments: tuple[str, ...], code: int, said: str) -> None:
    (tmp_path / "计划.txt").write_text(PLAN, encoding="utf-8")
    assert said in school(*arguments, code=code).stderr


@pytest.mark.parametrize(
    ("content", "said"),
    [(b"", "空"), (b"\x00\x01\x02\xff\xfe\xfa" * 50, "不是"), (b"\xff\xff\xff\xff", ""), ("。".encode() * 1000, "没有读出计划")],
    ids=["empty", "binary", "undecodable", "no plan"],
)
def test_a_file_that_is_no_plan_changes_nothing(school: Run, tmp_path: Path, content: bytes, said: str) -> None:
    (tmp_path / "坏.txt").write_bytes(content)
    assert said in school("plan", "import", "坏.txt", code=1).stderr
    assert json.loads(school("list", "plan", "--json").stdout) == []


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "gb18030", "utf-16"])
def test_plans_are_read_in_every_usual_encoding(school: Run, tmp_path: Path, encoding: str) -> None:
    (tmp_path / "计划.txt").write_bytes(PLAN.encode(encoding))
    read = json.loads(school("plan", "read", "计划.txt", "--json").stdout)
    assert [row["count"] for row in read["plans"][0]["requirement"] if row["what"] == "听课"] == [15]


def test_a_corrupt_school_file_is_named_with_its_line(school: Run, tmp_path: Path) -> None:
    file = tmp_path / "school" / "school.toml"
    whole = file.read_text(encoding="utf-8")
    file.write_text(whole.replace("stage = ", "stage == "), encoding="utf-8")
    assert "school.toml 第 3 行" in school("list", "teacher", code=1).stderr.replace(" ", " ")
    file.write_text('colour = "red"\n' + whole, encoding="utf-8")
    assert "colour" in school("list", "teacher", code=1).stderr


@pytest.mark.parametrize("content", [b"", b"this is no database" * 100, b"SQLite format 3\x00" + b"\x00" * 4000])
def test_a_store_that_is_none_is_said_and_left_alone(school: Run, tmp_path: Path, content: bytes) -> None:
    store = tmp_path / "school" / "school.db"
    for path in (tmp_path / "school").glob("school.db*"):
        path.unlink()
    store.write_bytes(content)
    for arguments in (("list", "teacher"), ("add", "task", "任务=x")):
        assert school(*arguments, code=1).stderr.strip()
    assert store.read_bytes() == content


def test_without_a_school_the_way_to_one_is_told(jiaoyan: Run) -> None:
    said = jiaoyan("list", "teacher", code=1).stderr
    assert "jiaoyan init" in said
    assert "jiaoyan demo" in said


def test_errors_are_json_where_json_was_asked(school: Run) -> None:
    answer = json.loads(school("list", "techer", "--json", code=1).stdout)
    assert answer["error"] == "NotFound"
    assert answer["problems"][0]["remedy"]


def test_help_is_in_chinese_everywhere(jiaoyan: Run) -> None:
    for arguments in ((), ("plan",), ("plan", "import"), ("list",), ("status",), ("plugin",), ("history",)):
        said = jiaoyan(*arguments, "--help").stdout
        assert "用法:" in said
        assert not {"Usage", "Options", "Show", "Commands"} & set(said.replace(":", " ").split())
