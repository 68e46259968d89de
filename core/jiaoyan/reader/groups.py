"""Bodies, groups and teams that a plan sets up or names as its own, with leader and members where they are told."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

from jiaoyan.reader.outline import Block
from jiaoyan.reader.plan import Draft
from jiaoyan.reader.reading import Reading
from jiaoyan.reader.words import Words, trie

_LEADER = re.compile(r"(?<![一-龥])(?:正?组长|主任|总负责人|负责人)[ ]*[:：][ ]*(?P<names>[^;。\n:]{2,30})")
_MEMBERS = re.compile(r"(?:组员|成员|成员有)[ ]*[:：][ ]*(?P<names>[^;。\n:]{2,200})")
_POST = re.compile(r"[ ]*(?:正|副)?(?:组长|组员|成员|主任|顾问)")
_NAME = re.compile(r"[一-龥·]{2,4}")
_POSTS = ("组长", "主任", "教师", "校长", "领导", "人员")
_LONG_ENDS = ("小组", "委员会", "领导组", "专班")


@lru_cache(maxsize=8)
def _pattern(words: Words) -> re.Pattern[str]:
    qualifier, unless = trie(words.list("bodies", "qualifiers")), trie(words.list("bodies", "unless_after"))
    ends, whole = trie(words.list("bodies", "ends")), trie(words.list("bodies", "whole"))
    short = trie(words.list("bodies", "short_ends"))
    subject, grade = trie(words.list("subjects", "names")), trie(words.list("grades", "names"))
    return re.compile(
        rf"(?P<list>(?:{subject})(?:、(?:{subject})){{0,6}}(?:[、和与及](?:{subject})))"
        rf"(?P<tail>(?:学科)?(?:教研组|备课组|学科组|组))(?!{unless})"
        rf"|(?P<name>(?:{qualifier}|{subject}|{grade}){{0,5}}(?:{ends})(?!{unless})"
        rf"|(?:{subject}|{grade}){short}(?!{unless})(?!(?<=科)[目学研任技教])"
        rf"|(?:{whole})(?!{unless}|主任|副主任|领导|负责[人同]))"
    )


class Groups:
    """Reads the bodies of one plan, each once."""

    def __init__(self, draft: Draft) -> None:
        self.draft = draft
        self._pattern = _pattern(draft.words)

    def read(self, blocks: list[Block]) -> list[Reading]:
        found: dict[str, Reading] = {}
        for n, block in enumerate(blocks):
            for match in self._pattern.finditer(self.draft.norm, block.body, block.end):
                for name, start, end in self._names(match):
                    if name and name not in found:
                        fields: dict[str, Any] = {"name": name}
                        if name.endswith(_LONG_ENDS):
                            fields |= self._people(blocks, n, match.end())
                        found[name] = self.draft.reading("group", start, end, fields, 0.85)
        return [reading for name, reading in found.items() if not self._short_for(name, found)]

    def _names(self, match: re.Match[str]) -> list[tuple[str, int, int]]:
        norm = self.draft.norm
        if match["list"]:
            tail = match["tail"]
            return [
                (f"{self.draft.words_of(part.start(), part.end())}{tail}", match.start(), match.end())
                for part in re.compile(r"[^、和与及]+").finditer(norm, match.start("list"), match.end("list"))
            ]
        start, end = match.start(), match.end()
        text = match[0]
        # 语文办公室 is a room
        before = norm[max(0, start - 1) : start]
        if text == "办公室" and re.match(r"[\u4e00-\u9fff]", before) and before not in "校向由给到请告处室":
            return []
        for prefix in ("学校", "各学科", "学科"):
            before = norm[max(0, start - 1) : start]
            if text.startswith(prefix) and len(text) - len(prefix) >= 3 and (prefix != "学科" or before == "各"):
                start += len(prefix)
                text = norm[start:end]
        before = norm[max(0, start - 1) : start]
        if text in ("小组", "专家组", "中心组", "指导组") and before in tuple("省市县区各为习分"):
            return []
        if text in ("小组", "班子", "组", "联盟", "共同体") or text.startswith(("合作小组", "互助小组", "学习小组")):
            return []
        return [(self.draft.words_of(start, end), start, end)]

    def _short_for(self, name: str, found: dict[str, Reading]) -> bool:
        """领导小组, where the plan sets up 校本教研领导小组."""
        return name.endswith(_LONG_ENDS) and any(other != name and other.endswith(name) for other in found)

    def _people(self, blocks: list[Block], n: int, after: int) -> dict[str, Any]:
        """组长:… 成员:… in the same line or the next ones."""
        found: dict[str, Any] = {}
        for block in blocks[n : n + 5]:
            start = max(block.start, after)
            if start >= block.end:
                continue
            if block is not blocks[n] and not _POST.match(self.draft.norm, block.body, block.end):
                break
            if "leader" not in found and (match := _LEADER.search(self.draft.norm, start, block.end)):
                leader = _NAME.match(match["names"])
                if leader:
                    found["leader"] = leader[0]
            if "members" not in found and (match := _MEMBERS.search(self.draft.norm, start, block.end)):
                named = [name.strip() for name in re.split(r"[、,]", match["names"])]
                found["members"] = [name for name in named if _NAME.fullmatch(name) and not name.endswith(_POSTS)]
        return found
