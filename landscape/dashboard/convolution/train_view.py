"""The view of a small network that learns to read digits."""

from typing import NamedTuple

import streamlit as st

from landscape.code import trained as export
from landscape.dashboard.convolution.sheet import (
    PIXEL_NAMES,
    claim_drawing,
    forget_drawing,
    ink_of,
    pen,
    take_drawing,
    way_back,
)
from landscape.dashboard.kit.address import Address, choice, switch, write_number
from landscape.dashboard.kit.controls import (
    knob_control,
    knob_value,
    segmented_control,
    selectbox,
    slider,
    switch_control,
)
from landscape.dashboard.kit.drawer import more
from landscape.dashboard.kit.files import file_button
from landscape.dashboard.kit.kept import grown
from landscape.dashboard.kit.page import small, stage_download
from landscape.dashboard.kit.view import RefusalError, Seen, View
from landscape.datasets import IMAGES
from landscape.figures.convolution.digits_stage import stage
from landscape.figures.convolution.hands import Hands
from landscape.figures.kit.stage import Stage
from landscape.knob import Knob
from landscape.lessons.digits import Learned, Looked, findings, learn, look, read
from landscape.optimizers import OPTIMIZERS

# Methods whose step costs a gradient or two.
METHODS = [key for key, method in OPTIMIZERS.items() if method.family in ("First order", "Adaptive")]
RATE = Knob(0.01, 1e-4, 10, "log", "rate", "How far each step goes.")
EPOCHS = Knob(20, 1, 40, "integer", "epochs", "How many times training goes through all digits.")
CHANNELS = Knob(8, 1, 12, "integer", "kernels", "How many kernels the network has.")
SEED = Knob(0, 0, 99, "integer", "seed", "Another seed holds back other digits and draws other weights.")
HELD = 359
SHOW = {"values": "What it sees", "gradients": "Its gradients"}


class Terms(NamedTuple):
    """What learns how; which held-back digit is looked at, and whether only among those misread, or which drawing.

    drawing   as `claim_drawing` has it; "" for the digit
    erase     whether the pen takes ink away
    show      a key of SHOW
    """

    method: str
    rate: float
    channels: int
    epochs: int
    seed: int
    example: int
    wrong: bool
    drawing: str
    erase: bool
    show: str


def controls(address: Address) -> Terms:
    address.claim("show", "values", choice("show", SHOW))
    show = str(segmented_control("Show", list(SHOW), key="show", format_func=lambda k: SHOW[k], required=True))
    address.claim("method", "adam", choice("method", METHODS))
    method = selectbox("Method", METHODS, key="method", format_func=lambda k: OPTIMIZERS[k].title)
    rate = knob_control(address, "lr", RATE)
    wrong = address.claim("wrong", False, switch("wrong"), write_number)
    example = knob_value(address, "example", Knob(0, 0, HELD - 1, "integer"))
    counted = "Where only wrong ones are shown, the count starts over after the last."
    slider("Which held-back digit", 0, HELD - 1, key="example", help=counted, on_change=forget_drawing)
    drawing = claim_drawing(address)
    # There is a picture to draw on only where the picture is shown.
    erase = show == "values" and pen(address)
    way_back(drawing, "Back to the held-back digit")
    with more():
        switch_control("Only digits it gets wrong", key="wrong", on_change=forget_drawing)
        channels = knob_control(address, "channels", CHANNELS)
        epochs = knob_control(address, "epochs", EPOCHS)
        seed = knob_control(address, "seed", SEED)
    return Terms(str(method), rate, channels, epochs, seed, example, wrong, drawing, erase, show)


def _learned(terms: Terms) -> Learned:
    """As far as it has come."""
    made = OPTIMIZERS[terms.method]()
    method = made.with_rate(terms.rate) if hasattr(made, "lr") else made
    key = ("digits", terms.method, terms.rate, terms.channels, terms.epochs, terms.seed)
    return grown(key, lambda: learn(method, terms.channels, terms.epochs, terms.seed))


def run(terms: Terms) -> Looked:
    learned = _learned(terms)
    if terms.drawing:
        return read(learned, ink_of(terms.drawing))
    if not terms.wrong:
        return look(learned, terms.example)
    if not len(learned.wrong):
        raise RefusalError("It gets no digit wrong. Switch off “Only digits it gets wrong”.")
    return look(learned, int(learned.wrong[terms.example % len(learned.wrong)]))


def draw(terms: Terms, seen: Looked, where: Seen) -> Stage:
    hands = Hands((), PIXEL_NAMES, terms.erase)
    back = terms.show == "gradients"
    return stage(seen, where.theme, hands, back=back, narrow=where.narrow, size=where.size("digits"))


def between(terms: Terms, seen: Looked, shown: Stage) -> None:
    learned = seen.learned
    if not learned.done:
        st.progress(learned.epochs / learned.planned, f"Epoch {learned.epochs} of {learned.planned} …")
    if learned.diverged is not None:
        st.info(f"Training diverged in epoch {learned.diverged}. A smaller rate would hold.")


def below(terms: Terms, seen: Looked, shown: Stage) -> None:
    network, w = seen.learned.network, seen.learned.weights[-1]
    small(f"The network: {network.title}, {network.size} weights, tanh and max-pooling, mini-batches of 64.")
    if terms.show == "values":
        small("Draw on the picture, or on an empty sheet, and the network reads it.")
    else:
        small("L is the loss of this one picture: −ln of the chance of its digit. Every epoch has its own scale.")
        small("p − y is each chance, less 1 for its digit. With it the way back begins.")
    small("Blue is negative, orange positive. In the table a digit read rightly is green, a mistake red.")
    st.subheader("Take it with you", anchor=False)
    json, npz, script, page = st.columns(4)
    file_button(json, "Weights, JSON", lambda: export.to_json(network, w), "digits.json", "application/json")
    file_button(npz, "Weights, npz", lambda: export.to_npz(network, w), "digits.npz", "application/octet-stream")
    some = seen.learned.held.inputs[:5]
    file_button(script, "The network, PyTorch", lambda: export.to_torch(network, w, some), "digits.py", "text/x-python")
    stage_download(page, shown, VIEW.question, "digits")
    small(f"{IMAGES['digits'].source} Licence: {IMAGES['digits'].licence}.")


VIEW = View(
    "train",
    "Train",
    "How does a network learn to read?",
    controls,
    run,
    draw,
    findings,
    below,
    between=between,
    clock=lambda terms: f"{terms.epochs}-{terms.channels}",
    held=take_drawing,
)
