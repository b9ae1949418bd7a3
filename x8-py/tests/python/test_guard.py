"""The guard gives Python the verdicts that the command line and HTTP give."""

import copy
import json
import os
import pickle
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from decimal import Decimal
from enum import Enum
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pytest

import x8

FOLDER = Path(__file__).parents[3] / "x8-assistant" / "tests" / "it" / "guard"
CASES: list[dict[str, Any]] = json.loads((FOLDER / "verdicts.json").read_text(encoding="utf-8"))

KEYS = (
    "response sender token instance_id imageurl send_payment_link city units_to_buy total_sum products_sum delivery_sum "
    "free_delivery items recipient_phone_number client_name order_description payment_reminder_hours language remind "
    "stripe_lang videourl change_payment_status"
).split()

CONTEXT: dict[str, Any] = {
    "channel": "whatsapp",
    "sender": "+34600111222",
    "token": "34600111222@c.us",
    "instance_id": "shop-1",
    "language": "en",
    "customer_text": "two roses to Madrid, Ana, +34600111222",
    "payment_status": "no_payment_link",
    "cart": [{"sku": "1", "quantity": 2}],
    "known": {"name": "Ana", "phone": "+34600111222", "city": "Madrid"},
    "privacy_policy_sent": False,
    "shown_images": ["1"],
    "link_sent": False,
    "conversation_first": True,
}

REPLY: dict[str, Any] = {
    "response": "Thank you, the payment link follows.",
    "send_payment_link": True,
    "city": "Madrid",
    "total_sum": 7,
    "products_sum": 7,
    "units_to_buy": 2,
    "items": [{"lineItems": [{"SKU": 1, "price": "", "shippingRate": "", "quantity": 2}]}],
    "client_name": "Ana",
    "recipient_phone_number": "+34600111222",
}


@pytest.fixture(scope="module")
def guard() -> x8.Guard:
    data = b"name,description,price,cities\nRose,Red,3.50,Madrid\n"
    return x8.Guard(x8.import_catalogue(data, "product").catalogue)


@pytest.mark.parametrize("case", CASES, ids=lambda case: str(case["catalogue"]))
def test_g1_g3_g4_verdicts_are_those_of_the_other_surfaces(case: dict[str, Any]) -> None:
    data = (FOLDER / "hostile" / "catalogues" / str(case["catalogue"])).read_bytes()
    guard = x8.Guard(x8.import_catalogue(data, case["type"]).catalogue)
    for as_text in (False, True):
        given = json.dumps(case["reply"]) if as_text and isinstance(case["reply"], dict) else case["reply"]
        verdict = guard.check(given, case["context"])
        assert verdict.reply == case["verdict"]["reply"]
        assert verdict.refused is case["verdict"]["refused"]
        assert verdict.findings == case["verdict"]["findings"]


def test_g1_a_reply_has_exactly_the_contracts_keys_in_order(guard: x8.Guard) -> None:
    for said in ("We are open.", REPLY):
        reply = guard.check(said, CONTEXT).reply
        assert reply is not None and list(reply) == KEYS and len(KEYS) == 22
    sold = guard.check(REPLY, CONTEXT)
    assert sold.reply is not None and (sold.reply["total_sum"], sold.reply["send_payment_link"]) == (7, True)
    assert sold.findings == [], "an honest reply has no findings"


def test_findings_are_objects_and_plain_data(guard: x8.Guard) -> None:
    verdict = guard.check({**REPLY, "total_sum": 1}, CONTEXT)
    (finding,) = [one for one in verdict.findings if one.rule == "G3"]
    assert isinstance(finding, x8.Finding) and isinstance(finding, dict)
    assert finding.action == finding["action"] == "replaced" and finding.evidence == finding["evidence"]
    assert json.loads(json.dumps(verdict.findings)) == verdict.findings
    assert {**finding}.keys() == {"rule", "action", "evidence"}


