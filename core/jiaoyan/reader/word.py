"""The text of a Word file: paragraphs with the numbers that Word generates, headings, tables as lines with |."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any
from zipfile import BadZipFile, ZipFile

from jiaoyan.errors import BadInput, Problem

LARGEST_PARTS = 200 * 1024 * 1024
"""A Word file is a zip: what it unpacks to is held down, so that a small file can't fill the memory."""
_CN = "零一二三四五六七八九十"
_RINGS = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳"


def document_text(data: bytes, name: str) -> str:
    """All text of a Word file, a line a paragraph or table row. Raises BadInput."""
    try:
        with ZipFile(io.BytesIO(data)) as parts:
            if sum(part.file_size for part in parts.infolist()) > LARGEST_PARTS:
                raise BadInput(Problem(name, "文件展开后太大", "请只保留文字部分"))
        import docx

        document = docx.Document(io.BytesIO(data))
        return "\n".join(_lines(document))
    except BadInput:
        raise
    except BadZipFile:
        raise BadInput(Problem(name, "不是 Word 文档,或文件已损坏", "请用 Word 或 WPS 打开后另存为 .docx")) from None
    except Exception as error:  # python-docx raises what its XML parser raises
        raise BadInput(Problem(name, f"Word 文档读不出来:{type(error).__name__}", "请用 Word 或 WPS 打开后另存为 .docx")) from None


def _lines(document: Any) -> Iterator[str]:
    from docx.table import Table

    numbers = _Numbers(document)
    for item in document.iter_inner_content():
        if isinstance(item, Table):
            yield from _table(item)
        else:
            text = item.text.replace("\v", "\n")
            if not text.strip():
                continue
            mark = numbers.mark(item)
            heading = _heading(item)
            yield f"{'#' * heading + ' ' if heading and not mark else ''}{mark}{text}"


def _heading(paragraph: Any) -> int:
    style = (paragraph.style.name or "") if paragraph.style is not None else ""
    for prefix in ("Heading ", "heading ", "标题 "):
        rest = style.removeprefix(prefix)
        if rest != style and rest.isdigit():
            return min(int(rest), 6)
    return 0


def _table(table: Any) -> Iterator[str]:
    for row in table.rows:
        cells: list[str] = []
        seen: Any = None
        for cell in row.cells:
            # merged cells come once a column
            if cell._tc is seen:
                continue
            seen = cell._tc
            text = " ".join(line.strip() for line in cell.text.splitlines() if line.strip())
            cells.append(text.replace("|", "/"))
        yield "| " + " | ".join(cells) + " |"


class _Numbers:
    """The numbers that Word shows but does not store in the text."""

    def __init__(self, document: Any) -> None:
        from docx.oxml.ns import qn

        self._qn = qn
        self._levels: dict[str, dict[str, tuple[str, str, int]]] = {}
        self._counts: dict[tuple[str, str], int] = {}
        try:
            root = document.part.numbering_part.element
        except (KeyError, NotImplementedError, AttributeError):
            return
        shapes = {}
        for shape in root.findall(qn("w:abstractNum")):
            levels = {}
            for level in shape.findall(qn("w:lvl")):
                form, text, start = (level.find(qn(f"w:{tag}")) for tag in ("numFmt", "lvlText", "start"))
                levels[level.get(qn("w:ilvl"))] = (
                    form.get(qn("w:val")) if form is not None else "decimal",
                    text.get(qn("w:val")) if text is not None else "%1.",
                    int(start.get(qn("w:val"))) if start is not None else 1,
                )
            shapes[shape.get(qn("w:abstractNumId"))] = levels
        for number in root.findall(qn("w:num")):
            link = number.find(qn("w:abstractNumId"))
            if link is not None:
                self._levels[number.get(qn("w:numId"))] = shapes.get(link.get(qn("w:val")), {})

    def mark(self, paragraph: Any) -> str:
        """The number before a paragraph, as a person sees it."""
        place = self._place(paragraph)
        if place is None:
            return ""
        key, level = place
        form, text, start = self._levels.get(key, {}).get(level, ("", "", 1))
        if not form or form in ("bullet", "none"):
            return "• " if form == "bullet" else ""
        self._counts[key, level] = self._counts.get((key, level), start - 1) + 1
        for other in [k for k in self._counts if k[0] == key and k[1] > level]:
            del self._counts[other]
        for n in range(int(level) + 1):
            value = self._counts.get((key, str(n)), 1)
            shape = self._levels[key].get(str(n), (form, "", 1))[0]
            text = text.replace(f"%{n + 1}", _written(value, shape))
        return text if text.endswith(("、", ")", "）", ".", "．")) else f"{text} "

    def _place(self, paragraph: Any) -> tuple[str, str] | None:
        qn = self._qn
        holders = [paragraph._p.pPr, paragraph.style.element.pPr if paragraph.style is not None else None]
        for holder in holders:
            numbering = holder.find(qn("w:numPr")) if holder is not None else None
            if numbering is None:
                continue
            key, level = numbering.find(qn("w:numId")), numbering.find(qn("w:ilvl"))
            if key is not None and key.get(qn("w:val")) != "0":
                return key.get(qn("w:val")), level.get(qn("w:val")) if level is not None else "0"
        return None


def _written(value: int, form: str) -> str:
    if form.startswith(("chinese", "japanese", "ideograph", "taiwanese")):
        return chinese(value)
    if form.startswith("decimalEnclosedCircle") and 0 < value <= len(_RINGS):
        return _RINGS[value - 1]
    if form in ("lowerLetter", "upperLetter"):
        letter = chr(ord("a") + (value - 1) % 26)
        return letter if form == "lowerLetter" else letter.upper()
    return str(value)


def chinese(value: int) -> str:
    """A count up to 99 as it is written before a heading."""
    if value <= 10:
        return _CN[value]
    tens, ones = divmod(value, 10)
    return ("" if tens == 1 else _CN[min(tens, 9)]) + "十" + (_CN[ones] if ones else "")
