"""The signs of a sentence: amounts, periods, bounds, people, days, sets, found by one pattern made of the word lists."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from jiaoyan.reader.numerals import CHINESE, DASH, NUMBER, neighbours, parse, tidy
from jiaoyan.reader.words import Words, trie

LONGEST = 600
"""A stretch without a stop that is longer than this is no sentence."""
_ENDLESS = re.compile(rf"[^,、;:。!?()\[\]]{{{LONGEST},}}")


_DOINGS = ("做", "写", "读", "听", "上", "办", "开", "练", "交", "学", "讲", "看", "评", "命制", "完成")


@dataclass(frozen=True, slots=True)
class Amount:
    """A number with its unit: `upto` the upper end of a range, `bound` what stands right behind it (以上)."""

    count: int | float
    unit: str
    upto: int | float | None = None
    bound: str = ""
    about: bool = False


@dataclass(frozen=True, slots=True)
class Token:
    """One sign; `value` is what it stands for: a period, a bound, a role."""

    kind: str
    start: int
    end: int
    text: str
    value: str = ""
    amount: Amount | None = None


class Grammar:
    """The patterns of one set of words."""

    def __init__(self, words: Words) -> None:
        self.words = words
        units = words.table("units")
        self.strong = frozenset(units["strong"])
        self.weak = frozenset(units["weak"])
        self.time_units = frozenset(units["time"])
        self.people_units = frozenset(units["people"])
        self.exact_units = frozenset(units["exact"])
        self.bounds = {word: key for key in ("min", "max", "exact") for word in words.list("bounds", key)}
        self.after = {word: key[6:] for key in ("after_min", "after_max", "after_about")
                      for word in words.list("bounds", key)}
        self.roles = words.inverse("roles")
        self.bodies = {name: entry for entry, names in words.table("who").items()
                       if entry not in ("each", "before") for name in names}
        self.each = frozenset(words.list("who", "each"))
        self.period_names = {name: entry for entry, names in words.table("periods").items() for name in names}
        self.spans: dict[str, str] = dict(words.table("spans"))
        self.duty = re.compile(trie(words.list("verbs", "duty")))
        self.helper = re.compile(trie(words.list("verbs", "helper")))
        self.past = re.compile(trie(words.list("verbs", "past")))
        self.rule = re.compile(trie(words.list("verbs", "rule")))
        self.unit = self._units()
        self.subject = trie(words.list("subjects", "names"))
        self.grade = trie(words.list("grades", "names"))
        self.pattern = self._pattern()
        self.kinds = tuple(name for name in self.pattern.groupindex if name.rpartition("_")[2].isdigit())
        self.worth = re.compile(r"[\d一二两三四五六七八九十百千半每双零周月]|天天|年年|课课|[一-龥]%")

    def _units(self) -> str:
        unless = self.words.table("units")["unless"]
        plain = [unit for unit in self.strong | self.weak if unit not in unless]
        guarded = [rf"{re.escape(unit)}(?!{trie(unless[unit])})" for unit in sorted(unless, key=len, reverse=True)
                   if unit in self.strong or unit in self.weak]
        # longest first over both: 课时 before 课, 个小时 before 个
        long_plain = [unit for unit in plain if len(unit) > 1]
        short_plain = [unit for unit in plain if len(unit) == 1]
        return f"(?:{trie(long_plain)}|{'|'.join(guarded)}|{trie(short_plain)})"

    def _pattern(self) -> re.Pattern[str]:
        words, unit = self.words, self.unit
        n = NUMBER
        after = trie(self.after)
        period = trie(self.period_names)
        short_period = trie(("月", "周", "学期", "学年", "年", "天", "期"))
        roles, bodies = trie(self.roles), trie(self.bodies)
        before = trie(words.list("who", "before"))
        whole = trie(words.list("bodies", "whole"))
        aged = (
            rf"(?:教龄|工龄|从教|任教|参加工作|工作|入职|年龄|年满)?(?:在|为)?(?:不满|未满|不足|满|近)?{n}(?:{DASH}{n})?"
            r"周?[年岁](?:及其?)?(?:以下|以内|以上|之内|内)?(?:教龄|工龄)?(?:\(含[^()]{1,8}\))?的?"
            r"(?:青年|年轻|新|中青年|中老年|老|男|女|在职|任课|专任)?(?:教师|老师|教职工)"
        )
        tenure = (
            rf"(?:教龄|工龄|从教|任教)(?:在|为)?(?:不满|未满|不足|满)?{n}(?:{DASH}{n})?年(?:及其?)?(?:以下|以上|以内|之内|内)?的?"
            rf"|{n}(?:{DASH}{n})?年(?:及其?)?(?:以下|以上|以内)的(?=每|不|至少|要|应|须|[一二两三四五六七八九十\d])"
        )
        kinds = [
            ("title", r"《[^《》]{0,80}》"),
            ("punct", r"[,、;:。!?()\[\]]"),
            ("set", r"[“\"]?(?:[二两三四五六七八九十]{1,2}|\d{1,2})个[一1][”\"]?(?![等人组课线])"),
            ("age", f"{aged}|{tenure}|(?:正高级|副高级|高级|[一二三]级)(?:及(?:其)?以[上下])(?:职称)?的?(?:教师|老师)"),
            ("grade", rf"(?:{CHINESE}|\d)(?:[-~至、到和]{CHINESE}|[-~至、到和]\d)?年级(?:[、和]{CHINESE}年级)?"
                      r"|[初高][一二三]" rf"|{CHINESE}\(\d\)班"),
            ("weekday", rf"每?个?(?:周|星期|礼拜)[一二三四五六日天末](?!{unit})(?!到|至多)|(?:星期|礼拜)[1-7]"
                        # 篮球队二、四下午: 周 left out between a body and a part of the day
                        r"|(?<=[组队科班部])[一二三四五六日](?=(?:、[一二三四五六日])+(?:[上下]午|晚上|早上|早晨|中午))"),
            # 一月一次, 一月做一套: each month, not January
            ("period", rf"[一每](?:月|周|期|年|天|课|学期)(?=[一二两三四五不至]|\d|{trie(_DOINGS)}(?:[一二两三四五]|\d{{1,2}}){unit})"
                       r"(?![一二三四五六日](?:[上下]午|晚|例会))"
                       rf"|{trie(self.spans)}(?!刊)"),
            ("date", r"(?:(?:19|20)[\dxX]{2}|[一二]〇[〇一二][一二三四五六七八九〇])(?:年度?|学年度?)(?:\d{1,2}月)?"
                     rf"|(?<![每两几个])(?:1[0-2]|[1-9]|十[一二]?|[一二三四五六七八九])月(?:份|底|初|末|中旬|上旬|下旬)?(?:{n}[日号])?"
                     r"|\d{1,2}:\d{2}|\d{4}[-./]\d{1,2}(?:[-./]\d{1,2})?|(?:上午|下午|晚上|中午)\d{1,2}[点时](?:半|\d{1,2}分?)?"),
            ("period", rf"/(?:{short_period})(?![\u4e00-\u9fff])"),
            ("ordinal", rf"最后{n}(?:节课?|次|个?(?:周|星期)[一二三四五六日]?|个|天|页)|第{n}(?:[、和]第?{n}){{1,3}}节课?"
                        rf"|第{n}(?:{DASH}第?{n})?(?:个|次|届|期|轮|周|节课|节|学期|阶段"
                        r"|批|季度|季|组|章|单元|课时|课|页|名|位|部分|学段)?"),
            ("lead", rf"提前(?:{n}(?:{DASH}{n})?{unit}|半[天日月]|半个月)"),
            ("period", rf"每(?:逢|隔|一)?(?:{n}(?:{DASH}{n})?)?个?{period}(?:末|初|结束)?|每半(?:个?学期|个?月|年|天|日)"
                       rf"|本(?:学期|学年|年度|期|月|周|年|季度)"
                       rf"|{n}个?(?:学期|学年)(?:内|里)?"
                       rf"|(?:{n})(?:年|个月)内(?!教龄)|每?个?学期(?:末|结束)|期末(?=完成|上交|提交|形成|撰写|写|交|每)|(?:{n})(?:年|个月|周|个?星期)(?=(?:一[轮遍次换篇节份本场]|至少|不少于|不得少于|完成|累计|共|听|写|上|开展|组织|\d))"
                       rf"|(?<!后)一个?(?:月|周|年|星期|天|学期)(?:内|里|中)?(?=至少|不少于|不得|不低于|最少|{n}|要|需|完成|听|写|上|开)"
                       rf"|学期(?=[^初末中内前后上下时制]{{1,8}}(?:为零|零))"),
            ("who", rf"(?:{before})?(?:(?:{self.subject}|{self.grade}|[、和]){{0,12}}(?:学科|科)?)?(?:教师|老师)(?=个人)?"
                    rf"|(?:{before})?的?(?:{roles})(?![作身办岗队带处室]|部门|小组|组(?!长)|(?:的)?(?:示范|辐射|带头)(?:引领|带动|辐射)?作用|学科|科目|年级|学校|课|方面|工作|活动)"
                    rf"|(?:{before})?(?:(?:{self.subject}|{self.grade})、?){{0,6}}(?:{bodies})(?!长|内|合|织|建设)"
                    rf"|(?:{before})?(?:{whole})(?!主任|副主任)"),
            ("each", rf"(?:{trie(self.each)})(?![教老校班])"),
            ("idiom", f"(?:{trie(words.list('nouns', 'idioms'))})(?!钟|半)"),
            ("amount", rf"(?P<f1>(?!百分)(?:{CHINESE}|\d){{1,2}})分之(?P<f2>{n})(?P<after0>{after})?"
                       rf"|(?:近|约)?(?P<n1>{n}|半)(?:(?:{DASH}|或)(?P<n2>{n}))?(?P<more>余|多|来)?"
                       rf"(?P<unit>{unit}|%)(?P<half>半)?(?P<after>{after})?"
                       rf"|(?P<p>百分之)(?P<n3>{n})(?:{DASH}(?:百分之)?(?P<n4>{n}))?(?P<after2>{after})?"
                       rf"|(?P<m1>\d)、(?P<m2>\d)(?P<unit2>{unit})(?P<after3>{after})?"),
            ("bound", trie(self.bounds)),
            ("number", rf"{n}(?:{after})?"),
        ]
        # groups of one name may not repeat: a kind with several alternatives keeps its name by a number
        parts = [f"(?P<{kind}_{k}>{body})" for k, (kind, body) in enumerate(kinds)]
        return re.compile("|".join(parts))

    def tokens(self, text: str) -> list[Token]:
        """All signs of a text, in order; a stretch too long for a sentence holds none."""
        found: list[Token] = []
        place = 0
        for gap in (*_ENDLESS.finditer(text), None):
            end = gap.start() if gap else len(text)
            for match in self.pattern.finditer(text, place, end):
                name = next((key for key in self.kinds if match.start(key) >= 0), "")
                token = self._token(name.rpartition("_")[0], match)
                if token:
                    found.append(token)
            place = gap.end() if gap else end
        return found

    def _token(self, kind: str, match: re.Match[str]) -> Token | None:
        text, start, end = match[0], match.start(), match.end()
        if kind == "amount":
            amount = self._amount(match)
            return Token(kind, start, end, text, "", amount) if amount else None
        if kind == "lead":
            inner = re.match(rf"提前(?P<n1>{NUMBER}|半)(?:{DASH}(?P<n2>{NUMBER}))?(?P<unit>.+)", text)
            count = parse(inner["n1"]) if inner else None
            upto = parse(inner["n2"]) if inner and inner["n2"] else None
            if inner is None or count is None:
                return None
            return Token(kind, start, end, text, "", Amount(tidy(count), inner["unit"], tidy(upto) if upto else None))
        if kind == "number":
            digits = re.match(NUMBER, text)
            count = parse(digits[0]) if digits else None
            if count is None or digits is None:
                return None
            return Token(kind, start, end, text, "", Amount(tidy(count), "", None, self.after.get(text[digits.end() :], "")))
        value = ""
        if kind == "period":
            value = self.period(text)
        elif kind == "bound":
            value = self.bounds[text]
        elif kind == "who":
            value = self.role(text)
        elif kind == "age":
            value = text if text.endswith(("师", "工")) else f"{text.rstrip('的')}的教师"
        elif kind == "set":
            value = text.strip("“”\"")
        return Token("who" if kind == "age" else kind, start, end, text, value)

    def _amount(self, match: re.Match[str]) -> Amount | None:
        if match["f1"]:
            return self._fraction(match)
        if match["p"]:
            low, high, unit, after = match["n3"], match["n4"], "%", match["after2"]
        elif match["m1"]:
            low, high, unit, after = match["m1"], match["m2"], match["unit2"], match["after3"]
        else:
            low, high, unit, after = match["n1"], match["n2"], match["unit"], match["after"]
        pair = neighbours(low) if not high else None
        value = float(pair[0]) if pair else parse(low)
        if value is None:
            return None
        count = value
        upto = float(pair[1]) if pair else parse(high) if high else None
        if match["half"]:
            count += 0.5
        if unit.startswith("个半"):
            count, unit = count + 0.5, unit[2:]
        unit = unit.removeprefix("个") if unit in ("个小时", "个课时", "个学时", "个百分点", "个工作日", "个月") else unit
        unit = "节" if unit == "节次" else unit
        if upto is not None and upto <= count:
            upto = None
        bound = self.after.get(after or "", "")
        if match["more"] and not bound:
            bound = "min"
        return Amount(tidy(count), unit, tidy(upto) if upto is not None else None, "" if bound == "about" else bound, bound == "about")

    def _fraction(self, match: re.Match[str]) -> Amount | None:
        """三分之一 as a share of a hundred."""
        whole, share = parse(match["f1"]), parse(match["f2"])
        if not whole or share is None or share > whole:
            return None
        bound = self.after.get(match["after0"] or "", "")
        return Amount(tidy(round(share * 100 / whole, 1)), "%", None, "" if bound == "about" else bound, bound == "about")

    @lru_cache(maxsize=512)  # noqa: B019 (grammars are few and live as long as the program)
    def period(self, text: str) -> str:
        """How a period is called: 每两周 → 两周, 每学期 → 学期, 本期 → 学期, 五年内 → 五年."""
        if text in self.spans:
            return self.spans[text]
        if half := re.fullmatch(r"每?(半)个?(学期|月|年|天|日)", text):
            return f"半{half[2]}".replace("天", "日")
        if text == "期末":
            return "学期"
        text = text.removeprefix("/")
        stem = re.sub(r"^(?:每[逢一]?|本|一个?)|(?:内|里|中|末|初|结束)$", "", text)
        if text.startswith("每隔"):
            stem = stem.removeprefix("隔")
        stem = stem.removeprefix("一").removeprefix("个")
        match = re.match(rf"({NUMBER})(?:{DASH}({NUMBER}))?", stem)
        number = match[1] if match and match.end() < len(stem) else ""
        name = stem[match.end() :] if match and number else stem
        entry = self.period_names.get(name) or self.period_names.get(name.removeprefix("个")) or name
        value = parse(number) if number else None
        if value is None or value == 1:
            return entry
        return f"{_chinese(value)}{'个月' if entry == '月' else entry}"

    @lru_cache(maxsize=1024)  # noqa: B019
    def role(self, text: str) -> str:
        """Who is meant, in the text's own word where it says more than 教师."""
        if text in self.roles:
            return self.roles[text]
        if text in self.bodies:
            return self.bodies[text]
        stem = text.removeprefix("的")
        for word in sorted(self.words.list("who", "before"), key=len, reverse=True):
            if stem.startswith(word) and len(stem) > len(word):
                stem = stem[len(word) :].removeprefix("的")
                break
        return self.roles.get(stem) or self.bodies.get(stem) or stem.replace("老师", "教师") or text


def _chinese(number: float) -> str:
    names = "零一两三四五六七八九十"
    if number == int(number) and 0 < number <= 10:
        return names[int(number)]
    return str(tidy(number))


@lru_cache(maxsize=8)
def grammar_of(words: Words) -> Grammar:
    return Grammar(words)
