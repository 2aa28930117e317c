"""Housekeeping: what viewers leave behind is cleared away, and what a page does not ask for is not kept.

Streamlit keeps the session of somebody who has gone for two minutes more, should it have been the network, but looks
for those that are over only when another viewer goes: after a class all of them would stay. And it keeps as many files
as are sent to the address of a session; a page asks for one.
"""

from functools import cache
from typing import Any

from streamlit.runtime import Runtime
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager
from streamlit.runtime.uploaded_file_manager import UploadedFileRec

from landscape.dashboard.kit.memory import give_back

# Seconds between two looks.
EVERY = 10.0
# Files kept for a session, and bytes of all sessions' files.
FILES, ROOM = 2, 24 * 2**20


@cache
def keep_house() -> None:
    """Begin to clear away, once for all viewers."""
    if Runtime.exists():
        runtime: Any = Runtime.instance()
        bound_files(runtime.uploaded_file_mgr)
        loop = runtime._get_async_objs().eventloop
        loop.call_soon_threadsafe(_go_on, runtime, loop)


def _go_on(runtime: Any, loop: Any) -> None:
    """Sessions belong to the thread of the loop, and memory is given back on another."""
    if end_sessions(runtime):
        loop.run_in_executor(None, give_back)
    loop.call_later(EVERY, _go_on, runtime, loop)


def end_sessions(runtime: Any) -> int:
    """End the sessions of those who have gone for good, and their files with them; how many there were."""
    over = runtime._session_mgr._session_storage._cache.expire()
    for _, gone in over:
        gone.session.shutdown()
    return len(over)


def bound_files(files: MemoryUploadedFileManager, most: int = FILES, room: int = ROOM) -> None:
    """From now on no more than so many files of a session, and bytes of all files, are kept: the last ones."""
    take = files.add_file

    def add_file(session_id: str, file: UploadedFileRec) -> None:
        take(session_id, file)
        for each in list(files.file_storage[session_id])[:-most]:
            files.remove_file(session_id, each)
        for session, held in list(files.file_storage.items()):
            for each in list(held):
                if _size(files) <= room:
                    return
                files.remove_file(session, each)

    files.add_file = add_file  # type: ignore[method-assign]


def _size(files: MemoryUploadedFileManager) -> int:
    return sum(len(file.data) for held in list(files.file_storage.values()) for file in list(held.values()))
