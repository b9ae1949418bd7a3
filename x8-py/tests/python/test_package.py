"""The package as an existing backend uses it. Names carry the rule they prove."""

import json
import pickle
from decimal import Decimal
from pathlib import Path

import pytest

import x8

DATA = Path(__file__).parents[3] / "examples" / "data"


@pytest.fixture(scope="module")
def flowers() -> x8.ImportResult:
    return x8.import_catalogue((DATA / "flowers_products_cp1251.csv").read_bytes(), "product")


def test_k1_headers_of_three_languages_mean_the_same() -> None:
    for header in ("Product Name", "PRODUCT_NAME", "Product-Name", "Название товара", "Name"):
        assert x8.normalize_header(header, "product") == "product_name"
    assert x8.normalize_header("цена, €", "product") == "price_eur"
    assert x8.normalize_header("something else", "product") is None


def test_k2_k3_the_flower_shop_is_read_to_the_cent(flowers: x8.ImportResult) -> None:
    assert flowers.ok and len(flowers.catalogue) == 5
    report = flowers.report
    assert report["encoding"] == "windows-1251" and report["delimiter"] == ";"
    prices = {row["sku"]: row["price_cents"] for row in report["rows"]}
    assert prices == {201: 2990, 202: 5450, 203: 350, 204: 129950, 205: 0}


def test_k3_an_ambiguous_price_is_refused_and_can_be_decided() -> None:
    data = b"name,description,price\nA,a,\"1,299\"\n"
    refused = x8.import_catalogue(data, "product")
    assert not refused.ok and len(refused.catalogue) == 0
    error = refused.report["errors"][0]
    assert (error["rule"], error["text"], error["row"]) == ("K3", "1,299", 2)
    decided = x8.import_catalogue(data, "product", decimal=".")
    assert decided.report["rows"][0]["price_cents"] == 129900


def test_k7_an_import_says_what_it_would_change(flowers: x8.ImportResult) -> None:
    head = "product_name,sku,description,price_eur\n"
    live = x8.import_catalogue(f"{head}Rose,1,Red,3.50\nTulip,2,Yellow,4\n".encode(), "product").catalogue
    diff = x8.import_catalogue(f"{head}Rose,1,Red,3.75\nLily,3,White,1\n".encode(), "product").diff(live)
    assert diff == {
        "added": ["3"],
        "removed": ["2"],
        "changed": [{"sku": "1", "columns": [{"column": "price_cents", "old": 350, "new": 375}]}],
    }
    assert flowers.diff(flowers.catalogue) == {"added": [], "removed": [], "changed": []}


def test_k11_a_row_is_validated_like_a_row_of_a_file() -> None:
    read = x8.validate_row({"Название": "Роза", "description": "A", "price": Decimal("12.10"), "sku": 7}, "product")
    assert read["ok"] and read["row"] is not None and read["errors"] == []
    assert (read["row"]["sku"], read["row"]["price_cents"], "row" in read["row"]) == (7, 1210, False)
    assert read["warnings"] == []
    doubted = x8.validate_row({"name": "Rose", "description": "A", "price": 1, "sku": "A-7"}, "product")
    assert doubted["ok"] and [(issue["rule"], issue["text"]) for issue in doubted["warnings"]] == [("K6", "A-7")]
    missing = x8.validate_row({"name": "Rose", "description": None, "price": float("nan")}, "product")
    assert not missing["ok"] and missing["row"] is None
    assert [error["column"] for error in missing["errors"]] == ["description"]
    for price in ("1,299", 1.299, Decimal("-1"), "12 USD"):
        refused = x8.validate_row({"name": "Rose", "description": "A", "price": price}, "product")
        assert [(error["rule"], error["column"]) for error in refused["errors"]] == [("K3", "price_eur")], price
    for wrong in (float("inf"), object()):
        with pytest.raises(x8.InvalidError):
            x8.validate_row({"name": "Rose", "price": wrong}, "product")


def test_k12_rows_are_found_by_word_area_and_stock(flowers: x8.ImportResult) -> None:
    catalogue = flowers.catalogue
    best = catalogue.search("201")[0]
    assert (best["sku"], best["why"]) == ("201", "sku") and "stock" not in json.dumps(best)
    name = catalogue.rows()[0]["name"]
    assert catalogue.search(name)[0]["why"] == "name"
    assert len(catalogue.search("")) == 5 and catalogue.search("piano") == []
    assert len(catalogue.search("", limit=2)) == 2
    data = b"name,description,cities,stock_units\nRose,a,Madrid,0\nTulip,b,Oslo,1\nCard,c,online,\n"
    shop = x8.import_catalogue(data, "product").catalogue
    assert [hit["sku"] for hit in shop.search("", area="madrid")] == ["1"]
    assert [hit["sku"] for hit in shop.search("", area="Online")] == ["3"]
    assert [hit["sku"] for hit in shop.search("", available=True)] == ["2", "3"]


def test_k10_rows_for_customers_carry_no_stock(flowers: x8.ImportResult) -> None:
    assert "stock" not in json.dumps(flowers.catalogue.rows())


