"""Open every page once, with nothing but the app's own dependencies."""

import sys
from pathlib import Path

from streamlit.testing.v1 import AppTest

ROOT = Path(__file__).resolve().parents[1]

for path in [ROOT / "app.py", *sorted((ROOT / "pages").glob("*.py"))]:
    app = AppTest.from_file(str(path), default_timeout=60).run()
    if app.exception or not app.get("plotly_chart"):
        sys.exit(f"{path.name} does not open: {[error.message for error in app.exception]}")
