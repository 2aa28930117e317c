"""Scripts and style sheets as they are sent."""

import re
from pathlib import Path


def bare(file: Path) -> str:
    """A script or a style sheet without what only its readers need, which is half of it: comments and indentation."""
    text = re.sub(r"/\*.*?\*/", "", file.read_text(encoding="utf-8"), flags=re.DOTALL)
    lines = (re.sub(r"(^|\s)// .*", "", line).strip() for line in text.splitlines())
    text = "".join(f"{line}\n" for line in lines if line)
    # In a style sheet no blank counts beside these.
    return re.sub(r"\s*([{;,])\s*|\s*(})|(?<=:)\s", r"\1\2", text) if file.suffix == ".css" else text