@pytest.mark.parametrize("total", [7, 7.0, Decimal("7"), Decimal("7.00"), Decimal("0.7E+1"), "7.00"])
def test_g3_numbers_of_every_kind_are_read_exactly(guard: x8.Guard, total: object) -> None:
    right = guard.check({**REPLY, "total_sum": total, "products_sum": total}, CONTEXT)
    assert not [one for one in right.findings if one.rule == "G3"], right.findings
    assert right.reply is not None and right.reply["total_sum"] == 7
    wrong = guard.check({**REPLY, "total_sum": Decimal("7.01")}, CONTEXT)
    assert [one.rule for one in wrong.findings] == ["G3"]


def test_g1_odd_numbers_and_broken_characters_never_raise(guard: x8.Guard) -> None:
    for total in (float("nan"), float("-inf"), Decimal("NaN"), Decimal("Infinity"), 10**400, -(2**70)):
        verdict = guard.check({**REPLY, "total_sum": total}, CONTEXT)
        assert verdict.refused or (verdict.reply is not None and verdict.reply["total_sum"] == 7), total
    for said in ("Hello \ud83d there.", {"response": "Hello \ud83d there."}):
        verdict = guard.check(said, {"customer_text": "\udc00"})
        assert verdict.refused or "\ud83d" not in str(verdict.reply)
    for nothing in ("", "{{{", {}, {"response": None}):
        verdict = guard.check(nothing, {})
        assert verdict.refused and verdict.reply is None and verdict.findings[0].action == "refused"


def test_py3_dataclasses_enums_models_and_mappings_are_read(guard: x8.Guard) -> None:
    class Status(str, Enum):
        OPEN = "payment_link_sent"

    @dataclass
    class Line:
        sku: int
        quantity: int

    @dataclass
    class Context:
        channel: str = "whatsapp"
        payment_status: Status = Status.OPEN
        cart: tuple[Line, ...] = (Line(1, 2),)
        shown_images: set[str] = field(default_factory=lambda: {"1"})

    class Model:
        """Shaped like a Pydantic model."""

        def model_dump(self) -> dict[str, Any]:
            return {**REPLY, "total_sum": Decimal("7.00")}

    context: Any = Context()
    reply: Any = Model()
    known = CONTEXT["known"]
    plain = {"channel": "whatsapp", "payment_status": "payment_link_sent", "cart": [{"sku": "1", "quantity": 2}]}
    assert guard.check(reply, context).reply == guard.check(REPLY, {**plain, "shown_images": ["1"]}).reply
    assert guard.check(MappingProxyType(REPLY), {**plain, "known": MappingProxyType(known)}).reply is not None


WRONG: list[tuple[dict[str, Any], str]] = [
    ({"channel": 5}, "context.channel"),
    ({"sender": None}, "context.sender"),
    ({"token": b"x"}, "context.token"),
    ({"instance_id": []}, "context.instance_id"),
    ({"language": 1}, "context.language"),
    ({"customer_text": {}}, "context.customer_text"),
    ({"payment_status": "maybe"}, "context.payment_status"),
    ({"cart": "1"}, "context.cart"),
    ({"cart": [{"sku": "1", "quantity": -1}]}, "context.cart[0].quantity"),
    ({"cart": [{"sku": "1", "quantity": 1.5}]}, "context.cart[0].quantity"),
    ({"cart": [{"sku": "1"}]}, "quantity"),
    ({"known": "Ana"}, "context.known"),
    ({"known": {"phone": 34600111222}}, "context.known.phone"),
    ({"privacy_policy_sent": 1}, "context.privacy_policy_sent"),
    ({"shown_images": {"1": True}}, "context.shown_images"),
    ({"link_sent": "yes"}, "context.link_sent"),
    ({"conversation_first": 0}, "context.conversation_first"),
    ({"cart": object()}, "context.cart"),
]


