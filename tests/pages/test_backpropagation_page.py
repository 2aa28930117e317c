"""The Backpropagation page: every entry of every registry it offers runs, bad input is named, the URL restores it."""

import json
import tomllib

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from landscape.dashboard.networks.own_table import MAX_FILE
from landscape.datasets import DATASETS
from landscape.descent.schedules import SCHEDULES
from landscape.figures.kit.animated import unpacked
from landscape.figures.kit.style import THEMES
from landscape.figures.networks import tints
from landscape.figures.networks.training_stage import EDGES
from landscape.knob import knobs
from landscape.lessons.training import build, lesson, train
from landscape.networks import ACTIVATIONS, INITIALISERS
from landscape.numbers import short, typeset
from landscape.optimizers import OPTIMIZERS
from landscape.regularization.penalties import PENALTIES
from tests.claims.test_claims import unraised
from tests.pages.test_pages import ROOT, complaint, figure, link, open_page, rerun

QUICK = {"steps": "12", "tune": "0"}


def page(**query: str) -> AppTest:
    return open_page("backpropagation", **query)


def curves(app: AppTest) -> list[np.ndarray]:
    """The losses that are drawn, training and validation for each method."""
    return [unpacked(t["y"]) for t in figure(app)["data"] if t.get("xaxis") == "x3" and t["mode"] == "lines"]


def said(app: AppTest) -> str:
    return " ".join(m.value for m in [*app.markdown, *app.error, *app.info])


@pytest.mark.parametrize("key", DATASETS)
@pytest.mark.parametrize("view", ["training", "step", "spectrum"])
def test_every_data_set_in_every_view(key: str, view: str) -> None:
    app = page(data=key, view=view, hidden="3", **QUICK)
    assert complaint(app) == ""
    assert figure(app)["frames"]
    assert link(app)["data"] == key if key != "moons" else "data" not in link(app)


@pytest.mark.parametrize("key", OPTIMIZERS)
def test_every_method_trains_as_computed(key: str) -> None:
    app = page(method=key, hidden="3", init="he", **QUICK)
    samples = DATASETS["moons"].samples
    network = build(samples, (3,), "tanh")
    start = network.init(np.random.default_rng(0), INITIALISERS["he"]())
    given = lesson(network, samples, start, share=0.25, seed=0, batch=0, penalty=None)
    if not OPTIMIZERS[key].applies_to(given.objective):
        assert f"{OPTIMIZERS[key].title} needs" in said(app)
        key = "gradient_descent"
    run = train(given, OPTIMIZERS[key](), 12)
    learned, held = curves(app)
    np.testing.assert_allclose(learned, given.learning.value(run.x), rtol=1e-5)
    np.testing.assert_allclose(held, given.validation.value(run.x), rtol=1e-5)


@pytest.mark.parametrize("key", ACTIVATIONS)
@pytest.mark.parametrize("view", ["training", "step"])
def test_every_activation(key: str, view: str) -> None:
    assert complaint(page(activation=key, view=view, hidden="3,2", **QUICK)) == ""


@pytest.mark.parametrize("key", INITIALISERS)
def test_every_initialiser_and_its_knobs(key: str) -> None:
    for end in ("low", "high"):
        extremes = {f"init.{key}.{name}": f"{getattr(k, end):.12g}" for name, k in knobs(INITIALISERS[key]).items()}
        assert complaint(page(init=key, hidden="3", **QUICK, **extremes)) == ""


@pytest.mark.parametrize("key", PENALTIES)
def test_every_penalty_pulls(key: str) -> None:
    plain, pulled = (
        page(hidden="3", steps="40", **extra) for extra in ({}, {"penalty": key, f"penalty.{key}.strength": "10"})
    )
    assert complaint(pulled) == ""
    assert curves(pulled)[0][-1] > curves(plain)[0][-1]


@pytest.mark.parametrize("key", SCHEDULES)
def test_every_schedule(key: str) -> None:
    for view in ("training", "spectrum"):
        assert complaint(page(schedule=key, view=view, hidden="3", **QUICK)) == ""


