"""The guard of x8 beside a check that a Python backend would write with Pydantic, on the same replies, in one run.

    maturin develop --release && pip install pydantic
    python x8-py/benches/compare_guard.py

The baseline parses the JSON into a model, compares sums and units with prices in a dict, measures the words and dumps JSON.
It does not look at the words. The narrow check of x8 does the same work; the whole guard searches every sentence as well.
CPU time of one thread, the best of seven rounds.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable

import x8

ROWS = 1_000
WORDS = (
    "Thank you, Ana! I have noted your order: 2 × {name}, {price} EUR each. The courier brings it to Valencia and calls the "
    "recipient before he comes. The flowers travel in a cool box, and the card carries the words that you gave us. If the "
    "recipient is not at home, the courier waits and then leaves the flowers with a neighbour. Total: {total} EUR. The "
    "payment link follows in the next message. Thank you for choosing us and have a lovely day!"
)


def price(number: int) -> int:
    return 4_500 + number * 35 % 9_000


def money(cents: int) -> str:
    return f"{cents // 100}.{cents % 100:02}"


def row(number: int) -> dict[str, object]:
    return {
        "sku": str(1_000 + number),
        "kind": "product",
        "name": f"Bouquet “Summer {number}” of {5 + number % 46} roses",
        "description": "Fresh roses of one colour with a ribbon, wrapped in paper and kept cool until the door.",
        "price": {"minor": price(number), "currency": "EUR"},
        "areas": {"online": False, "places": ["Barcelona", "Valencia", "Madrid"]},
        "stock": 3 + number % 90,
        "price_id": f"price_1Q{number:06}roses",
        "delivery_id": f"shr_1Q{number % 4:06}flat",
    }


def reply(number: int) -> str:
    name, total = str(row(number)["name"]), price(number) * 2
    return json.dumps(
        {
            "response": WORDS.format(name=name, price=money(price(number)), total=money(total)),
            "sender": "+34600111222",
            "token": "chat-1",
            "instance_id": "session-17",
            "imageurl": "",
            "send_payment_link": True,
            "city": "Valencia",
            "units_to_buy": 2,
            "total_sum": total / 100,
            "products_sum": total / 100,
            "delivery_sum": 0,
            "free_delivery": False,
            "items": [
                {
                    "lineItems": [
                        {
                            "SKU": 1_000 + number,
                            "price": f"price_1Q{number:06}roses",
                            "shippingRate": f"shr_1Q{number % 4:06}flat",
                            "quantity": 2,
                        }
                    ]
                }
            ],
            "recipient_phone_number": "+34600111222",
            "client_name": "Ana",
            "order_description": f"2 × {name}",
            "payment_reminder_hours": 0,
            "language": "English",
            "remind": True,
            "stripe_lang": "en",
            "videourl": "",
            "change_payment_status": False,
        },
        ensure_ascii=False,
    )


def baseline() -> Callable[[str], str]:
    from decimal import Decimal

    from pydantic import BaseModel

    class Line(BaseModel):
        SKU: int
        price: str
        shippingRate: str
        quantity: int

    class Basket(BaseModel):
        lineItems: list[Line]

    class Reply(BaseModel):
        response: str
        sender: str
        token: str
        instance_id: str
        imageurl: str
        send_payment_link: bool
        city: str
        units_to_buy: int
        total_sum: Decimal
        products_sum: Decimal
        delivery_sum: Decimal
        free_delivery: bool | None
        items: list[Basket] | None
        recipient_phone_number: str
        client_name: str
        order_description: str
        payment_reminder_hours: int
        language: str
        remind: bool
        stripe_lang: str | None
        videourl: str
        change_payment_status: bool

    prices = {1_000 + number: Decimal(price(number)) / 100 for number in range(ROWS)}

    def check(raw: str) -> str:
        read = Reply.model_validate_json(raw)
        lines = [line for basket in read.items or [] for line in basket.lineItems]
        products = sum((prices[line.SKU] * line.quantity for line in lines), Decimal(0))
        right = (
            read.products_sum == products
            and read.total_sum == products + read.delivery_sum
            and read.units_to_buy == sum(line.quantity for line in lines)
            and len(read.response) <= 3_800
        )
        assert right
        return read.model_dump_json()

    return check


def best(check: Callable[[str], object], replies: list[str]) -> float:
    times = []
    for _ in range(7):
        start = time.process_time()
        for raw in replies:
            check(raw)
        times.append(time.process_time() - start)
    return len(replies) / min(times)


def main() -> None:
    catalogue = x8.Catalogue.from_json(json.dumps([row(number) for number in range(ROWS)]))
    replies = [reply(number) for number in range(ROWS)] * 4
    start = time.process_time()
    guard = x8.Guard(catalogue)
    print(f"compiling the guard for {ROWS} rows: {(time.process_time() - start) * 1_000:.1f} ms")
    said = "2, Valencia, Ana, +34600111222"
    context = json.dumps({"channel": "whatsapp", "sender": "+34600111222", "token": "chat-1", "customer_text": said})
    whole = best(lambda raw: guard.check(raw, context).json(), replies)
    narrow = best(lambda raw: guard.check_figures(raw, "whatsapp"), replies)
    print(f"x8, the whole guard: {whole:,.0f} replies/s")
    print(f"x8, figures and length alone: {narrow:,.0f} replies/s")
    print(f"Pydantic, figures and length alone: {best(baseline(), replies):,.0f} replies/s")


if __name__ == "__main__":
    main()
