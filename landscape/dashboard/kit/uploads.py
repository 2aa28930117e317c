"""Uploads: a page asks for one file; of what is sent past it no more is kept than of a page.

Streamlit keeps every file that is sent to the address of a session for as long as the session.
"""

from functools import cache

from streamlit.runtime import Runtime
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager
from streamlit.runtime.uploaded_file_manager import UploadedFileRec

# Files kept for a session, and bytes of all sessions' files.
FILES, ROOM = 2, 24 * 2**20


@cache
def keep_few_files() -> None:
    """From now on, for all viewers."""
    if Runtime.exists() and isinstance(files := Runtime.instance().uploaded_file_mgr, MemoryUploadedFileManager):
        bound(files)


def bound(files: MemoryUploadedFileManager, most: int = FILES, room: int = ROOM) -> None:
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