@pytest.mark.parametrize("key", DATASETS)
@pytest.mark.parametrize("end", ["low", "high"])
def test_every_knob_of_the_data_at_both_ends(key: str, end: str) -> None:
    knobs_ = DATASETS[key].knobs
    extremes = {f"data.{key}.{name}": "01"[end == "high"] for name, knob in knobs_.items() if knob.scale == "switch"}
    extremes |= {f"data.{key}.{n}": f"{getattr(k, end):.12g}" for n, k in knobs_.items() if k.scale != "switch"}
    assert complaint(page(data=key, hidden="2", **QUICK, **extremes)) == ""


@pytest.mark.parametrize("hidden", ["", "1", "32", "16,16", "2,2,2,2,2,2", " 8 , 4 "])
@pytest.mark.parametrize("view", ["training", "step", "spectrum"])
def test_widths_that_are_allowed(hidden: str, view: str) -> None:
    app = page(hidden=hidden, view=view, steps="3", tune="0")
    assert complaint(app) == ""
    assert not app.error


@pytest.mark.parametrize("lines", EDGES)
@pytest.mark.parametrize("second", ["", "adam"])
def test_lines_and_a_second_method(lines: str, second: str) -> None:
    app = page(lines=lines, **QUICK, **({"second": second} if second else {}))
    assert complaint(app) == ""
    assert len(curves(app)) == 2 + 2 * bool(second)


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ({"hidden": "0"}, "hidden is '0': a hidden layer has 0 units; allowed are 1 to 32. 8 is used instead"),
        ({"hidden": "10000"}, "a hidden layer has 10,000 units; allowed are 1 to 32"),
        ({"hidden": "8,wide"}, "hidden is '8,wide': allowed is one number from 1 to 32 for each of at most 6 layers"),
        ({"hidden": "2," * 7 + "2"}, "there are 8 hidden layers; allowed are at most 6"),
        ({"hidden": "9" * 5000}, "allowed are 1 to 32"),
        ({"data": "mnist"}, "data is 'mnist', which is not known. moons is used instead"),
        ({"method": "magic"}, "method is 'magic', which is not known"),
        ({"second": "magic"}, "second is 'magic', which is not known. It is left out"),
        ({"view": "dream"}, "view is 'dream', which is not known"),
        ({"activation": "step"}, "activation is 'step', which is not known"),
        ({"init": "ones"}, "init is 'ones', which is not known"),
        ({"steps": "1e9"}, "steps is 1000000000.0; allowed is 1 to 2000"),
        ({"data.moons.size": "1000000"}, "moons.size is 1000000.0; allowed is 4 to 1000"),
        ({"share": "1"}, "share is 1.0; allowed is 0 to 0.5"),
        ({"batch": "-3"}, "batch is −3.0; allowed is 0 to 200"),
        ({"view": "step", "example": "150"}, "example is 150.0; allowed is 0 to 149"),
        ({"view": "step", "step": "201"}, "step is 201.0; allowed is 0 to 200"),
        ({"view": "step", "edge": "33"}, "edge is 33.0; allowed is 0 to 32"),
        ({"table": "1,2,3"}, "'table' is not known here"),
    ],
    ids=lambda v: next(iter(v)) if isinstance(v, dict) else "",
)
def test_a_bad_link_is_named_in_one_sentence_and_the_page_draws(query: dict[str, str], sentence: str) -> None:
    app = page(**query)
    assert sentence in complaint(app)
    assert figure(app)["frames"]
    assert sentence not in complaint(page(**link(app)))


@pytest.mark.parametrize("typed", ["0", "10000", "many", "32,32,32", "-1", "8.5"])
def test_bad_widths_that_are_typed_are_named_beside_the_field(typed: str) -> None:
    app = page(**QUICK)
    app.text_input(key="typed.hidden").set_value(typed)
    rerun(app)
    assert "allowed" in app.error[0].value
    assert app.error[0].value.endswith("8 stays.")
    assert app.session_state["hidden"] == "8"
    assert figure(app)["frames"]
    assert "hidden" not in link(app)


ROWS = "\n".join(f"{x / 7:.3f},{(x * x) % 5},{'ab'[x % 2]}" for x in range(40))


