"""Attachment: a file that belongs to a record; its content is kept by hash beside the store."""

from pydantic import Field

from jiaoyan.records import Part


class Attachment(Part):
    """A file by the name that it came with. Who may read the record may read it."""

    name: str = Field(title="文件名", min_length=1, max_length=200)
    hash: str = Field(title="内容指纹", pattern=r"^[0-9a-f]{64}$")
    size: int = Field(title="字节", ge=0)
