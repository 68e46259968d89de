"""What is counted: the name of a thing cut out of the words around a number, without verbs, helpers and empty modifiers."""

from __future__ import annotations

import re
from functools import lru_cache

from jiaoyan.reader.words import Words, trie

_CUT = re.compile(
    r"[”\"]|供|(?<=.)发表|并(?!列)|以供|用于|发到|分别|上交|上传|作为|然后|从而|以便|来(?!访|校)|以提高|以促|进行(?=.)|且|要求|(?<![现存正所])在|力争|做到|交(?=教导|教务|教科|学校|到)|存(?=放|入|档)|由|给|为(?!主)|必须|按照|根据|并且|同时|等形式"
)

_BEHIND = re.compile(r"(?:(?:要求|完成|达到|[的要须应均都各共是])|(?<![作成])为|(?<!所)在|(?<![阅撰书编默诵线以晨抄])[读写上])+$")
_CONJUNCTION = re.compile(
    r"并|且|而|要|须|应(?!急|用)|由|供|以(?!上)|在|对(?!比)|给|用(?!电)|让|使"
    r"|做到|同时|及时|按|把|将|就|才|能|可|都|也|均|即可|方可|为(?!主题)"
)


class Nouns:
    """Cuts names by the word lists."""

    def __init__(self, words: Words) -> None:
        duty = words.list("verbs", "duty")
        helper = words.list("verbs", "helper")
        self._compound = re.compile(trie(words.list("nouns", "compounds")))
        self._front = re.compile(f"(?:{trie([*duty, *helper])})了?")
        self._helper = re.compile(trie([*helper, *words.list("verbs", "causing"), "年度", "时", "间"]))
        subject = trie(words.list("subjects", "names"))
        self._subjects = re.compile(rf"(?:{subject})(?:、(?:{subject})){{0,8}}|(?:其[他它余]|各|所有)?(?:学科|科目)")
        self._verb = re.compile(trie(duty))
        self.attributes = frozenset(words.list("nouns", "attributes"))
        self.personal = words.list("nouns", "personal")
        self.held = words.list("nouns", "held")
        self.abstract = words.list("nouns", "abstract")
        self.light = frozenset(words.list("nouns", "light"))
        self._general = frozenset(words.list("nouns", "general"))
        self._modifiers = re.compile(rf"(?:{trie(words.list('nouns', 'modifiers'))})+")

    def strip_front(self, text: str) -> str:
        """Without the helpers and verbs that stand before the name."""
        text = text.lstrip("的之“”\"")
        for _ in range(8):
            match = self._front.match(text)
            if match is None:
                break
            rest = text[match.end() :]
            if match.end() > 1 and rest.startswith(("的", "性", "型")):
                break
            compound = self._compound.match(text)
            if compound and (compound.end() > match.end() or len(rest) <= 1):
                break
            if len(rest) == 1:
                break
            text = rest
        return text.lstrip("的之“”\"")

    def leads_verb(self, text: str) -> bool:
        """The words begin with a verb or a helper."""
        return self._front.match(text) is not None

    def only_helpers(self, text: str) -> bool:
        """Nothing but helpers: 要求, 原则上, 并."""
        text = text.lstrip("的")
        while text:
            match = self._helper.match(text)
            if match is None:
                return False
            text = text[match.end() :]
        return True

    def only_subjects(self, text: str) -> bool:
        """语文、数学 or 其他学科 say for which subject, not what."""
        return self._subjects.fullmatch(text) is not None

    def belongs_to(self, what: str) -> str:
        """`person` for what a teacher owes, `body` for what is held, by the longest name that it ends with or holds."""
        held = max((len(word) for word in self.held if what.endswith(word)), default=0)
        personal = max((len(word) + what.endswith(word) for word in self.personal if word in what), default=0)
        if held >= 2 and held >= personal:
            return "body"
        return "person" if personal else "body" if held else ""

    def last_verb(self, text: str) -> str:
        """The verb that stands last: 听 in 每周至少听."""
        found = ""
        for match in self._verb.finditer(text):
            found = match[0]
        return found.removesuffix("好")

    def object_of(self, text: str) -> str:
        """What the last verb of a clause is done to: 教学反思 in 结合教学实际写教学反思."""
        found = ""
        for match in self._verb.finditer(text):
            rest = text[match.end() :]
            if len(rest) >= 2 and not self._compound.match(text, match.start()) and rest[0] not in "的性":
                found = rest
        return self._without_modifier(found) if found else ""

    def before(self, text: str) -> str:
        """The name that ends right before a number."""
        if len(text) > 3:
            text = _BEHIND.sub("", text)
        name = self.strip_front(text)
        place = name.rfind("的")
        if place >= 0 and len(name) - place == 2:
            # 听师傅的课: the verb belongs to the name
            verb = self._front.match(text[: len(text) - len(name)][-1:]) if len(name) < len(text) else None
            return f"{verb[0]}{name[-1]}" if verb else name
        name = name.removesuffix("次数").removesuffix("总数").removesuffix("字数") or name
        return self._without_modifier(name).removesuffix("工作") or name

    def after(self, text: str) -> tuple[str, int]:
        """The name that begins right after a number, and where it ends in the text."""
        start = 0
        while start < len(text) and text[start] in "的“\"之":
            start += 1
        stop = len(text)
        if cut := _CUT.search(text, start + 1):
            stop = cut.start()
        name = text[start:stop]
        if _CONJUNCTION.match(name) and not self._compound.match(name):
            return "", 0
        name = name.rstrip("”\"等和与及或")
        short = self._without_modifier(name)
        if len(short) > 3:
            short = short.removesuffix("工作")
        return short, start + len(name)

    def starts_verb(self, text: str) -> bool:
        """A verb of two characters or more opens the words: 开展应急演练."""
        match = self._front.match(text)
        return match is not None and match.end() > 1 and not self._compound.match(text)

    def _without_modifier(self, name: str) -> str:
        place = name.rfind("的")
        if place < 0 or place == len(name) - 1:
            return name.rstrip("的")
        head, modifier = name[place + 1 :], name[:place]
        if len(head) < 2:
            return name
        if head in self._general and not self._modifiers.match(modifier):
            return name
        return head


@lru_cache(maxsize=8)
def nouns_of(words: Words) -> Nouns:
    return Nouns(words)