def upload(text: str | bytes, **query: str) -> AppTest:
    app = page(data="own", **QUICK, **query)
    app.file_uploader[0].set_value(("own.csv", text.encode() if isinstance(text, str) else text, "text/csv"))
    return rerun(app)


def test_a_table_of_ones_own_is_learned() -> None:
    app = upload(ROWS)
    assert not app.error
    points = [t for t in figure(app)["data"] if t["name"] in ("learned a", "held a", "learned b", "held b")]
    assert sum(len(unpacked(t["x"])) for t in points) == 40
    # It stays while other things change.
    app.slider(key="steps").set_value(5)
    rerun(app)
    assert len(curves(app)[0]) == 6
    assert any(t["name"] == "learned a" for t in figure(app)["data"])


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "The table has no rows."),
        ("1,2,a\ninf,2,b", "Line 2: column 1 is inf; it must be a finite number"),
        (b"PK\x03\x04[Content_Types].xml", "The file is a spreadsheet; save the table as CSV UTF-8 and choose that."),
        (b"0" * (MAX_FILE + 1), "The file has 1.0 MB; at most 1 MB are allowed."),
    ],
    ids=["empty", "infinity", "Excel", "too large"],
)
def test_a_table_that_will_not_do_is_named_in_one_sentence_and_the_page_draws(text: str | bytes, sentence: str) -> None:
    app = upload(text)
    assert sentence in app.error[0].value.replace("\\", "")
    assert len(app.error) == 1
    assert figure(app)["frames"]


def taken(app: AppTest) -> str:
    """What the page says of a table that was read."""
    return " ".join(m.value.replace("\\", "") for m in app.sidebar.markdown)


def test_a_table_survives_a_bad_one_and_a_page_change() -> None:
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60).run()
    app.switch_page("pages/backpropagation.py")
    app.query_params.update({"data": "own", "hidden": "3", **QUICK})
    rerun(app).file_uploader[0].set_value(("own.csv", ROWS.encode(), "text/csv"))
    assert "40 rows: column 1 and column 2 → column 3, 2 classes." in taken(rerun(app))
    app.file_uploader[0].set_value(("bad.csv", b"nothing", "text/csv"))
    assert "The table has column names" in rerun(app).error[0].value
    assert "40 rows" in taken(app)
    seen = curves(app)
    app.query_params.clear()
    rerun(app.switch_page("pages/slope.py"))
    app.query_params.clear()
    rerun(app.switch_page("pages/backpropagation.py"))
    assert "40 rows" in taken(app)
    np.testing.assert_array_equal(curves(app), seen)
    assert link(app) == {"data": "own", "hidden": "3", **QUICK}


def test_a_server_takes_every_file_that_a_page_would() -> None:
    config = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text(encoding="utf-8"))
    assert MAX_FILE <= config["server"]["maxUploadSize"] * 2**20 < 1.1 * MAX_FILE


def test_the_truth_table_of_exclusive_or_trains_whole() -> None:
    app = upload("a,b,label\n0,0,0\n0,1,1\n1,0,1\n1,1,0\n", hidden="4")
    assert len(curves(app)) == 1
    assert "samples held back" not in said(app)
    marks = {t["name"]: len(unpacked(t["x"])) for t in figure(app)["data"] if t["name"].startswith(("learned", "held"))}
    assert marks == {"learned 0": 2, "learned 1": 2}
    for view in ("step", "spectrum", "training"):
        app.session_state["view"] = view
        rerun(app)


def test_a_number_is_learned_from_two_inputs() -> None:
    rows = "".join(f"{k % 5},{k // 5},{k % 5 + 0.5 * (k // 5)}\n" for k in range(25))
    app = upload(f"x,y,height\n{rows}", **{"data.own.standardize": "0"})
    assert "25 rows: x and y → height, a number." in taken(app)
    (learned,) = [t for t in figure(app)["data"] if t["name"] == "learned sample"]
    (held,) = [t for t in figure(app)["data"] if t["name"] == "held sample"]
    assert (len(unpacked(learned["x"])), len(unpacked(held["x"]))) == (19, 6)
    told = unpacked(learned["x"]) + 0.5 * unpacked(learned["y"])
    np.testing.assert_allclose([float(text) for text in learned["text"]], told)
    # The lowest is blue, the highest orange.
    color = dict(zip(learned["text"] + held["text"], learned["marker"]["color"] + held["marker"]["color"], strict=True))
    assert (color["0"], color["6"]) == (tints.signed(THEMES["light"])[0], tints.signed(THEMES["light"])[-1])


