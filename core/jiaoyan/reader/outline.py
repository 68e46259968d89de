"""Lines and numbering of a plan: a tree of blocks with their places, from numbering of every kind, mixed and restarting."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice, pairwise

from jiaoyan.reader.numerals import parse, sign_value

_CN = "[一二三四五六七八九十]"
_MARK = re.compile(
    r"(?=[第一二三四五六七八九十(\d其A-Ha-h\u2160-\u24ff\u2776-\u277f\u3220-\u3289*+•·●◆■▲★☆○□◇➤►▶√◎※☞◉-])(?:"
    rf"(?P<part>第[ ]?(?:{_CN}{{1,3}}|\d{{1,2}})[ ]?(?:大?部分|章|编)[ :、.]*)"
    rf"|(?P<art>第(?:{_CN}{{1,4}}|\d{{1,3}})条[ :、.]*)"
    rf"|(?P<cn>{_CN}{{1,3}}[ ]?[、.,][ 、.]*)"
    rf"|(?P<cnp>\([ ]?{_CN}{{1,3}}[ ]?\)[ 、.]*|[\u3220-\u3229\u3280-\u3289][ 、.]*)"
    rf"|(?P<num>(?<![\d.-])(?<!\d:)\d{{1,2}}[ ]?(?:、|[.](?:(?!\d)|(?=\d{{1,2}}月))|\)(?=[^\s,。;、))]))[ 、.]*|[\u2488-\u249b][ 、.]*)"
    r"|(?P<nump>\([ ]?\d{1,2}[ ]?\)[ 、.]*|[\u2474-\u2487][ 、.]*)"
    r"|(?P<ring>[\u2460-\u2473\u2776-\u277f\u24f5-\u24fe][ 、.]*)"
    r"|(?P<alpha>(?<![A-Za-z])[A-Ha-h][ ]?[、.)](?![A-Za-z\d])[ 、]*)"
    rf"|(?P<ord>第{_CN}{{1,2}}[,、:](?!{_CN}{{1,2}}[周节章学])|{_CN}是[要:,]?|其{_CN}[,、:是])"
    r"|(?P<bullet>[-*+•·●◆■▲★☆○□◇➤►▶√◎※☞◉][ ]*(?![-*\d])))"
)
RANKS: dict[str, float] = {
    "md": 0, "part": 1, "cn": 2, "art": 2.5, "cnp": 3, "num": 4, "dec": 4.5, "nump": 5, "ring": 6, "alpha": 7, "ord": 8,
    "bullet": 9,
}
_BEFORE_INLINE = frozenset(" 。;:!?”)》】")
_NEEDS_STOP = frozenset({"cn", "num", "alpha", "ord"})
# styles that may stand in the middle of a line
_INLINE = frozenset({"art", "cn", "cnp", "num", "nump", "ring", "ord"})
# months and weeks that head a list in the middle of a pasted line
_WHEN = r"(?:(?:十[一二]?|[一二三四五六七八九]|1[0-2]|[1-9])月份?|第(?:\d{1,2}|[一二三四五六七八九十]{1,3})周)"
_TIME_HEAD = re.compile(
    rf"(?<=[ 。;]){_WHEN}[ ]?:"
    rf"|(?<![\d第每个、至到~一二三四五六七八九十-]){_WHEN}[ ]?:?[ ]?(?=⒈|1[、.](?!\d)|①|\(1\)|⑴)"
    r"|(?<=[ 。;])附(?:件|表|录)?[一二三\d]?:"
)
_SPACED = re.compile(r"(\d{1,2})[ ]+(?=[\u4e00-\u9fff])")
_DECIMAL = re.compile(r"\d{1,2}(?:\.\d{1,2}){1,3}[ 、.]*(?!月)(?=[\u4e00-\u9fff“《])")
_DATE_LINE = re.compile(r"(\d{1,2})\.(\d{1,2})[ ]*(?=[\u4e00-\u9fff“《])")
_SPACED_CN = re.compile(rf"({_CN}{{1,3}})[ ]+(?=[\u4e00-\u9fff]{{2}})(?![年月日班]|周(?!次))")
# Ⅰ 指导思想, 壹、总体要求
_ROMAN = re.compile(r"(?:([\u2160-\u216b])[ 、.,:]+|([壹贰叁肆伍陆柒捌玖拾])(?:[ ]*[、.,:][ ]*|[ ]+))(?=[^\s])")
_CAPITALS = "壹贰叁肆伍陆柒捌玖拾"
_HASHES = re.compile(r"(#{1,6})[ ]+|\*\*(?=\S)|>[ ]?")
HEADING_LENGTH = 60
MOST_MARKS = 2000


@dataclass(slots=True)
class Block:
    """A numbered item or a plain line: its mark from `start`, its words from `body` to `end`."""

    start: int
    body: int
    end: int
    style: str = ""
    number: int = 0
    depth: int = 0
    parent: Block | None = None
    children: list[Block] = field(default_factory=list)

    def above(self) -> Iterator[Block]:
        """The blocks that it stands under, the nearest first."""
        block = self.parent
        while block is not None:
            yield block
            block = block.parent

    def below(self) -> Iterator[Block]:
        """All blocks under it, in order."""
        waiting = list(reversed(self.children))
        while waiting:
            block = waiting.pop()
            yield block
            waiting.extend(reversed(block.children))


@dataclass(frozen=True, slots=True)
class Mark:
    start: int
    end: int
    style: str
    number: int


def lines_of(norm: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """The lines that hold more than blanks, without the blanks around them."""
    while start < end:
        stop = norm.find("\n", start, end)
        stop = end if stop < 0 else stop
        first = start
        while first < stop and norm[first] in " \t":
            first += 1
        last = stop
        while last > first and norm[last - 1] in " \t":
            last -= 1
        if first < last:
            yield first, last
        start = stop + 1


def mark_at(norm: str, start: int, end: int) -> Mark | None:
    """The number that opens a line."""
    if decimal := _DECIMAL.match(norm, start, end):
        digits = decimal[0].rstrip(" 、.")
        return Mark(start, decimal.end(), "dec", int(digits.rpartition(".")[2]))
    if roman := _ROMAN.match(norm, start, end):
        number = _CAPITALS.find(roman[2]) + 1 if roman[2] else sign_value(roman[1])
        return Mark(start, roman.end(), "cn", number or 0)
    match = _MARK.match(norm, start, end)
    if match is None:
        # 1 总体思路: a number and a blank before a short heading
        spaced = _SPACED.match(norm, start, end)
        if spaced and end - start <= 24 and not any(stop in norm[start:end] for stop in "。;,\t|"):
            return Mark(start, spaced.end(), "num", int(spaced[1]))
        # 一 基本情况
        spaced = _SPACED_CN.match(norm, start, end)
        if spaced and end - start <= 16 and not any(stop in norm[start:end] for stop in "。;,:\t|"):
            return Mark(start, spaced.end(), "cn", int(parse(spaced[1]) or 0))
        return None
    mark = _mark(match)
    if _is_list(norm, mark, end):
        return None
    # 一 是 … and A. open a list only where a list is
    return None if mark.style == "cn" and mark.end >= end else mark


_NEXT = re.compile(rf"[ ]*({_CN}{{1,2}}|\d{{1,2}})(?:[、,和及与至到~-]|年级|年段|班|组|课时|月)")


def _is_list(norm: str, mark: Mark, end: int) -> bool:
    """一、二年级 and 9、10月 are no items: the next number follows at once, in the same script."""
    if mark.style not in ("cn", "num") or "." in norm[mark.start : mark.end]:
        return False
    match = _NEXT.match(norm, mark.end, end)
    if match is None or match[1].isdigit() != (mark.style == "num"):
        return False
    return parse(match[1]) == mark.number + 1


def _mark(match: re.Match[str]) -> Mark:
    style = match.lastgroup or ""
    text = match[0]
    number = sign_value(text[0])
    if number is None:
        digits = re.search(rf"{_CN}{{1,3}}|\d{{1,2}}|[A-Ha-h]", text)
        found = digits[0] if digits else ""
        number = ord(found.lower()) - 96 if style == "alpha" else int(parse(found) or 0)
    return Mark(match.start(), match.end(), style, number)


def _marks(norm: str, start: int, end: int) -> list[Mark]:
    """The mark that opens a line, and those inside it which go on counting: 十月份:1、… 2、…"""
    found: list[Mark] = []
    first = mark_at(norm, start, end)
    place = start
    if first:
        found.append(first)
        place = first.end
    if end - place < 4:
        return found
    # so many numbers in one line are no list
    marks = islice(_MARK.finditer(norm, place, end), MOST_MARKS)
    inside = [
        mark for match in marks
        if (mark := _mark(match)).style in _INLINE and mark.start > start
        and (_opens(norm, mark, start) or _runs_on(norm, mark))
        and not _is_list(norm, mark, end)
    ]
    last = {found[0].style: found[0].number} if found else {}
    numbers: dict[str, set[int]] = {}
    for mark in inside:
        numbers.setdefault(mark.style, set()).add(mark.number)
    for mark in inside:
        goes_on = last.get(mark.style, -1) + 1 == mark.number
        if not goes_on and not _opens(norm, mark, start):
            continue
        begins = mark.number == 1 and (2 in numbers[mark.style] or norm[mark.start - 1] in ": ")
        if goes_on or (begins and not (mark.style == "cn" and found and found[0].style == "cn")):
            found.append(mark)
            last[mark.style] = mark.number
    return found


def _runs_on(norm: str, mark: Mark) -> bool:
    """…计划2、召开会议: the next number of a list whose lines were pasted together."""
    return (
        mark.style == "num" and "、" in norm[mark.start : mark.end] and not norm[mark.end : mark.end + 1].isdigit()
        and norm[mark.start - 1] > "\u4dff" and norm[mark.start - 1] < "\ua000"
    )


def _opens(norm: str, mark: Mark, start: int) -> bool:
    before = mark.start - 1
    while before > start and norm[before] == " ":
        before -= 1
    if norm[before] in "。;:!?”)》】":
        return True
    if mark.style == "art":
        return False
    # signs of one character and numbers in brackets need no stop before them
    return mark.style not in _NEEDS_STOP or norm[mark.start - 1] == " " or norm[mark.start] in "⒈⒉⒊⒋⒌⒍⒎⒏⒐⒑"


def _dates(norm: str, start: int, end: int) -> bool:
    """Whether lines that open with 3.11 are dates: a numbering begins anew with .1 under each number, days do not."""
    pairs = [
        (int(match[1]), int(match[2])) for first, stop in lines_of(norm, start, end)
        if (match := _DATE_LINE.match(norm, first, stop))
    ]
    if len(pairs) < 3 or any(not (1 <= month <= 12 and 1 <= day <= 31) for month, day in pairs):
        return False
    opening = dict(reversed(pairs))
    return len(opening) >= 2 and sum(day == 1 for day in opening.values()) * 3 <= len(opening)


def read_outline(norm: str, start: int, end: int) -> list[Block]:
    """All blocks of a stretch, in order; plain lines stand under the numbered item before them."""
    found: list[Block] = []
    stack: list[Block] = []
    dated = _dates(norm, start, end)
    for first, stop in lines_of(norm, start, end):
        level, body, last = 0, first, stop
        if hashes := _HASHES.match(norm, first, last):
            body = hashes.end()
            level = len(hashes[1]) if hashes[1] else 7
        while last > body and norm[last - 1] == "*" and level:
            last -= 1
        if body >= last:
            continue
        marks = _marks(norm, body, last)
        if dated and marks and marks[0].style == "dec" and marks[0].start == body:
            del marks[0]
        heads = [match.start() for match in islice(_TIME_HEAD.finditer(norm, body, last), MOST_MARKS)]
        if heads:
            places = sorted({body, *heads, *(mark.start for mark in marks)})
            marked = {mark.start: mark for mark in marks}
            for place, after in pairwise([*places, last]):
                _append(found, stack, norm, marked.get(place) or Mark(place, place, "", 0), after)
            continue
        edges = [mark.start for mark in marks] + [last]
        if not marks or marks[0].start > body:
            is_heading = 0 < level < 7
            _append(found, stack, norm, Mark(body, body, "md" if is_heading else "", level if is_heading else 0),
                    edges[0])
        for mark, after in zip(marks, edges[1:], strict=True):
            _append(found, stack, norm, mark, after)
    return found


def _append(found: list[Block], stack: list[Block], norm: str, mark: Mark, stop: int) -> None:
    block = Block(mark.start, mark.end, stop, mark.style, mark.number)
    if mark.style:
        before = found[-1] if found else None
        follows = before is not None and bool(stack) and before is stack[-1]
        _place(block, stack, after_colon=follows and norm[stack[-1].body : stack[-1].end].rstrip().endswith(":"))
    else:
        block.parent = stack[-1] if stack else None
        block.depth = block.parent.depth + 1 if block.parent else 0
        if block.parent:
            block.parent.children.append(block)
    found.append(block)


def _place(block: Block, stack: list[Block], after_colon: bool = False) -> None:
    """Put a block under the item that it belongs to: by rank of numbering, and by the count where one style nests."""
    rank = RANKS[block.style]
    if block.style == "md":
        while stack and (stack[-1].style != "md" or stack[-1].number >= block.number):
            stack.pop()
    else:
        # a list that begins under a line with a colon stands under that line, whatever its numbering
        nested = after_colon and block.number == 1 and (
            RANKS[stack[-1].style] > rank or (stack[-1].style == block.style and stack[-1].number > 1)
        )
        if not nested:
            same = [n for n, item in enumerate(stack) if item.style == block.style]
            goes_on = [n for n in same if stack[n].number + 1 == block.number]
            if same:
                del stack[(goes_on[-1] if goes_on else same[0]) :]
            else:
                while stack and stack[-1].style != "md" and RANKS[stack[-1].style] > rank:
                    stack.pop()
    block.parent = stack[-1] if stack else None
    block.depth = block.parent.depth + 1 if block.parent else 0
    if block.parent:
        block.parent.children.append(block)
    stack.append(block)


def title_of(norm: str, block: Block) -> tuple[int, int]:
    """The span of a block's heading: up to the first colon or full stop, without the marks around it."""
    start, end = block.body, block.end
    stops = [place for stop in ":。" if (place := norm.find(stop, start, end)) >= 0]
    stop = min(stops, default=end)
    if stop - start > HEADING_LENGTH:
        stop = end
    while stop > start and norm[stop - 1] in " \t,。;:、.-=":
        stop -= 1
    while start < stop and norm[start] in " \t“\"":
        start += 1
    if stop > start and norm[stop - 1] in "”\"" and not any(q in norm[start : stop - 1] for q in "“\""):
        stop -= 1
    return start, stop
