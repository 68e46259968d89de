"""click in Chinese: help pages, usage errors, and commands that are imported when they are called."""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from typing import Any

import click

from jiaoyan.errors import Problem, WrongUsage


class ChineseCommand(click.Command):
    """A command whose help page is in Chinese."""

    def format_usage(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        formatter.write_usage(ctx.command_path, " ".join(self.collect_usage_pieces(ctx)), prefix="用法: ")

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        rows = [record for param in self.get_params(ctx) if (record := param.get_help_record(ctx)) is not None]
        if rows:
            with formatter.section("选项"):
                formatter.write_dl(rows)
        if isinstance(self, click.Group):
            self.format_commands(ctx, formatter)

    def collect_usage_pieces(self, ctx: click.Context) -> list[str]:
        words = {"[OPTIONS]": "[选项]", "COMMAND": "命令", "[COMMAND]": "[命令]", "[ARGS]...": "[参数]…"}
        pieces = (word for piece in super().collect_usage_pieces(ctx) for word in piece.split(" "))
        return [words.get(piece, piece) for piece in pieces]

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        option = super().get_help_option(ctx)
        if option is not None:
            option.help = "显示这份说明"
        return option


class ChineseGroup(ChineseCommand, click.Group):
    """A group of commands named as `module:attribute`, imported when called; the list of them needs no import."""

    command_class = ChineseCommand

    def __init__(self, *args: Any, later: Mapping[str, tuple[str, str]] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.later = dict(later or {})

    def list_commands(self, ctx: click.Context) -> list[str]:
        return [*self.later, *self.commands]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name in self.later:
            module, _, attribute = self.later[cmd_name][0].partition(":")
            command: click.Command = getattr(importlib.import_module(module), attribute)
            return command
        return super().get_command(ctx, cmd_name)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        rows = [(name, told) for name, (_, told) in self.later.items()]
        rows += [(name, command.get_short_help_str(60)) for name, command in self.commands.items()]
        with formatter.section("命令"):
            formatter.write_dl(rows)


ChineseGroup.group_class = ChineseGroup


def usage_problem(error: click.ClickException) -> WrongUsage:
    """click's complaint as a sentence in Chinese."""
    return WrongUsage(Problem("", _said(error), _remedy(error)))


def _said(error: click.ClickException) -> str:
    if isinstance(error, click.NoSuchOption):
        near = f",是否想写 {'、'.join(error.possibilities)}" if error.possibilities else ""
        return f"没有选项 {error.option_name}{near}"
    if isinstance(error, click.MissingParameter):
        return f"缺少{_name(error.param)}"
    if isinstance(error, click.BadOptionUsage):
        return f"选项 {error.option_name} 要带一个值"
    if isinstance(error, click.BadParameter):
        return f"{_name(error.param)}的值不对:{error.message}"
    if isinstance(error, click.FileError):
        return f"打不开文件 {error.ui_filename}"
    if isinstance(error, click.UsageError) and error.message.startswith("No such command"):
        return f"没有命令 {error.message.split(chr(39))[1]}"
    if isinstance(error, click.UsageError) and "unexpected extra argument" in error.message:
        return f"多余的参数 {error.message.partition('(')[2].rstrip(')')}"
    return f"用法不对:{error.message}"


def _name(param: click.Parameter | None) -> str:
    if param is None:
        return "参数"
    return f"选项 {param.opts[0]} " if isinstance(param, click.Option) else f"参数 {param.human_readable_name} "


def _remedy(error: click.ClickException) -> str:
    context: click.Context | None = getattr(error, "ctx", None)
    return f"看用法:{context.command_path} --help" if context else ""


