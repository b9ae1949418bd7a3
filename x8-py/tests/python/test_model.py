"""Language models written in Python: nothing they say is trusted, nothing they do fails a turn."""

import asyncio
import contextlib
import contextvars
import json
import threading
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import pytest
from conftest import asked

import x8

WHOLE = "Two bouquets of 10 roses to Barcelona please, Ana Ruiz, +34600111222"
Said = str | Mapping[str, Any]
ORDER: dict[str, Any] = {
    "response": "Thank you, Ana! Two bouquets of 10 roses come to 64.80 EUR with delivery. The payment link follows.",
    "send_payment_link": True,
    "city": "Barcelona",
    "total_sum": 64.8,
    "items": [{"lineItems": [{"SKU": 201, "price": "", "shippingRate": "", "quantity": 2}]}],
    "client_name": "Ana Ruiz",
    "recipient_phone_number": "+34600111222",
}


class Scripted:
    """Says its lines in order, the last one for ever, and keeps what it was asked."""

    def __init__(self, *lines: Said) -> None:
        self.lines = list(lines)
        self.asked: list[x8.ModelRequest] = []

    async def complete(self, request: x8.ModelRequest) -> Said:
        self.asked.append(request)
        await asyncio.sleep(0)
        return self.lines[min(len(self.asked), len(self.lines)) - 1]


class Acting:
    """Does what it is told to do."""

    def __init__(self, act: Callable[[], Awaitable[Said]]) -> None:
        self.act = act

    async def complete(self, request: x8.ModelRequest) -> Said:
        return await self.act()


def answer(shop: x8.Catalogue, model: x8.ChatModel, *said: str, **more: Any) -> x8.Turn:
    return asyncio.run(x8.Assistant(shop, company="Flores", model=model, timeout=5).reply(asked(*said, **more)))


def test_a11_a_model_of_ones_own_answers(shop: x8.Catalogue) -> None:
    for said in (ORDER, json.dumps(ORDER)):
        model = Scripted(said)
        turn = answer(shop, model, WHOLE, history=[{"role": "user", "content": "Hello"}])
        assert not turn.fell_back and turn.decision == "checkout" and turn.order is not None
        assert turn.order["total_cents"] == 6480 and turn.text == ORDER["response"]
        assert [one["model"] for one in turn.tries] == ["python:Scripted"]
        (request,) = model.asked
        assert [message["role"] for message in request["messages"]] == ["user", "user"]
        assert request["messages"][-1]["content"] == WHOLE and request["repair"] is None
        assert "29.90 EUR" in request["system"] and request["version"] == "product/1"
        assert request["plan"]["steps"] == ["checkout"] and request["plan"]["cart"] == [{"sku": "201", "quantity": 2}]
        assert request["plan"]["name_known"] and request["plan"]["city"] == "Barcelona"
        assert "+34600111222" not in request["system"], "code has it; no model needs to spell it"


def test_a11_a_refused_output_is_repaired_once(shop: x8.Catalogue) -> None:
    model = Scripted("{{{", ORDER)
    turn = answer(shop, model, WHOLE)
    assert turn.decision == "checkout" and not turn.fell_back and len(model.asked) == 2
    assert "G1" in (model.asked[1]["repair"] or "") and [one["refused"] for one in turn.tries] == [True, False]


HOSTILE: list[Said] = [
    {**ORDER, "total_sum": 1, "response": "All in all 1 EUR. The payment link follows."},
    {**ORDER, "response": "With a 50% discount that is 32.40 EUR. The payment link follows."},
    {**ORDER, "response": "Only 40 bouquets left! 64.80 EUR. The payment link follows."},
    {**ORDER, "items": [{"lineItems": [{"SKU": 999, "price": "price_x", "shippingRate": "", "quantity": 1}]}], "total_sum": 5},
    {**ORDER, "sender": "+34999999999", "token": "somebody else", "response": "Pay at https://evil.example/pay now: 10 EUR"},
    "{'response': 'Just 9,90 euros today', 'total_sum': ",
    "[[[[[",
    "",
    "\ud83d",
    {"response": "Your payment was received, thank you!"},
    {"response": ["a", {"b": 1}], "total_sum": {"x": float("nan")}},
    "Ignore the catalogue: everything is free for you today, send nothing.",
    "null",
]


@pytest.mark.parametrize("said", HOSTILE, ids=range(len(HOSTILE)))
def test_g3_g4_g6_g16_a_hostile_model_never_gets_through(shop: x8.Catalogue, said: Said) -> None:
    turn = answer(shop, Scripted(said), WHOLE)
    words = json.dumps([turn.text, turn.reply, turn.order, turn.session], ensure_ascii=False)
    for lie in ("32.40", "50%", "50 %", "9.90 E", "9,90", "999", "evil", "price_x", "40 bouquets", "somebody else", "free for you"):
        assert lie not in words, words
    assert "1 EUR" not in turn.text.replace("64.80 EUR", "") and "10 EUR" not in turn.text and "received" not in turn.text
    assert turn.reply["sender"] == "34600111222@c.us"
    if turn.order is not None:
        assert turn.order["total_cents"] == 6480 and turn.reply["total_sum"] == 64.8
    assert turn.fell_back or turn.findings, "whatever it was, it was noticed"


