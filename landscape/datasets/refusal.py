"""What is wrong with a table that somebody brings."""


class TableError(ValueError):
    """What is wrong with a table and where: `line` counts from 1, or is None for the whole."""

    def __init__(self, message: str, line: int | None = None) -> None:
        super().__init__(message if line is None else f"Line {line}: {message}")
        self.line = line
