"""What several tests need."""

from pathlib import Path
from typing import Any

import pytest

import x8

DATA = Path(__file__).parents[3] / "examples" / "data"


@pytest.fixture(scope="session")
def shop() -> x8.Catalogue:
    """Five products; the stock numbers are 40, 25, 500, 2 and 1000."""
    return x8.import_catalogue((DATA / "flowers_products_cp1251.csv").read_bytes(), "product").catalogue


def asked(*messages: str, **more: Any) -> dict[str, Any]:
    """A turn of a customer in WhatsApp."""
    turn = {
        "channel": "whatsapp",
        "sender": "34600111222@c.us",
        "token": "34600111222@c.us",
        "instance_id": "shop-1",
        "messages": list(messages),
        "now": "2026-11-20T10:00:00+01:00",
    }
    return {**turn, **more}
