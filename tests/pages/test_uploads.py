"""Of files that are sent past the page few are kept, counted in files and bytes."""

import pytest
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager
from streamlit.runtime.uploaded_file_manager import UploadedFileRec

from landscape.dashboard.kit.uploads import bound


@pytest.fixture
def files() -> MemoryUploadedFileManager:
    return MemoryUploadedFileManager("/upload")


def send(files: MemoryUploadedFileManager, session: str, name: str, size: int = 10) -> None:
    files.add_file(session, UploadedFileRec(name, "table.csv", "text/csv", bytes(size)))


def kept(files: MemoryUploadedFileManager) -> dict[str, list[str]]:
    return {session: list(held) for session, held in files.file_storage.items() if held}


def test_of_a_session_the_last_files_are_kept(files: MemoryUploadedFileManager) -> None:
    bound(files, most=2)
    for place in range(5):
        send(files, "one", str(place))
    send(files, "other", "its")
    assert kept(files) == {"one": ["3", "4"], "other": ["its"]}


def test_of_all_sessions_so_many_bytes_are_kept(files: MemoryUploadedFileManager) -> None:
    bound(files, most=2, room=100)
    for place in range(8):
        send(files, str(place), "it", 30)
    assert kept(files) == {"5": ["it"], "6": ["it"], "7": ["it"]}
