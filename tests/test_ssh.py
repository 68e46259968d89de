"""Over a real sshd: Chinese is typed, 考勤 is done, the line is cut, the process goes, the draft is offered again."""

from __future__ import annotations

import os
import pwd
import shlex
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from jiaoyan.access import SYSTEM
from jiaoyan.model.activities import Activity
from jiaoyan.model.people import Group, Posting, Teacher
from jiaoyan.records import Ref
from jiaoyan.school import School
from jiaoyan.settings import Settings
from jiaoyan.terms import When
from tests.terminal.pty_session import PATIENCE, PtySession

SBIN = f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin"
SSHD, SSH, KEYGEN = shutil.which("sshd", path=SBIN), shutil.which("ssh"), shutil.which("ssh-keygen")
SEPARATION = Path("/run/sshd")
"""An sshd of root asks for this empty folder, which the service would make."""
CONFIG = """
Port {port}
ListenAddress 127.0.0.1
HostKey {folder}/host
AuthorizedKeysFile {folder}/key.pub
StrictModes no
PidFile none
UsePAM no
PermitRootLogin yes
PasswordAuthentication no
KbdInteractiveAuthentication no
LogLevel VERBOSE
"""
F4 = "\x1bOS"


@dataclass(frozen=True, slots=True)
class Server:
    """An sshd of our own, and how to log in to it."""

    folder: Path
    port: int

    def login(self, command: str) -> PtySession:
        options = (
            f"UserKnownHostsFile={self.folder}/known", "StrictHostKeyChecking=no", "IdentitiesOnly=yes", "BatchMode=yes",
            f"ConnectTimeout={PATIENCE}", "LogLevel=ERROR",
        )
        assert SSH is not None
        words = [SSH, "-tt", "-F", "/dev/null", "-i", str(self.folder / "key"), "-p", str(self.port)]
        for option in options:
            words += ["-o", option]
        environ = {name: value for name, value in os.environ.items() if name not in ("COLUMNS", "LINES", "SSH_AUTH_SOCK")}
        return PtySession([*words, f"{who().pw_name}@127.0.0.1", command], environ | {"TERM": "xterm-256color"}, 80, 24)


def who() -> pwd.struct_passwd:
    return pwd.getpwuid(os.getuid())


def why_not() -> str:
    """Why there can be no sshd here; empty where there can."""
    missing = [name for name, path in (("sshd", SSHD), ("ssh", SSH), ("ssh-keygen", KEYGEN)) if path is None]
    if missing:
        return f"{'、'.join(missing)} not installed"
    try:
        shell = who().pw_shell or "/bin/sh"
    except KeyError:
        return "this user has no account"
    if not os.access(shell, os.X_OK) or Path(shell).name in ("nologin", "false"):
        return f"this user cannot log in: {shell}"
    return ""


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    if reason := why_not():
        pytest.skip(reason)
    assert SSHD is not None
    assert KEYGEN is not None
    if os.getuid() == 0:
        try:
            SEPARATION.mkdir(mode=0o755, exist_ok=True)
        except OSError as error:
            pytest.skip(f"no {SEPARATION}: {error}")
    folder = tmp_path / "ssh"
    folder.mkdir(mode=0o700)
    for name in ("host", "key"):
        subprocess.run([KEYGEN, "-q", "-t", "ed25519", "-N", "", "-f", str(folder / name)], check=True)
    log = folder / "log"
    for _ in range(5):  # another may take the port first
        port = free_port()
        (folder / "config").write_text(CONFIG.format(port=port, folder=folder), encoding="utf-8")
        with log.open("ab") as file:
            process = subprocess.Popen([SSHD, "-D", "-e", "-f", str(folder / "config")], stdout=file, stderr=file)
        if listening(process, port):
            break
    else:
        raise AssertionError(f"sshd does not start:\n{log.read_text(errors='replace')}")
    try:
        yield Server(folder, port)
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait()
        sys.stdout.write(log.read_text(errors="replace"))  # shown where the test failed


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port: int = one.getsockname()[1]
        return port


def listening(process: subprocess.Popen[bytes], port: int) -> bool:
    """Whether it comes to listen."""
    end = time.monotonic() + PATIENCE
    while process.poll() is None and time.monotonic() < end:
        with socket.socket() as one:
            if one.connect_ex(("127.0.0.1", port)) == 0:
                return True
        time.sleep(0.05)
    return False


@pytest.fixture
def a_meeting(tmp_path: Path) -> Path:
    """The folder of a school whose 语文教研组 meets today."""
    folder = tmp_path / "school"
    with School.create(folder, Settings(name="旬阳县城关小学", offices=(), classes=0)) as school:
        school.actor = SYSTEM
        with school.change("备好一所学校") as change:
            group = change.save(Group(name="语文教研组", subject="语文"))
            for order, name in enumerate(("张三", "李四", "王五"), 1):
                teacher = change.save(Teacher(name=name, order=order))
                change.save(Posting(teacher=Ref(teacher.id), what="member", group=Ref(group.id)))
            change.save(Activity(title="单元整体备课", kind="prep", when=When.on(school.today), groups=(Ref(group.id),)))
    return folder


def command(tmp_path: Path, school: Path) -> str:
    """Opens the school and writes down which process does."""
    environ = [f"XDG_STATE_HOME={tmp_path}/state", f"HOME={tmp_path}", "LANG=C.UTF-8", "LC_ALL=C.UTF-8"]
    program = [sys.executable, "-m", "jiaoyan_tui", "--school", str(school)]
    script = f"echo $$ > {shlex.quote(f'{tmp_path}/pid')}; exec env {shlex.join([*environ, *program])}"
    return shlex.join(["/bin/sh", "-c", script])


def gone(pid: int) -> bool:
    """Whether a process has ended; one that nobody has asked about yet has ended too."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return True
    return state in "ZX"


def test_a_cut_line_loses_nothing(server: Server, a_meeting: Path, tmp_path: Path) -> None:
    session = server.login(command(tmp_path, a_meeting))
    try:
        session.wait_for("旬阳县城关小学 工作台", "1 计划")
        session.press("3")
        session.wait_for("单元整体备课", "考勤")
        session.press("k")
        session.wait_for("应到 3  实到 3")
        session.press("李四2")
        session.wait_for("迟到 1")
        session.press(F4)
        session.wait_for("李四的说明")
        session.press("家访路上堵车\r")
        session.wait_for("迟到 1", "家访路上堵车", "有改动,还没有保存")
        pid = int((tmp_path / "pid").read_text())
        assert not gone(pid)
    finally:
        session.close()  # the client is killed
    end = time.monotonic() + PATIENCE
    while not gone(pid) and time.monotonic() < end:
        time.sleep(0.1)
    assert gone(pid)

    again = server.login(command(tmp_path, a_meeting))
    try:
        again.wait_for("旬阳县城关小学 工作台", "1 计划")
        again.press("3")
        again.wait_for("单元整体备课", "考勤")
        again.press("k")
        again.wait_for("要接着记吗?")
        again.press("1")
        again.wait_for("迟到 1", "家访路上堵车")
        again.press("\x1bOQ")  # F2
        again.wait_for("单元整体备课", "活动 1 条")
    finally:
        again.close()
    with School.open(a_meeting) as school:
        (meeting,) = school.records(Activity).all()
        assert meeting.state == "held"
        assert [(p.attendance, p.note) for p in meeting.participants if p.note] == [("late", "家访路上堵车")]