def test_columns_are_chosen_and_stand_in_the_link() -> None:
    rows = "".join(f"{k},{k * k % 7},{k % 3},{'ab'[k % 2]}\n" for k in range(20))
    chosen = {"data.own.label": "c", "data.own.first": "b", "data.own.second": "-"}
    app = upload(f"a,b,c,kind\n{rows}", **chosen)
    assert "20 rows: b → c, 3 classes." in taken(app)
    assert link(app) == {"data": "own", **QUICK, **chosen}
    app.session_state["data.own.first"] = "kind"
    rerun(app)
    assert "kind is 'a'; it must be a number. The columns stay as they were." in app.error[0].value.replace("\\", "")
    assert link(app) == {"data": "own", **QUICK, **chosen}
    app.file_uploader[0].set_value(("other.csv", ROWS.encode(), "text/csv"))
    assert "40 rows: column 1 and column 2 → column 3, 2 classes." in taken(rerun(app))


def test_what_a_table_says_is_text_in_the_chart() -> None:
    bad = '<a href="//evil.example">x</a>%{y}'
    app = upload(f'"{bad.replace(chr(34), chr(34) * 2)}",<b>y</b>,label\n' + ROWS.replace("a", "<i>a</i>"))
    spec = json.dumps(figure(app))
    assert "<a href" not in spec
    assert "<b>y" not in spec
    assert "<i>a" not in spec
    assert "&#60;b&#62;y&#60;/b&#62;" in spec


def test_a_link_to_a_table_says_that_it_cannot_carry_it() -> None:
    app = page(data="own", **{"data.own.standardize": "0"})
    assert "No table is here: links carry none, and a restarted server has lost it." in said(app)
    assert complaint(app) == ""
    assert link(app)["data"] == "own"


def test_a_network_too_large_to_watch_says_so_in_the_views_that_go_weight_by_weight() -> None:
    for view in ("step", "spectrum"):
        app = page(view=view, hidden="20,20", **QUICK)
        assert "for networks of up to 400 weights. This one has 501" in app.info[0].value
        app.text_input(key="typed.hidden").set_value("3")
        rerun(app)
        assert figure(app)["frames"]


def test_the_badge_is_below_what_is_promised() -> None:
    app = page(**QUICK)
    (badge,) = [m.value for m in app.markdown if "badge" in m.value]
    parts = badge.split(": ")[-1].rstrip("]").split(", ")
    gradient, hessian = (float(unraised(part.split()[1])) for part in parts)
    assert gradient < 1e-7
    assert hessian < 1e-5
    assert "green" in badge


def test_a_weight_shows_its_gradient_both_ways() -> None:
    app = page(view="step", edge="0", example="7", step="3", hidden="3", **QUICK)
    words = said(app)
    samples = DATASETS["moons"].samples
    network = build(samples, (3,), "tanh")
    given = lesson(network, samples, network.init(np.random.default_rng(0)), share=0.25, seed=0, batch=0, penalty=None)
    w = train(given, OPTIMIZERS["gradient_descent"](), 12).x[3]
    one = network.objective(given.learn.inputs[7:8], given.learn.targets[7:8])
    assert f"This weight's gradient is **{typeset(one.gradient(w)[0])}** by backpropagation." in words
    after = one.gradient(w)[0] * -1e-3 + w[0]
    assert f"moves this weight by **{typeset(after - w[0])}** to {typeset(after)}." in words


def test_a_sample_is_what_the_link_has_made_of_it_until_another_is_chosen() -> None:
    app = page(view="step", hidden="3", **QUICK, **{"sample.x1": "0.25", "sample.target": "0.5"})
    x2 = app.session_state["sample.x2"]
    assert f"x = (0.25, {short(x2)}), target 0.5." in said(app)
    assert link(app)["sample.x1"] == "0.25"
    app.slider(key="example").set_value(3)
    rerun(app)
    assert not [name for name in link(app) if name.startswith("sample.")]
    assert "target is 1.5" in complaint(page(view="step", hidden="3", **QUICK, **{"sample.target": "1.5"}))


