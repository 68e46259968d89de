"""jiaoyan keys: the cheat sheet of all actions by page with their keys."""

from __future__ import annotations

import click

from jiaoyan.errors import BadInput
from jiaoyan_tui.commands.chinese import ChineseCommand
from jiaoyan_tui.commands.session import json_option, say, say_json, say_table, school_folder


@click.command(cls=ChineseCommand)
@json_option
@click.pass_context
def keys(context: click.Context, as_json: bool) -> None:
    """全部操作和它们的键,按页列出;学校和个人的 keys.toml 已算在内,写错的地方逐条说明。"""
    from jiaoyan_tui.actions import key_label
    from jiaoyan_tui.key_file import cheat_sheet, use_keys

    if problems := use_keys(school_folder(context)):
        raise BadInput(*problems)
    if as_json:
        say_json([
            {"page": title, "id": action.id, "label": action.label, "keys": [key_label(key) for key in action.keys], "tip": action.tip}
            for title, actions in cheat_sheet() for action in actions
        ])
        return
    for title, actions in cheat_sheet():
        say(f"\n{title}")
        say_table(("键", "做什么", "编号", "说明"), [
            (" ".join(key_label(key) for key in action.keys), action.label, action.id, action.tip) for action in actions
        ])
