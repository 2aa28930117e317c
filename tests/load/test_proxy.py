"""Two servers behind one address, as README has it: each viewer stays with one, and a table reaches the right one."""

import asyncio
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import ROOT, finished, free_port, start_app, wait_until_healthy
from tests.load.viewer import Viewer, upload, visit

NGINX = shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin")
TABLE = b"a,b,label\n" + b"".join(b"%d,%d,%d\n" % (i, i * i, i % 2) for i in range(20))


def config(folder: Path, port: int, servers: list[int]) -> str:
    """README's few lines with these ports, and what nginx needs to run from a folder; answers name their server."""
    (lines,) = re.findall(r"```nginx\n(.*?)```", (ROOT / "README.md").read_text(encoding="utf-8"), re.DOTALL)
    for known, used in zip((8500, 8501, 8502), (port, *servers), strict=True):
        assert str(known) in lines
        lines = lines.replace(str(known), str(used))
    lines = lines.replace("add_header", "add_header X-Server $upstream_addr;\n        add_header")
    kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    places = "\n".join(f"{kind}_temp_path {folder}/{kind};" for kind in kinds)
    main = f"daemon off; pid {folder}/pid; error_log {folder}/errors; events {{}}"
    return f"{main}\nhttp {{ access_log off;\n{places}\n{lines} }}"


@pytest.fixture(scope="module")
def behind(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    if NGINX is None:
        pytest.skip("there is no nginx here; install Debian's package nginx")
    folder, port, servers = tmp_path_factory.mktemp("proxy"), free_port(), [free_port(), free_port()]
    (folder / "conf").write_text(config(folder, port, servers))
    processes = [start_app(each) for each in servers]
    processes.append(
        subprocess.Popen([NGINX, "-p", str(folder), "-e", str(folder / "errors"), "-c", str(folder / "conf")])
    )
    try:
        for each in (*servers, port):
            wait_until_healthy(each)
        yield f"http://127.0.0.1:{port}"
    finally:
        for process in processes:
            process.terminate()
            process.wait(10)


def one_at_each(url: str) -> dict[str, str]:
    """Cookies of a viewer at each server."""
    found: dict[str, str] = {}
    for _ in range(40):
        cookies, head = visit(url)
        found.setdefault(str(head["X-Server"]), cookies)
        if len(found) == 2:
            return found
    raise AssertionError(f"all went to {set(found)}")


def test_a_viewer_stays_with_a_server_and_others_go_elsewhere(behind: str) -> None:
    for server, cookies in one_at_each(behind).items():
        for _ in range(5):
            assert visit(behind, cookies)[1]["X-Server"] == server


def test_a_table_reaches_the_server_of_its_session(behind: str) -> None:
    mine, other = one_at_each(behind).values()

    async def bring() -> tuple[int, int]:
        async with Viewer(behind, "slope", headers={"Cookie": mine}) as viewer:
            await viewer.open()
            return tuple(
                [await asyncio.to_thread(upload, behind, viewer.session, TABLE, cookies) for cookies in (mine, other)]
            )

    assert finished(bring()) == (204, 400)
