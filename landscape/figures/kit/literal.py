"""Text that somebody has brought, for a chart: Plotly takes tags, entities, templates and LaTeX out of every text."""

_AS_THEY_ARE = str.maketrans({letter: f"&#{ord(letter)};" for letter in "&<>%{}$"} | {"\n": " ", "\r": " "})


def literal(text: str) -> str:
    """The text as Plotly shows it letter for letter, in a title, a name or a hover text."""
    return text.translate(_AS_THEY_ARE)