def test_o5_delivery_is_charged_once_and_free_from_the_threshold(flowers: x8.ImportResult) -> None:
    two = flowers.catalogue.price([("201", 2)])
    assert (two["products_cents"], two["delivery_cents"], two["total_cents"]) == (5980, 500, 6480)
    three = flowers.catalogue.price([("201", 3)])
    assert (three["delivery_cents"], three["total_cents"], three["free_delivery"]) == (0, 8970, True)


def test_o6_a_refused_quantity_names_no_number(flowers: x8.ImportResult) -> None:
    with pytest.raises(x8.ConflictError) as refused:
        flowers.catalogue.price([("204", 3)])
    assert "204" in str(refused.value) and "2 " not in str(refused.value)
    assert refused.value.code == "conflict" and refused.value.operation == "cart.price"


def test_o11_the_order_machine() -> None:
    assert x8.order_transition("awaiting_payment", "payment_arrived") == ("paid", ["book"])
    assert x8.order_transition("superseded", "payment_arrived")[0] == "refund_pending"
    with pytest.raises(x8.ConflictError):
        x8.order_transition("awaiting_payment", "booked")
    with pytest.raises(x8.InvalidError):
        x8.order_transition("nowhere", "booked")


def test_e1_e2_e4_entitlements() -> None:
    ends = "2026-01-08T00:00:00Z"
    assert x8.entitlements(now="2026-01-07T23:59:59Z", trial_ends_at=ends)["standing"] == "trial"
    assert x8.entitlements(now="2026-01-08T00:00:00Z", trial_ends_at=ends)["may_work"] is False
    double = x8.entitlements(now="2026-02-01T00:00:00Z", subscription={"plan": "DOUBLE", "status": "ACTIVE"}, connected=2)
    assert double["channel_limit"] == 2 and double["may_connect"] is False and double["reason"]
    never_paid = x8.entitlements(now="2026-02-01T00:00:00Z", subscription={"plan": "GROWTH", "status": "INCOMPLETE"})
    assert never_paid["standing"] == "lapsed"


def test_g2_limits_by_source() -> None:
    sources = ("instagram", "facebook", "whatsapp", "telegram", "gmail", "email", "other")
    assert [x8.reply_limit(source) for source in sources] == [800, 1950, 3800, 3800, 7000, 7000, 1950]


def test_h4_nothing_is_lost_when_text_is_split() -> None:
    text = "A sentence with words. " * 400
    parts = x8.split_text(text, "telegram")
    assert len(parts) > 1 and all(len(part) <= 4096 for part in parts)
    assert sum(part.count("sentence") for part in parts) == 400


def test_g3_g16_the_guard_recomputes_sums_and_routing(flowers: x8.ImportResult) -> None:
    guard = x8.Guard(flowers.catalogue)
    context = {
        "channel": "whatsapp",
        "sender": "+34600111222",
        "token": "34600111222@c.us",
        "instance_id": "shop-1",
        "language": "en",
        "customer_text": "two bouquets of 10 to Barcelona, Ana, +34600111222",
        "cart": [{"sku": "201", "quantity": 2}],
        "known": {"name": "Ana", "phone": "+34600111222", "city": "Barcelona"},
    }
    reply = {
        "response": "Thank you, the payment link follows.",
        "sender": "somebody else",
        "send_payment_link": True,
        "city": "barcelona",
        "total_sum": 1,
        "items": [{"lineItems": [{"SKU": 201, "price": "", "shippingRate": "", "quantity": 2}]}],
        "client_name": "Ana",
        "recipient_phone_number": "+34600111222",
    }
    verdict = guard.check(reply, context)
    assert not verdict.refused and verdict.reply is not None
    assert verdict.reply["total_sum"] == 64.8 and verdict.reply["city"] == "Barcelona"
    assert verdict.reply["sender"] == "+34600111222" and verdict.reply["send_payment_link"] is True
    assert {"G3", "G16"} <= {finding["rule"] for finding in verdict.findings}
    assert guard.check(json.dumps(reply), context).reply == verdict.reply


def test_g1_garbage_is_refused_not_raised(flowers: x8.ImportResult) -> None:
    verdict = x8.Guard(flowers.catalogue).check("{{{", {})
    assert verdict.refused and verdict.reply is None


def test_errors_are_one_family_with_codes() -> None:
    kinds = [name for name in x8.__all__ if name.endswith("Error") and name != "Error"]
    assert len(kinds) == 12
    for name in kinds:
        assert issubclass(getattr(x8, name), x8.Error)
    with pytest.raises(x8.InvalidError) as wrong:
        x8.import_catalogue(b"", "neither")  # type: ignore[arg-type]
    assert wrong.value.code == "invalid" and not wrong.value.retryable and "neither" in str(wrong.value)


def test_py1_errors_are_named_as_they_are_imported() -> None:
    assert x8.__version__.count(".") == 2
    for name in [name for name in x8.__all__ if name.endswith("Error")]:
        assert getattr(x8, name).__qualname__ == name and getattr(x8, name).__module__ == "x8"
    with pytest.raises(x8.Error) as refused:
        x8.normalize_header("name", "goods")  # type: ignore[arg-type]
    again = pickle.loads(pickle.dumps(refused.value))
    assert type(again) is x8.InvalidError and str(again) == str(refused.value) and again.code == "invalid"
