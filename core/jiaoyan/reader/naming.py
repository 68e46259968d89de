"""What the name of a duty is: the words of a stretch without its signs, and the noun before or behind a number."""

from __future__ import annotations

from jiaoyan.reader.grammar import Token
from jiaoyan.reader.normal import Squeezed
from jiaoyan.reader.nouns import nouns_of
from jiaoyan.reader.plan import Draft
from jiaoyan.reader.sentences import Segment


class Naming:
    """Finds the names of duties in the segments of one plan."""

    def __init__(self, draft: Draft) -> None:
        self.draft = draft
        self.nouns = nouns_of(draft.words)

    def blank(self, text: str, part: Segment, start: int, end: int) -> str:
        """The words of a stretch without its signs."""
        chars = []
        place = start
        for token in part.tokens:
            if token.end <= start or token.start >= end or token.kind in ("title", "idiom", "ordinal", "set", "date"):
                continue
            if token.kind == "grade":
                following = next((t for t in part.tokens if t.start == token.end), None)
                if token.start != start or following is None or following.kind not in ("period", "bound", "each"):
                    continue
            if token.kind == "who" and not (token.start == start or self._only_signs(part, text, start, token.start)):
                continue
            if token.kind == "bound" and token.text in ("为", "满", "各", "共", "达", "限") and token.end < end:
                following = next((t for t in part.tokens if t.start == token.end), None)
                if following is None or following.kind not in ("amount", "number"):
                    continue
            chars.append(text[place : token.start])
            place = token.end
        chars.append(text[place:end])
        return "".join(chars)

    def _only_signs(self, part: Segment, text: str, start: int, end: int) -> bool:
        """Nothing but signs and helpers stand between two places."""
        place = start
        for token in part.tokens:
            if token.end <= start or token.start >= end:
                continue
            if token.start > place and not self.nouns.only_helpers(text[place : token.start]):
                return False
            place = max(place, token.end)
        return self.nouns.only_helpers(text[place:end])

    def with_doer(self, part: Segment, what: str, text: str) -> str:
        """教研组活动每两周一次: a short name keeps the body that stands right before it."""
        first = next(iter(part.of("who")), None)
        if first and first.start == part.start and 2 <= len(what) <= 3 and self.draft.is_body(first.value) and (
            text.startswith(what, first.end)
        ):
            return f"{first.text}{what}"
        return what

    def past_size(self, part: Segment, token: Token) -> int:
        """Where the name begins behind a number: past the size of the piece, 一篇500字以上(不少于800字)的反思."""
        place = token.end
        for other in part.tokens:
            if other.start == place and (other.kind == "bound" or (other.amount and other.amount.unit == "字")):
                place = other.end
        return place if place > token.end and any(
            t.end == place and t.amount and t.amount.unit == "字" for t in part.tokens) else token.end

    def extend(self, piece: Squeezed, parts: list[Segment], k: int, end: int, following: int) -> int:
        """The noun goes on over 、 where only names follow: 一篇案例、反思或论文."""
        if end < parts[k].end or following < parts[k].end:
            return end
        for n in range(k + 1, min(k + 12, len(parts))):
            part = parts[n]
            text = piece.text[part.start : part.end]
            if part.opener != "、" or part.of("amount", "period", "who", "each", "bound", "weekday", "set", "lead"):
                break
            if self.nouns.leads_verb(text) or len(text) > 16:
                break
            end = part.end
        return end

    def before(
        self, piece: Squeezed, parts: list[Segment], k: int, before: str, token: Token
    ) -> tuple[str, int | None]:
        """The noun before the number, with the names joined to it by 、."""
        noun = self.nouns.before(before)
        split = next((t for t in parts[k].of("period") if parts[k].start < t.start < token.start), None)
        if split:
            # 教研记录每月上交教科室一次: the name stands before the period, what is done with it behind
            front = self.blank(piece.text, parts[k], parts[k].start, split.start).partition("由")[0]
            behind = self.blank(piece.text, parts[k], split.end, token.start)
            named = self.nouns.before(front)
            if len(named) >= 2 and self.nouns.leads_verb(behind):
                noun = named
        if not noun:
            return "", None
        names = [noun]
        start = None
        n = k
        while n > 0 and parts[n].opener == "、" and len(names) < 12:
            part = parts[n - 1]
            if part.of("amount", "bound", "set", "lead"):
                break
            blank = self.blank(piece.text, part, part.start, part.end)
            name = self.nouns.before(blank)
            if not name or len(name) > 20:
                break
            names.append(name)
            start = part.start
            n -= 1
            if part.of("period", "who", "each") or self.nouns.leads_verb(blank):
                break
        return "、".join(reversed(names)), start
