"""Whose plan it is, whether it looks ahead or back, and what it is about."""

from __future__ import annotations

import re
from functools import lru_cache

from jiaoyan.reader.outline import Block
from jiaoyan.reader.words import Words, trie


@lru_cache(maxsize=64)
def _finder(words: Words, table: str, key: str) -> re.Pattern[str]:
    return re.compile(trie(words.list(table, key)))


def count(words: Words, table: str, key: str, text: str) -> int:
    """How often the words of a list stand in a text."""
    return sum(1 for _ in _finder(words, table, key).finditer(text))


def level_of(title: str, text: str, name: str, words: Words) -> str:
    """district, school, group or personal: by the title, else by whom the text calls its own."""
    head = f"{title} {name}"
    for level in ("personal", "district"):
        if count(words, "levels", f"title_{level}", head):
            return level
    subject = trie(words.list("subjects", "names"))
    ends = trie(words.list("levels", "title_group"))
    if re.search(rf"(?:{ends}|(?:{subject})组)(?!.{{0,6}}(?:制度|办法|细则|方案|建设|考核|评比|管理))", head):
        return "group"
    if re.search(r"[一-龥]{2}(?:小学|中学|学校|幼儿园)", title):  # 望溪小学…计划: who names the school speaks for it
        return "school"
    own = {level: count(words, "levels", level, text) for level in ("district", "school", "group", "personal")}
    if own["district"] >= 2 and own["district"] * 3 >= own["school"]:
        return "district"
    if own["group"] >= 2 and own["group"] * 2 >= own["personal"]:
        return "group"
    # a teacher's plan speaks of 自己 and hardly of the school that orders it
    lone = len(re.findall(r"我(?![校们园区县组国省市镇])", text)) + own["personal"]
    if lone >= 2 and lone > own["school"] and not count(words, "levels", "many", text):
        return "personal"
    return "school"


_LOOKS_BACK = re.compile(
    r"总结如下|回顾如下|简要回顾|汇报如下|一年来|一学期来|学期以来|半年来|即将结束|已经结束|圆满结束|回顾这"
)
LOOKS_AHEAD = re.compile(
    r"今后(?:的)?(?:工作)?(?:设想|打算|计划|安排)"
    r"|下(?:学期|一步|阶段|学年)(?:的)?(?:工作)?(?:设想|打算|计划|安排|思路)|努力方向|今后(?:的)?(?:努力|工作)"
)
_PART_AHEAD = re.compile(r"(?:计划|打算|设想|安排)$")
_DONE = re.compile(r"了(?!解|却|然)|已经|荣获|取得")


def looks_ahead(block: Block, heading: str) -> bool:
    """A heading under which a summary turns to what comes: 今后打算, or a part of its own: 第二部分 工作计划."""
    return LOOKS_AHEAD.search(heading[:30]) is not None or (
        block.style in ("part", "cn") and len(heading) <= 30 and _PART_AHEAD.search(heading) is not None
    )


def nature_of(title: str, text: str, headings: list[str], words: Words) -> str:
    """plan, summary, or a summary that ends in plans. A title 计划 over a look back is a summary."""
    stem = re.sub(r"[(\[（].*$", "", title)
    told = count(words, "kinds", "summary", stem) > 0
    both = told and re.search(r"总结[与和及暨、].{0,12}计划|计划[与和及暨、].{0,8}总结"
                             r"|(?:总结|小结|回顾)[与和及暨、].{0,12}(?:打算|设想|安排|思路)", stem)
    opening = text[:600]
    back = bool(_LOOKS_BACK.search(opening)) and not re.search(r"制[定订](?:本|如下|我校|我组)|拟定如下|计划如下|特制[定订]本", opening)
    density = len(_DONE.findall(text)) / max(len(text), 1)
    summary = (told and "计划" not in stem) or both or (back and density > 0.002) or density > 0.015
    if not summary:
        return "plan"
    ahead = any(LOOKS_AHEAD.search(heading) for heading in headings)
    return "plan+summary" if both or ahead else "summary"


def field_of(title: str, text: str, words: Words) -> str:
    """research, safety or training: by the words that weigh most; the title counts as much as a page."""
    for field in ("safety", "training"):
        if count(words, "fields", f"title_{field}", title) and not count(words, "fields", "research", title):
            return field
    weight = {field: count(words, "fields", field, text)
              for field in ("safety", "training", "research")}
    if weight["safety"] > weight["training"] + weight["research"]:
        return "safety"
    return "training" if weight["training"] > weight["research"] * 1.2 else "research"
