"""The examples of the README run as they stand there."""

import re
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
    assert len(BLOCKS) == 4
    for block in BLOCKS:
        exec(block, names)
    assert sent[0]["response"] == "Which city?"
    assert names["turn"].decision == "checkout" and names["turn"].order["total_cents"] == 6480
