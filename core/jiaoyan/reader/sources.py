"""The text of a file: .txt and .md in the encodings met in schools, .docx with headings, numbering and tables."""

from __future__ import annotations

import codecs
import hashlib
from dataclasses import dataclass
from pathlib import Path

from jiaoyan.errors import BadInput, NotFound, Problem

LARGEST = 20 * 1024 * 1024
_CHANGE = "请另存为 .docx、.txt 或 .md 再读入"
_OLD = {
    ".doc": "Word 97—2003 文档", ".wps": "WPS 文档", ".pdf": "PDF", ".rtf": "RTF",
    ".xls": "Excel 表", ".xlsx": "Excel 表", ".pages": "Pages 文档",
}


@dataclass(frozen=True, slots=True)
class Source:
    """A file's text, the SHA-256 of its text, and its name."""

    text: str
    digest: str
    name: str


def read_source(path: Path) -> Source:
    """Read a plan's file. Raises NotFound or BadInput, told in Chinese."""
    name = path.name
    try:
        if not path.exists():
            raise NotFound(Problem(str(path), "没有这个文件", "请检查文件名和所在文件夹"))
        if path.is_dir():
            raise BadInput(Problem(str(path), "这是文件夹,不是文件", "请给出文件夹里的某个文件"))
        suffix = path.suffix.lower()
        if suffix not in (".txt", ".md", ".docx", ".text", ".markdown"):
            raise BadInput(Problem(name, f"不认识的文件类型 {_OLD.get(suffix, suffix or '(没有后缀)')}", _CHANGE))
        size = path.stat().st_size
        if size == 0:
            raise BadInput(Problem(name, "文件是空的"))
        if size > LARGEST:
            raise BadInput(Problem(name, f"文件太大({size / 1024 / 1024:.0f} MB),最多 20 MB", "请只保留文字部分"))
        data = path.read_bytes()
    except OSError as error:
        raise BadInput(Problem(name, f"读不出文件:{error.strerror or error}", "请检查文件的权限")) from None
    if suffix == ".docx":
        from jiaoyan.reader.word import document_text  # python-docx takes long to load; only Word files need it

        text = document_text(data, name)
    else:
        text = decode(data, name)
    if not text.strip():
        raise BadInput(Problem(name, "文件里没有文字"))
    return Source(text, hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest(), name)


def decode(data: bytes, name: str) -> str:
    """Bytes to text: UTF-8 with or without BOM, UTF-16 with BOM, else GBK or GB18030. Raises BadInput."""
    for mark, encoding in ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16")):
        if data.startswith(mark):
            try:
                return data.decode(encoding)
            except UnicodeDecodeError:
                raise BadInput(Problem(name, "文字编码损坏", _CHANGE)) from None
    if data[:4] == b"PK\x03\x04" or data[:4] == b"\xd0\xcf\x11\xe0" or data[:5] == b"%PDF-" or b"\0" in data[:4096]:
        raise BadInput(Problem(name, "不是文本文件", _CHANGE))
    for encoding in ("utf-8", "gb18030"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if sum(char < " " and char not in "\t\r\n\f\v" for char in text[:4096]) > 8:
            break
        return text
    raise BadInput(Problem(name, "认不出文字编码", "请另存为 UTF-8 编码的 .txt,或 .docx"))
