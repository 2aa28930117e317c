"""What viewers leave behind, counted in sessions and bytes."""

from types import SimpleNamespace
from typing import Any

import pytest
from streamlit.runtime import Runtime, RuntimeConfig
from streamlit.runtime.memory_media_file_storage import MemoryMediaFileStorage
from streamlit.runtime.memory_session_storage import MemorySessionStorage
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager
from streamlit.runtime.session_manager import SessionInfo
from streamlit.runtime.uploaded_file_manager import UploadedFileRec

from landscape.dashboard.kit.house import bound_files, end_sessions


@pytest.fixture
def files() -> MemoryUploadedFileManager:
    return MemoryUploadedFileManager("/upload")


def send(files: MemoryUploadedFileManager, session: str, name: str, size: int = 10) -> None:
    files.add_file(session, UploadedFileRec(name, "table.csv", "text/csv", bytes(size)))


def kept(files: MemoryUploadedFileManager) -> dict[str, list[str]]:
    return {session: list(held) for session, held in files.file_storage.items() if held}


def test_of_a_session_the_last_files_are_kept(files: MemoryUploadedFileManager) -> None:
    bound_files(files, most=2)
    for place in range(5):
        send(files, "one", str(place))
    send(files, "other", "its")
    assert kept(files) == {"one": ["3", "4"], "other": ["its"]}


def test_of_all_sessions_so_many_bytes_are_kept(files: MemoryUploadedFileManager) -> None:
    bound_files(files, most=2, room=100)
    for place in range(8):
        send(files, str(place), "it", 30)
    assert kept(files) == {"5": ["it"], "6": ["it"], "7": ["it"]}


@pytest.fixture
def runtime(monkeypatch: pytest.MonkeyPatch, files: MemoryUploadedFileManager) -> Runtime:
    """A server as Streamlit makes it, on which those who have gone do not come back."""
    monkeypatch.setattr(Runtime, "_instance", None)
    storage = MemorySessionStorage(ttl_seconds=0)
    return Runtime(RuntimeConfig("app.py", MemoryMediaFileStorage("/media"), files, session_storage=storage))


def test_a_session_that_is_over_is_ended_though_nobody_else_goes(runtime: Any) -> None:
    ended: list[str] = []
    session: Any = SimpleNamespace(id="one", shutdown=lambda: ended.append("one"))
    runtime._session_mgr._session_storage.save(SessionInfo(None, session))
    assert end_sessions(runtime) == 1
    assert ended == ["one"]
    assert end_sessions(runtime) == 0