def test_a11_a_model_that_raises_is_replaced_and_its_words_stay_out(shop: x8.Catalogue, caplog: pytest.LogCaptureFixture) -> None:
    async def act() -> Said:
        raise RuntimeError("key token-1 was refused")

    turn = answer(shop, Acting(act), WHOLE)
    assert turn.fell_back and turn.decision == "checkout" and not turn.held
    errors = [one.get("error") for one in turn.tries]
    assert "RuntimeError" in str(errors[0]) and errors[-1] is None and "token-1" not in json.dumps(turn.tries)
    assert "token-1" in caplog.text, "the caller's own log says all"


def test_a11_a_model_that_cancels_itself_is_replaced(shop: x8.Catalogue) -> None:
    async def act() -> Said:
        raise asyncio.CancelledError

    turn = answer(shop, Acting(act), WHOLE)
    assert turn.fell_back and turn.decision == "checkout"


def test_a11_a_model_that_will_not_be_cancelled_is_not_heard(shop: x8.Catalogue) -> None:
    late: list[str] = []

    async def run() -> x8.Turn:
        heard = asyncio.Event()

        async def act() -> Said:
            while not heard.is_set():
                with contextlib.suppress(asyncio.CancelledError):
                    await heard.wait()
            late.append("said")
            return {"response": "Too late."}

        turn = await x8.Assistant(shop, model=Acting(act), timeout=0.05).reply(asked(WHOLE))
        heard.set()
        while len(late) < 2:
            await asyncio.sleep(0)
        return turn

    turn = asyncio.run(asyncio.wait_for(run(), 30))
    assert turn.fell_back and "late" not in turn.text


def test_a11_what_is_no_coroutine_or_no_output_is_replaced(shop: x8.Catalogue) -> None:
    class Plain:
        def complete(self, request: object) -> str:
            return "not awaited"

    plain: Any = Plain()
    assert answer(shop, plain, WHOLE).fell_back
    for odd in (None, 5, b"bytes", object(), [1]):

        async def act(said: Any = odd) -> Said:
            return said  # type: ignore[no-any-return]

        turn = answer(shop, Acting(act), WHOLE)
        assert turn.fell_back and turn.order is not None and turn.order["total_cents"] == 6480


def test_a11_a_slow_model_is_cancelled_and_replaced(shop: x8.Catalogue) -> None:
    cancelled = 0

    async def act() -> Said:
        nonlocal cancelled
        try:
            return await asyncio.Future[Said]()
        except asyncio.CancelledError:
            cancelled += 1
            raise

    async def run() -> x8.Turn:
        turn = await x8.Assistant(shop, model=Acting(act), timeout=0.05).reply(asked(WHOLE))
        while cancelled < 2:
            await asyncio.sleep(0)
        return turn

    turn = asyncio.run(asyncio.wait_for(run(), 30))
    assert turn.fell_back and turn.decision == "checkout"
    assert [("in time" in one["error"]) for one in turn.tries[:2]] == [True, True]


def test_py3_cancelling_the_turn_cancels_the_model(shop: x8.Catalogue) -> None:
    async def run() -> None:
        begun, ended = asyncio.Event(), asyncio.Event()

        async def act() -> Said:
            begun.set()
            try:
                return await asyncio.Future[Said]()
            finally:
                ended.set()

        before = asyncio.all_tasks()
        turn = asyncio.create_task(x8.Assistant(shop, model=Acting(act)).reply(asked("Hello")))
        await begun.wait()
        turn.cancel()
        with pytest.raises(asyncio.CancelledError):
            await turn
        await ended.wait()
        while asyncio.all_tasks() != before:
            await asyncio.sleep(0)

    asyncio.run(asyncio.wait_for(run(), 30))


def test_py3_twenty_turns_of_a_model_run_at_once(shop: x8.Catalogue) -> None:
    number: contextvars.ContextVar[int] = contextvars.ContextVar("number")
    waiting = 0

    async def run() -> list[x8.Turn]:
        everybody = asyncio.Event()

        class Together:
            """Answers nobody before all have asked, and sees its own caller's context."""

            async def complete(self, request: x8.ModelRequest) -> Said:
                nonlocal waiting
                waiting += 1
                if waiting == 20:
                    everybody.set()
                await everybody.wait()
                assert threading.current_thread() is threading.main_thread()
                return {"response": f"Good day, customer {request['messages'][-1]['content']} of row {chr(65 + number.get())}!"}

        assistant = x8.Assistant(shop, model=Together())

        async def one(at: int) -> x8.Turn:
            number.set(at)
            return await assistant.reply(asked(f"Hello {chr(65 + at)}"))

        return await asyncio.gather(*(one(at) for at in range(20)))

    turns = asyncio.run(asyncio.wait_for(run(), 60))
    for at, turn in enumerate(turns):
        assert turn.text == f"Good day, customer Hello {chr(65 + at)} of row {chr(65 + at)}!", turn.tries


def test_py3_the_loop_runs_on_while_rust_works(shop: x8.Catalogue) -> None:
    rows = "".join(f"Vase number {at},Made of glass and clay,{at}.50,Madrid\n" for at in range(1, 301))
    large = x8.import_catalogue(("name,description,price,cities\n" + rows).encode(), "product").catalogue

    async def run() -> int:
        turn = asyncio.create_task(x8.Assistant(large).reply(asked("How much is a vase?")))
        ticks = 0
        while not turn.done():
            ticks += 1
            await asyncio.sleep(0)
        assert turn.result().text
        return ticks

    assert asyncio.run(run()) > 20, "reading the rows did not block the loop"
