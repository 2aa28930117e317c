"""A viewer without a browser: it speaks Streamlit's own protocol, and sees what a script sends."""

import asyncio
import time
import urllib.error
import urllib.request
from collections.abc import Mapping
from email.message import Message
from pathlib import Path
from typing import Any, Self
from uuid import uuid4

import websockets
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ClientState_pb2 import ClientState
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState

# Seconds after which somebody gives up.
PATIENCE = 120
DONE = (ForwardMsg.FINISHED_SUCCESSFULLY, ForwardMsg.FINISHED_FRAGMENT_RUN_SUCCESSFULLY)


class Viewer:
    """Somebody at a link, `async with Viewer(url, "basins?surface=ackley")`.

    headers   of what it asks for, as cookies
    sliders   by label, the protocol's record of each that the page has drawn
    session   what the server calls it, once the page is open
    """

    def __init__(self, url: str, link: str = "", headers: Mapping[str, str] | None = None) -> None:
        self._headers = headers or {}
        self.session = ""
        self._url = url.replace("http", "ws") + "/_stcore/stream"
        self._page, _, self._query = link.partition("?")
        self._states: dict[str, WidgetState] = {}
        self.sliders: dict[str, Any] = {}

    async def __aenter__(self) -> Self:
        self._socket = await websockets.connect(
            self._url, max_size=None, open_timeout=PATIENCE, additional_headers=self._headers
        )
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._socket.close()

    async def open(self) -> float:
        """Seconds until the page's script has run, after this link was asked for."""
        return await self._run()

    async def move(self, label: str, value: float) -> float:
        """Seconds until the script has run, after a slider was moved."""
        slider = self.sliders[label]
        state = WidgetState(id=slider.id)
        state.double_array_value.data.append(value)
        self._states[slider.id] = state
        return await self._run()

    async def ask(self) -> None:
        """Ask for the page, and wait for nothing."""
        state = ClientState(page_name=self._page, query_string=self._query)
        state.widget_states.widgets.extend(self._states.values())
        await self._socket.send(BackMsg(rerun_script=state).SerializeToString())

    async def _run(self) -> float:
        began = time.perf_counter()
        await self.ask()
        async with asyncio.timeout(PATIENCE):
            while not self._seen(await self._socket.recv()):
                pass
        return time.perf_counter() - began

    def _seen(self, data: bytes) -> bool:
        """Whether this message says that the script has run."""
        message = ForwardMsg()
        message.ParseFromString(data)
        if message.WhichOneof("type") == "new_session":
            self.session = message.new_session.initialize.session_id
        element = message.delta.new_element
        if element.WhichOneof("type") == "exception":
            raise RuntimeError(element.exception.message)
        if element.WhichOneof("type") == "slider":
            self.sliders[element.slider.label] = element.slider
        return message.WhichOneof("type") == "script_finished" and message.script_finished in DONE


class Server:
    """What the server's process has taken: memory now, in MB, and processor time so far, in seconds."""

    def __init__(self, pid: int, url: str) -> None:
        self._folder, self._url = Path(f"/proc/{pid}"), url

    @property
    def memory(self) -> float:
        status = (self._folder / "status").read_text()
        return int(status.split("VmRSS:")[1].split()[0]) / 1024

    @property
    def seconds(self) -> float:
        after_name = (self._folder / "stat").read_text().rpartition(")")[2].split()
        return (int(after_name[11]) + int(after_name[12])) / 100

    def health(self) -> float:
        """Seconds until it says that it is well."""
        began = time.perf_counter()
        urllib.request.urlopen(f"{self._url}/_stcore/health", timeout=PATIENCE).read()
        return time.perf_counter() - began


def visit(url: str, cookies: str = "") -> tuple[str, Message]:
    """The cookies that a page's address gives to somebody with these, and what else its answer says at its head."""
    request = urllib.request.Request(f"{url}/_stcore/health", headers={"Cookie": cookies} if cookies else {})
    with urllib.request.urlopen(request, timeout=PATIENCE) as answer:
        given = [line.partition(";")[0] for line in answer.headers.get_all("Set-Cookie") or []]
        return "; ".join([cookies, *given] if cookies else given), answer.headers


def upload(url: str, session: str, content: bytes, cookies: str) -> int:
    """Put a file where a session's table goes; the server's answer, 204 where it took it."""
    token = cookies.partition("_streamlit_xsrf=")[2].partition(";")[0].strip('"')
    kind = {"Content-Type": "multipart/form-data; boundary=edge", "X-Xsrftoken": token, "Cookie": cookies}
    head = b'--edge\r\nContent-Disposition: form-data; name="file"; filename="table.csv"\r\n\r\n'
    address = f"{url}/_stcore/upload_file/{session}/{uuid4()}"
    request = urllib.request.Request(address, head + content + b"\r\n--edge--\r\n", kind, method="PUT")
    try:
        with urllib.request.urlopen(request, timeout=PATIENCE) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        return error.code
