"""Imports run one way, files stay short, and nothing is run from text."""

import ast
import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
FILES = sorted((ROOT / "landscape").rglob("*.py"))
MODULES = {".".join(f.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): f for f in FILES}
CORE = [name for name in MODULES if not name.startswith(("landscape.figures", "landscape.dashboard"))]
FIGURES = [name for name in MODULES if name.startswith("landscape.figures")]

# Imports each module after forgetting all of this package, so that each is the first to be imported once; what was
# compiled is not forgotten.
PROBE = """
import functools, importlib, json, sys
from importlib.machinery import SourceFileLoader
SourceFileLoader.get_code = functools.cache(SourceFileLoader.get_code)
found = {}
for name in json.loads(sys.argv[1]):
    for known in [m for m in sys.modules if m == "landscape" or m.startswith("landscape.")]:
        del sys.modules[known]
    try:
        importlib.import_module(name)
        error = ""
    except Exception as e:
        error = repr(e)
    found[name] = [error, [m for m in ("plotly", "streamlit", "pandas") if m in sys.modules]]
print(json.dumps(found))
"""


def probe(names):
    """In a fresh interpreter: for each module, the error of importing it first, and the heavy packages then loaded."""
    done = subprocess.run(
        [sys.executable, "-c", PROBE, json.dumps(names)], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return json.loads(done.stdout)


@pytest.fixture(scope="module")
def probed(request):
    """What this run asks about, in one interpreter, which only ever loads more: what may load least comes first."""
    tests = [item for item in request.session.items if "probed" in item.fixturenames and hasattr(item, "callspec")]
    asked = {item.callspec.params["name"] for item in tests}
    return probe(["landscape.surfaces", *(name for name in CORE + FIGURES if name in asked - {"landscape.surfaces"})])


def test_the_house_is_found():
    assert {"landscape.objective", "landscape.formulas.expression", "landscape.descent.report"} < set(CORE)
    assert "landscape.figures.kit.style" in FIGURES


@pytest.mark.parametrize("name", CORE)
def test_the_core_imports_alone_and_without_plotly_or_streamlit(probed, name):
    error, heavy = probed[name]
    assert error == ""
    assert not {"plotly", "streamlit"} & set(heavy)


@pytest.mark.parametrize("name", FIGURES)
def test_figures_import_alone_and_without_streamlit(probed, name):
    error, heavy = probed[name]
    assert error == ""
    assert "streamlit" not in heavy


def test_the_objective_needs_no_table(probed):
    assert probed["landscape.surfaces"] == ["", []]


def imports(file, package):
    """The modules of this package that a file imports, at its top or inside a function."""
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{file} has a relative import"
            names = [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
        else:
            continue
        yield from (name for name in names if name in package)


@pytest.fixture(scope="module")
def needs():
    """The modules that each imports."""
    return {name: set(imports(file, MODULES)) - {name} for name, file in MODULES.items()}


def in_circles(graph):
    """What is left of a graph, name -> names, when all that needs nothing more is taken away again and again."""
    while free := [name for name, rest in graph.items() if not rest]:
        graph = {name: rest - set(free) for name, rest in graph.items() if name not in free}
    return graph


def room(name):
    """The folder that a module stands in; a file of the ground floor, and a package's __init__, is one by itself."""
    package = name if MODULES[name].name == "__init__.py" else name.rpartition(".")[0]
    return name if package == "landscape" else package


def test_there_is_no_import_circle(needs):
    # A package's parts are imported by its own __init__, and nothing else stands in a circle.
    assert in_circles(needs) == {}


def test_there_is_no_circle_of_folders(needs):
    rooms = {room(name): set() for name in MODULES}
    for name, needed in needs.items():
        rooms[room(name)] |= {room(other) for other in needed} - {room(name)}
    assert in_circles(rooms) == {}


@pytest.mark.parametrize("name", MODULES)
def test_a_file_can_be_read_in_one_sitting(name):
    """A table of records may be longer."""
    lines = MODULES[name].read_text().count("\n")
    assert lines < 400 or name == "landscape.surfaces", f"{name} has {lines} lines"


def lines(function):
    """How long a function is, its docstring not counted."""
    told = ast.get_docstring(function, clean=False)
    return function.end_lineno - function.lineno + 1 - (0 if told is None else told.count("\n") + 1)


def test_functions_can_be_read_at_a_glance():
    trees = [ast.walk(ast.parse(file.read_text())) for file in MODULES.values()]
    lengths = sorted(lines(node) for tree in trees for node in tree if isinstance(node, ast.FunctionDef))
    assert lengths[-1] <= 50
    assert lengths[len(lengths) * 9 // 10] <= 30


@pytest.mark.parametrize("name", MODULES)
def test_nothing_is_run_from_text(name):
    forbidden = {"exec", "eval", "compile", "__import__", "sympify", "parse_expr", "lambdify", "system", "Popen"}
    for node in ast.walk(ast.parse(MODULES[name].read_text())):
        if isinstance(node, ast.Call):
            # re.compile makes no code.
            called = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
            library = isinstance(node.func, ast.Attribute) and getattr(node.func.value, "id", "") == "re"
            assert called not in forbidden or library, f"{name}, line {node.lineno}: {called}"
