"""Said: what is seen on a stage, in a sentence under its play bar."""

from collections.abc import Sequence

from landscape.figures.kit.stage import Stage
from landscape.numbers import readable


def saying(stage: Stage, sentences: Sequence[str]) -> Stage:
    """The stage itself, with a sentence for each frame, or one where it stands still.

    ValueError for another number of sentences.
    """
    if len(sentences) != (len(stage.times) or 1):
        raise ValueError(f"sentences has {len(sentences)}; there are {len(stage.times)} times")
    stage.clock["captions"] = [readable(sentence) for sentence in sentences]
    return stage
