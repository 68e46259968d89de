"""jiaoyan: all commands by name; each is imported when it is called."""

from __future__ import annotations

from pathlib import Path

import click

from jiaoyan_tui.commands.chinese import ChineseGroup

_COMMANDS = "jiaoyan_tui.commands"
LATER = {
    "init": (f"{_COMMANDS}.setup:init", "新建学校"),
    "demo": (f"{_COMMANDS}.setup:demo", "建一所示例学校并打开"),
    "open": (f"{_COMMANDS}.setup:open_", "打开全屏界面,停在一个登记表"),
    "plan": (f"{_COMMANDS}.plans:plan", "读计划、导入计划、审读条目"),
    "term": (f"{_COMMANDS}.terms:term", "新学期"),
    "import": (f"{_COMMANDS}.tables:import_", "从表格导入(花名册等)"),
    "export": (f"{_COMMANDS}.tables:export", "导出表格"),
    "status": (f"{_COMMANDS}.status:status", "完成情况和欠缺名单"),
    "list": (f"{_COMMANDS}.records:list_", "列出一个登记表"),
    "show": (f"{_COMMANDS}.records:show", "看一条记录"),
    "add": (f"{_COMMANDS}.records:add", "新增一条记录"),
    "set": (f"{_COMMANDS}.records:set_", "修改一条记录"),
    "attach": (f"{_COMMANDS}.files:attach", "给记录附文件"),
    "files": (f"{_COMMANDS}.files:files", "看、取记录的附件"),
    "remove": (f"{_COMMANDS}.records:remove", "删除一条记录"),
    "schema": (f"{_COMMANDS}.records:schema", "登记表的 JSON Schema"),
    "kinds": (f"{_COMMANDS}.records:kinds", "统计项目一览"),
    "history": (f"{_COMMANDS}.trust:history", "修改历史"),
    "bin": (f"{_COMMANDS}.trust:bin_", "回收站:看删除了的,恢复"),
    "undo": (f"{_COMMANDS}.trust:undo", "撤销一次修改"),
    "verify": (f"{_COMMANDS}.trust:verify", "核对数据"),
    "repair": (f"{_COMMANDS}.trust:repair", "重新推算明细"),
    "backup": (f"{_COMMANDS}.trust:backup", "备份"),
    "restore": (f"{_COMMANDS}.trust:restore", "恢复备份"),
    "move": (f"{_COMMANDS}.trust:move", "整所学校搬到新文件夹"),
    "export-all": (f"{_COMMANDS}.trust:export_everything", "全部数据写成 JSON"),
    "import-all": (f"{_COMMANDS}.trust:import_everything", "由 JSON 建立学校"),
    "doctor": (f"{_COMMANDS}.trust:doctor", "体检"),
    "keys": (f"{_COMMANDS}.keys:keys", "全部操作和它们的键"),
    "plugin": (f"{_COMMANDS}.plugins:plugin", "功能模块"),
    "pack": (f"{_COMMANDS}.plugins:pack", "规定与量表"),
}


@click.group(cls=ChineseGroup, later=LATER, invoke_without_command=True, no_args_is_help=False)
@click.option(
    "--school", type=click.Path(path_type=Path, file_okay=False), metavar="文件夹",
    help="学校资料所在的文件夹(或环境变量 JIAOYAN_SCHOOL)",
)
@click.option("--correction", metavar="原因", help="更正已封存学期的记录,写明原因")
@click.version_option(package_name="jiaoyan", message="教研台 %(version)s", help="显示版本")
@click.pass_context
def cli(context: click.Context, school: Path | None, correction: str | None) -> None:
    """教研台:计划、活动、要求,一次录入,处处可查。不带命令时打开全屏界面。"""
    if context.invoked_subcommand is None:
        from jiaoyan_tui.commands.session import school_folder
        from jiaoyan_tui.start import run

        run(school_folder(context))