@pytest.mark.parametrize(("context", "named"), WRONG, ids=lambda value: value if isinstance(value, str) else "")
def test_g16_a_wrong_type_is_an_error_that_names_the_key(guard: x8.Guard, context: dict[str, Any], named: str) -> None:
    with pytest.raises(x8.InvalidError) as wrong:
        guard.check("Hello.", context)
    assert named in str(wrong.value) and wrong.value.code == "invalid" and wrong.value.operation == "guard.check"


def test_g16_other_keys_are_ignored_and_other_things_refused(guard: x8.Guard) -> None:
    assert guard.check("Hello.", {"unknown": object.__name__, "also": [1, {"x": None}]}).reply is not None
    others: list[Any] = ["whatsapp", None, [("channel", "whatsapp")]]
    for other in others:
        with pytest.raises(x8.InvalidError, match="context"):
            guard.check("Hello.", other)
    bytes_are_no_text: Any = b"Hello."
    with pytest.raises(x8.InvalidError, match="reply"):
        guard.check(bytes_are_no_text, {})
    endless: dict[str, Any] = {"response": "Hello."}
    endless["items"] = endless
    with pytest.raises(x8.InvalidError, match="nested"):
        guard.check(endless, {})


@pytest.fixture(scope="module")
def recorded() -> dict[str, Any]:
    """Written by `tests/python.rs`: what the guard itself says, as bytes."""
    if "X8_TEST_VERDICTS" not in os.environ:
        pytest.skip("run by `cargo test -p x8-py`, which writes the verdicts")
    read: dict[str, Any] = json.loads(Path(os.environ["X8_TEST_VERDICTS"]).read_text(encoding="utf-8"))
    return read


def test_g1_to_g16_python_gives_the_bytes_of_the_other_surfaces(recorded: dict[str, Any]) -> None:
    cases, guards = recorded["cases"], {}
    assert len(cases) > 150
    for case in cases:
        if case["catalogue"] not in guards:
            data = Path(case["catalogue"]).read_bytes()
            guards[case["catalogue"]] = x8.Guard(x8.import_catalogue(data, case["type"]).catalogue)
        guard = guards[case["catalogue"]]
        for said in (case["reply"], case["raw"]):
            verdict = guard.check(said, case["context"])
            assert verdict.json() == case["verdict"], case["name"]
        plain = {"reply": verdict.reply, "refused": verdict.refused, "findings": verdict.findings}
        assert plain == json.loads(case["verdict"]), case["name"]
        assert json.dumps(plain, ensure_ascii=False, separators=(",", ":")) == case["verdict"], case["name"]
        assert guard.check_many([(case["raw"], case["context"])]) == [verdict]


def test_g1_to_g16_every_key_of_a_context_is_typed(recorded: dict[str, Any]) -> None:
    assert sorted(x8.GuardContext.__annotations__) == sorted(recorded["context_keys"])
    assert all(key in (x8.Guard.check.__doc__ or "") for key in recorded["context_keys"])


def test_py3_many_replies_are_checked_at_once_and_in_order(guard: x8.Guard) -> None:
    checks = [({**REPLY, "response": f"Rose number {at}: {at}.01 EUR. Which city?"}, CONTEXT) for at in range(50)]
    alone = [guard.check(reply, context) for reply, context in checks]
    assert guard.check_many(iter(checks)) == alone and guard.check_many([]) == []
    with ThreadPoolExecutor(4) as threads:
        assert list(threads.map(lambda one: guard.check(*one), checks)) == alone
    assert alone[0] != alone[1] and alone[0] != "verdict"
    with pytest.raises(x8.InvalidError, match=r"checks\[1\]\.context\.sender"):
        guard.check_many([("Hello.", {}), ("Hello.", {"sender": 5})])
    odd: list[Any] = ["Hello.", ("Hello.",), {"reply": "Hello."}]
    for pair in odd:
        with pytest.raises(TypeError, match=r"checks\[0\]"):
            guard.check_many([pair])