def test_dependent_sliders_stay_in_range_when_the_data_shrinks() -> None:
    app = page(view="step", example="149", step="12", edge="12", hidden="3", **QUICK, **{"data.moons.size": "200"})
    app.session_state["data.moons.size"] = 20
    app.session_state["hidden"] = ""
    app.session_state["steps"] = 5
    rerun(app)
    assert (app.session_state["example"], app.session_state["step"], app.session_state["edge"]) == (14, 5, 2)
    assert complaint(page(**link(app))) == ""


def test_the_edge_of_stability_is_two_over_the_rate() -> None:
    app = page(view="spectrum", hidden="3", tune="0", steps="12", **{"method.gradient_descent.lr": "0.5"})
    (edge,) = [t for t in figure(app)["data"] if t["name"] == "edge of stability"]
    np.testing.assert_allclose(unpacked(edge["y"]), 4.0, rtol=1e-6)
    app = page(view="spectrum", method="adam", hidden="3", **QUICK)
    assert "Adam sets its steps otherwise" in said(app)


def test_tuned_rates_are_where_the_sliders_start() -> None:
    app = page(steps="30")
    tuned = app.session_state["method.gradient_descent.lr"]
    app.toggle(key="tune").set_value(False)
    rerun(app)
    assert app.select_slider(key="method.gradient_descent.lr").value == tuned
    assert link(app)["method.gradient_descent.lr"] == f"{tuned:.12g}"


def test_a_method_is_not_compared_with_itself() -> None:
    app = page(method="adam", second="adam", **QUICK)
    assert len(curves(app)) == 2
    assert "second" not in link(app)


@pytest.mark.parametrize(
    "query",
    [
        {
            "data": "circles",
            "data.circles.noise": "0.2",
            "hidden": "4,4",
            "method": "momentum",
            "second": "adam",
            "batch": "16",
        },
        {"view": "step", "example": "9", "step": "40", "edge": "5", "at": "17"},
        {"view": "spectrum", "method": "nesterov", "steps": "33", "schedule": "cosine"},
    ],
    ids=["training", "step", "spectrum"],
)
def test_the_url_restores_the_figure(query: dict[str, str]) -> None:
    first = page(**query)
    assert link(first) == query
    copy = page(**link(first))
    assert json.dumps(figure(copy)) == json.dumps(figure(first))


def test_views_follow_each_other_in_one_session() -> None:
    app = page(second="adam", at="20", **QUICK)
    for view in ("step", "spectrum", "training"):
        app.session_state["view"] = view
        rerun(app)
        assert figure(app)["frames"]
    assert len(curves(app)) == 4


@pytest.mark.parametrize("end", ["low", "high"])
@pytest.mark.parametrize("key", OPTIMIZERS)
def test_every_knob_of_every_method_at_both_ends(key: str, end: str) -> None:
    extremes = {}
    for name, knob in knobs(OPTIMIZERS[key]).items():
        value = getattr(knob, end)
        extremes[f"method.{key}.{name}"] = str(int(value)) if knob.scale in ("switch", "integer") else f"{value:.12g}"
    app = page(method=key, hidden="3", **QUICK, **extremes)
    if f"{OPTIMIZERS[key].title} needs" not in said(app):
        assert complaint(app) == ""


@pytest.mark.parametrize("end", ["low", "high"])
@pytest.mark.parametrize(("kind", "registry"), [("penalty", PENALTIES), ("schedule", SCHEDULES)])
def test_every_knob_of_penalties_and_schedules_at_both_ends(kind: str, registry: dict, end: str) -> None:
    for key, entry in registry.items():
        extremes = {}
        for name, knob in knobs(entry).items():
            value = getattr(knob, end)
            extremes[f"{kind}.{key}.{name}"] = (
                str(int(value)) if knob.scale in ("switch", "integer") else f"{value:.12g}"
            )
        assert complaint(page(hidden="3", **{kind: key}, **QUICK, **extremes)) == ""
