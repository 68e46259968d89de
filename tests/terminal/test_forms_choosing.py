"""Names found by initials, kinds by alias, and drafts that outlive a lost line."""

from __future__ import annotations

import stat
from pathlib import Path

from jiaoyan.model.activities import ATTENDANCE
from jiaoyan.school import School
from jiaoyan_tui.choosing import OfChoices, OfKinds, OfRegister
from jiaoyan_tui.drafts import Drafts
from tests.terminal.conftest import NOW


def labels(choosing: OfRegister | OfKinds | OfChoices, text: str) -> list[str]:
    return [candidate.label for candidate in choosing.find(text, 6)]


def test_people_by_name_initials_and_pinyin(a_school: School) -> None:
    people = OfRegister(a_school, "teacher")
    assert labels(people, "zs") == ["张三", "郑十"]
    assert labels(people, "zengqiang") == ["曾强"]
    assert labels(people, "sf") == ["单芳"]
    assert labels(people, "欧阳") == ["欧阳娜"]
    assert labels(people, "")[:3] == ["单芳", "曾强", "张三"]
    assert not labels(people, "没有这个人")


def test_groups_say_what_they_are(a_school: School) -> None:
    (found,) = OfRegister(a_school, "group").find("yw", 6)
    assert (found.label, found.hint) == ("语文教研组", "教研组")


def test_kinds_by_label_alias_and_pinyin(a_school: School) -> None:
    kinds = OfKinds(a_school, a_school.kinds)
    assert labels(kinds, "jtbk")[0] == "集体备课"
    assert labels(kinds, "听课")[0] == "听课"
    assert kinds.find("推门听课", 6)[0].hint == "推门听课"
    assert "推门课" in labels(kinds, "tmtk")


def test_choices_by_initials() -> None:
    choices = OfChoices(ATTENDANCE)
    assert labels(choices, "qq") == ["缺勤"]
    assert labels(choices, "假") == ["事假", "病假", "公假"]


def test_a_draft_is_kept_for_its_owner_alone(a_school: School) -> None:
    drafts = Drafts(a_school.folder, "activity")
    assert drafts.find() is None
    drafts.keep({"activity": {"title": "没打完"}}, NOW, 3)
    found = Drafts(a_school.folder, "activity").find()
    assert found is not None
    assert (found.texts, found.saved, found.rev) == ({"activity": {"title": "没打完"}}, NOW, 3)
    assert Drafts(a_school.folder, "activity", "3f8k3f8k3f8k").find() is None
    assert Drafts(Path("/elsewhere"), "activity").find() is None
    (path,) = (a_school.folder.parent / "state").rglob("*.json")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    path.write_text("{", encoding="utf-8")
    assert drafts.find() is None
    drafts.drop()
    assert not path.exists()


def test_what_was_saved_last_is_remembered(a_school: School) -> None:
    drafts = Drafts(a_school.folder, "activity", "3f8k3f8k3f8k")
    assert drafts.last() == {}
    drafts.remember({"activity": {"place": "会议室"}})
    assert Drafts(a_school.folder, "activity").last() == {"activity": {"place": "会议室"}}
