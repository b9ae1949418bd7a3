"""The examples of the README run as they stand there."""

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import x8

HERE = Path(__file__)
BLOCKS = re.findall(r"```python\n(.*?)```", (HERE.parents[2] / "README.md").read_text(encoding="utf-8"), re.DOTALL)


def test_the_examples_run(shop: x8.Catalogue, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    flowers = HERE.parents[3] / "examples" / "data" / "flowers_products_cp1251.csv"
    (tmp_path / "flowers.csv").write_bytes(flowers.read_bytes())
    monkeypatch.chdir(tmp_path)
    sent: list[Any] = []
    names: dict[str, Any] = {"live": shop, "model_output": "{\"response\": \"Which city?\"}", "send": sent.append}
    assert len(BLOCKS) == 5
    for block in BLOCKS:
        exec(block, names)
    assert sent[0]["response"] == "Which city?"
    assert names["turn"].decision == "checkout" and names["turn"].order["total_cents"] == 6480


NAMES = """
from typing import Any
import x8

live: x8.Catalogue
model_output: str

def send(reply: dict[str, Any] | None) -> None: ...
"""


def test_py1_the_examples_are_typed(tmp_path: Path) -> None:
    script = tmp_path / "readme.py"
    script.write_text("\n".join([NAMES, *BLOCKS]), encoding="utf-8")
    mypy = [sys.executable, "-m", "mypy", "--strict", "--cache-dir", str(tmp_path / "cache"), str(script)]
    told = subprocess.run(mypy, capture_output=True, text=True, timeout=300, check=False)
    assert told.returncode == 0, told.stdout + told.stderr
