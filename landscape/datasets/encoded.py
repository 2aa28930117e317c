"""What a file's bytes say: text in one of the encodings that spreadsheets write, or a sentence that says what it is."""

from landscape.datasets.refusal import TableError

SAVE = "save the table as CSV UTF-8 and choose that"
# What a file that is no text begins with, and what it is then.
MAGIC = {
    b"\xd0\xcf\x11\xe0": "an old Excel workbook",
    b"%PDF": "a PDF",
    b"\x89PNG": "a picture",
    b"\xff\xd8\xff": "a picture",
    b"GIF8": "a picture",
    b"\x1f\x8b": "packed with gzip",
    b"PAR1": "in Parquet format",
    b"SQLite": "a database",
}
WORKBOOK = b"[Content_Types].xml"
MARKS = {b"\xff\xfe": "utf-16-le", b"\xfe\xff": "utf-16-be"}
# Control characters that no text has.
STRANGE = frozenset(range(32)) - {9, 10, 12, 13, 26}


def decoded(data: bytes) -> tuple[str, list[str]]:
    """The text in UTF-8, UTF-16 or Windows' Latin-1, and a remark where it is the last; TableError where it is none."""
    _refuse_what_is_no_text(data)
    marked = next((code for mark, code in MARKS.items() if data.startswith(mark)), None) or _unmarked(data)
    try:
        text = data.decode(marked or "utf-8").removeprefix("\ufeff")
    except UnicodeDecodeError:
        text = "" if marked else data.decode("cp1252", errors="replace")
        if marked or not STRANGE.isdisjoint(data) or "\ufffd" in text:
            raise TableError(f"The file is not text in UTF-8; {SAVE}") from None
        return text, ["The file is not in UTF-8. Its letters are read as Windows' Latin-1."]
    if any(ord(letter) in STRANGE for letter in text):
        raise TableError(f"The file is not text; {SAVE}")
    return text, []


def _refuse_what_is_no_text(data: bytes) -> None:
    if data.startswith(b"PK\x03\x04"):
        workbook = WORKBOOK in data or b"opendocument.spreadsheet" in data
        what = "a spreadsheet" if workbook else "a zip archive"
        raise TableError(f"The file is {what}; {SAVE}")
    for magic, what in MAGIC.items():
        if data.startswith(magic):
            raise TableError(f"The file is {what}; {SAVE}")
    begin = data[:200].removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    if begin.startswith((b"<!doctype", b"<html", b"<table", b"<?xml")):
        raise TableError(f"The file is a web page; {SAVE}")
    if begin.startswith((b"{", b"[")):
        raise TableError(f"The file is JSON; {SAVE}")


def _unmarked(data: bytes) -> str | None:
    """UTF-16 without its mark: every second byte of plain letters is 0."""
    some = data[:2000]
    if len(some) < 4 or not some.count(0) > len(some) / 4:
        return None
    return "utf-16-le" if some[1::2].count(0) > some[::2].count(0) else "utf-16-be"