def test_g2_g3_g5_the_narrow_check_compares_sums_and_measures(guard: x8.Guard) -> None:
    fine = guard.check_figures(REPLY, "whatsapp")
    assert fine.ok and fine.findings == [] and fine.json() == '{"ok":true,"findings":[]}'
    wrong = guard.check_figures(json.dumps({**REPLY, "total_sum": 8, "response": "x" * 801}), "instagram")
    assert not wrong.ok and {one.rule for one in wrong.findings} == {"G2", "G3"}
    assert wrong == guard.check_figures({**REPLY, "total_sum": 8, "response": "x" * 801}, "instagram")
    assert guard.check_figures("{{{", "instagram").findings[0].rule == "G1"


def test_g8_a_refused_place_gets_no_yes(guard: x8.Guard) -> None:
    said = "Yes, we deliver to Paris. Roses are 3.50 EUR."
    assert "Paris" not in str(guard.check(said, {"refused_place": "Paris"}).reply)


def test_py1_verdicts_are_values(guard: x8.Guard) -> None:
    verdict = guard.check("Hello.", {})
    assert verdict == guard.check("Hello.", {}) and verdict != guard.check("Good day.", {})
    assert verdict.findings is verdict.findings and verdict.reply is verdict.reply
    assert repr(guard) == "Guard(1 rows)" and repr(verdict) == "Verdict(refused=False, findings=1)"
    found = verdict.findings[0]
    assert copy.deepcopy(found) == found and pickle.loads(pickle.dumps(found)) == found


@pytest.mark.parametrize(
    ("context", "told"),
    [
        ({"known": None}, "context.known: an object of name, phone and city is needed, not None"),
        ({"cart": "1"}, 'context.cart: a list is needed, not string "1"'),
        ({"sender": 34600}, "context.sender: a str is needed, not integer `34600`"),
        ({"link_sent": 1}, "context.link_sent: a bool is needed, not integer `1`"),
        ({"cart": [{"sku": "1", "quantity": -1}]}, "context.cart[0].quantity: a whole number from 0 is needed, not integer `-1`"),
        ({"cart": [{"sku": "1"}]}, "context.cart[0]: missing field `quantity`"),
    ],
)
def test_g16_errors_speak_python(guard: x8.Guard, context: dict[str, Any], told: str) -> None:
    with pytest.raises(x8.InvalidError) as wrong:
        guard.check("Hello.", context)
    assert str(wrong.value) == told


def test_py1_what_is_no_catalogue_says_what_is(guard: x8.Guard) -> None:
    nothing: Any = x8.import_catalogue(b"name,description,price\nRose,Red,3.50\n", "product")
    with pytest.raises(TypeError, match=r"import_catalogue\(…\)\.catalogue, not ImportResult"):
        x8.Guard(nothing)


def test_k11_a_catalogue_is_made_of_dicts() -> None:
    rows: list[dict[str, Any]] = [
        {"name": "Rose", "description": "Red", "price": Decimal("3.50"), "cities": ["Madrid", "Valencia"]},
        {"Название товара": "Ваза", "описание": "Синяя", "цена": "12,90", "sku": 7},
        {"name": "Card", "description": "Blank", "price": 1},
    ]
    shop = x8.Catalogue.from_rows(rows, "product")
    assert [row["sku"] for row in shop.rows()] == ["8", "7", "9"]
    assert shop.price([("8", 2)])["total_cents"] == 700
    assert len(x8.Catalogue.from_rows(iter(()), "service")) == 0
    wrong = [*rows, {"name": "Vase", "price": "1,299"}, {**rows[1]}]
    with pytest.raises(x8.InvalidError) as refused:
        x8.Catalogue.from_rows(wrong, "product")
    told = str(refused.value).splitlines()
    assert told[0].startswith("rows[3].price_eur: ") and "rows[3].description" in str(refused.value)
    assert told[-1] == "rows[4].sku: `7` is the SKU of rows[1] too"
    odd: list[Any] = ["Rose"]
    with pytest.raises(x8.InvalidError, match=r"rows\[0\]: a dict is needed, not str"):
        x8.Catalogue.from_rows(odd, "product")
