"""jiaoyan: without a command the full-screen terminal, else the command line."""

from __future__ import annotations

import gc
import os
import sys
from pathlib import Path

from jiaoyan.errors import JiaoyanError


def main(arguments: list[str] | None = None) -> None:
    """Run a command; faults are sentences in Chinese, never a traceback of what a person typed."""
    given = sys.argv[1:] if arguments is None else arguments
    try:
        folder, rest = (Path(given[1]), given[2:]) if len(given) > 1 and given[0] == "--school" else (None, given)
        if not rest or (len(rest) > 1 and rest[0] == "open" and not any(word.startswith("-") for word in rest)):
            _open_screen(folder, rest[1:])
        else:
            _run_command(given)
    except KeyboardInterrupt:
        sys.stderr.write("已取消\n")
        sys.exit(1)
    except BrokenPipeError:  # whoever read our answer has read enough
        sys.stderr.close()
        sys.exit(0)
    except JiaoyanError as error:
        _fail(error, "--json" in given)
    except Exception:  # a fault of the program: told in words, its traceback kept for whoever mends it
        _fail(_own_fault(), "--json" in given)


def _open_screen(folder: Path | None, wanted: list[str]) -> None:
    """The way of every day: nothing of the command line is loaded, and nothing that is loaded is garbage."""
    gc.disable()  # until the first page stands: a tenth of the start
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")  # else it reads the metadata of every package to look for some
    from jiaoyan_tui.folder import school_folder
    from jiaoyan_tui.start import run

    run(school_folder(folder), wanted)


def _run_command(given: list[str]) -> None:
    import click

    from jiaoyan_tui.commands.chinese import usage_problem
    from jiaoyan_tui.commands.root import cli

    try:
        code = cli.main(given, prog_name="jiaoyan", standalone_mode=False)
    except click.exceptions.Exit as done:
        sys.exit(done.exit_code)
    except click.Abort as error:
        raise KeyboardInterrupt from error
    except click.ClickException as error:
        raise usage_problem(error) from error
    if isinstance(code, int) and code:
        sys.exit(code)


def _own_fault() -> JiaoyanError:
    import traceback

    from platformdirs import user_state_path

    from jiaoyan.errors import Problem

    log = user_state_path("jiaoyan", ensure_exists=True) / "faults.log"
    with log.open("a", encoding="utf-8") as file:
        file.write(traceback.format_exc() + "\n")
    return JiaoyanError(Problem("", "程序出错了,没有保存任何改动", f"请把 {log} 末尾的内容告知开发者"))


def _fail(error: JiaoyanError, as_json: bool) -> None:
    if as_json:
        import json

        sys.stdout.write(json.dumps(error.as_json(), ensure_ascii=False, indent=1) + "\n")
    else:
        sys.stderr.write(f"{error}\n")
    sys.exit(error.exit_code)


if __name__ == "__main__":
    main()
