"""The guard gives Python the verdicts that the command line and HTTP give."""

import json
from pathlib import Path
from typing import Any

import pytest

import x8

FOLDER = Path(__file__).parents[3] / "x8-assistant" / "tests" / "it" / "guard"
CASES: list[dict[str, Any]] = json.loads((FOLDER / "verdicts.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("case", CASES, ids=lambda case: str(case["catalogue"]))
def test_g1_g3_g4_verdicts_are_those_of_the_other_surfaces(case: dict[str, Any]) -> None:
    data = (FOLDER / "hostile" / "catalogues" / str(case["catalogue"])).read_bytes()
    guard = x8.Guard(x8.import_catalogue(data, case["type"]).catalogue)
    for reply in {"as it is": case["reply"], "as text": case["reply"]}.items():
        given = json.dumps(reply[1]) if reply[0] == "as text" and isinstance(reply[1], dict) else reply[1]
        verdict = guard.check(given, case["context"])
        assert verdict.reply == case["verdict"]["reply"]
        assert verdict.refused is case["verdict"]["refused"]
        assert verdict.findings == case["verdict"]["findings"]


def test_g16_a_context_of_wrong_types_is_an_error() -> None:
    row = x8.import_catalogue(b"name,description,price\nRose,Red,3.50\n", "product")
    guard = x8.Guard(row.catalogue)
    for context in ({"link_sent": "yes"}, {"cart": [{"sku": "1", "quantity": -1}]}, {"payment_status": "maybe"}):
        with pytest.raises(x8.InvalidError):
            guard.check("Hello.", context)
    assert guard.check("Hello.", {"unknown": 1}).reply is not None
