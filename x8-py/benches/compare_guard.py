"""The guard against a Python baseline that compares sums and measures length with Pydantic, in one process.

    pip install pydantic x8
    python x8-py/benches/compare_guard.py [seconds]

Replies of some 500 characters in three languages (lists, texts, checkouts, wrong prices) against 1,000 rows: a model's JSON
text in, JSON text out. The baseline reads the reply strictly, looks the SKUs up in a dict, compares `total_sum`,
`products_sum`, `delivery_sum` and `units_to_buy`, and measures `response`; it reads no sentence, so it lets every wrong price
in words through. `check_figures` does the same as the baseline; `check` does everything.

The contenders take turns, round by round, so that a busy machine slows all of them down; each round counts its processor
time. Medians of the rounds, and factors against the baseline of the same round. The last lines are what the package itself
costs on top of the guard, measured on a reply that the guard refuses at its first character.
"""

from __future__ import annotations

import json
import statistics
import sys
import time
from collections.abc import Callable
from typing import Any

import x8
from pydantic import BaseModel, ConfigDict, StrictBool, StrictInt, StrictStr, ValidationError

CITIES = ("Barcelona", "Valencia", "Málaga", "Madrid", "Sevilla", "Bilbao", "Alicante", "Murcia")
NAMES = ("Bouquet “Summer {0}” of {1} roses", "Букет «Лето {0}» из {1} роз", "Ramo «Verano {0}» de {1} rosas")
DESCRIPTIONS = (
    "Fresh roses of one colour with a ribbon, wrapped in paper and kept cool until they are delivered to the door.",
    "Свежие розы одного цвета с лентой, в бумаге; до самой двери едут в холоде и стоят не меньше 7 дней.",
    "Rosas frescas de un solo color con cinta, envueltas en papel y en frío hasta la puerta de su casa.",
)
UNITS = ("bouquet", "букет", "ramo")
LEADS = (
    "Here is what we can offer you today. All bouquets are fresh and come with a ribbon and a card.",
    "Вот что мы можем предложить сегодня. Все букеты свежие, с лентой и открыткой.",
    "Esto es lo que podemos ofrecerle hoy. Todos los ramos son frescos y llevan cinta y tarjeta.",
)
TAILS = (
    "We deliver to Barcelona, Valencia and Málaga. Which one would you like, and to which city shall we bring it?",
    "Доставляем в Барселону, Валенсию и Малагу. Какой букет вам нравится и в какой город его привезти?",
    "Repartimos en Barcelona, Valencia y Málaga. ¿Cuál le gusta y a qué ciudad lo llevamos?",
)
TOLD = (
    "{0} costs {1} EUR. The roses are of one colour, wrapped in paper with a ribbon, and stay cool until they reach the door. "
    "Delivery costs 5 EUR; from 80 EUR of flowers on it is free. You can choose the colour of the ribbon, and a card with your "
    "words comes with every bouquet. If you tell us the city and for whom the flowers are, we will prepare everything. We answer "
    "every day, also on holidays. Would you like to order it, or shall I show you something smaller?",
    "{0} стоит {1} EUR. Розы одного цвета, в бумаге с лентой, и до самой двери едут в холоде. Доставка стоит 5 EUR, а при заказе "
    "цветов от 80 EUR она бесплатная. Цвет ленты можно выбрать, к каждому букету мы кладём открытку с вашими словами. Если вы "
    "напишете город и для кого цветы, мы всё подготовим. Отвечаем каждый день, в праздники тоже. Хотите оформить заказ или "
    "показать вам что-нибудь поменьше? Мы с радостью поможем с выбором.",
    "{0} cuesta {1} EUR. Las rosas son de un solo color, van envueltas en papel con cinta y viajan en frío hasta la puerta. La "
    "entrega cuesta 5 EUR; a partir de 80 EUR de flores es gratis. Puede elegir el color de la cinta, y cada ramo lleva una "
    "tarjeta con sus palabras. Si nos dice la ciudad y para quién son las flores, lo preparamos todo. Contestamos todos los días, "
    "también los festivos. ¿Desea pedirlo o le enseño algo más pequeño?",
)
SOLD = (
    "Thank you, Ana! I have noted your order: 2 × {0}, {1} EUR each. The courier brings it to Valencia and calls the recipient "
    "before he comes. The flowers travel in a cool box, and the card carries the words that you gave us. Total: {2} EUR. The "
    "payment link follows in the next message. Thank you for choosing us and have a lovely day!",
    "Спасибо, Анна! Ваш заказ: 2 × {0}, по {1} EUR. Курьер привезёт его в Валенсию и позвонит получателю перед приездом. Цветы "
    "едут в прохладной коробке, на открытке будут ваши слова. Итого: {2} EUR. Ссылка на оплату придёт следующим сообщением. "
    "Спасибо, что выбрали нас, и хорошего вам дня! Мы всегда рады помочь вам с цветами.",
    "¡Gracias, Ana! Su pedido: 2 × {0}, {1} EUR cada uno. El repartidor lo lleva a Valencia y llama al destinatario antes de "
    "llegar. Las flores viajan en una caja fresca y la tarjeta lleva las palabras que usted nos dio. Total: {2} EUR. El enlace de "
    "pago va en el mensaje siguiente. ¡Gracias por elegirnos y que tenga un buen día!",
)
LANGUAGES = (("en", "English"), ("ru", "Russian"), ("es", "Spanish"))
ASKED = ("What bouquets do you have?", "Какие букеты у вас есть?", "¿Qué ramos tienen?")


def cents(number: int) -> int:
    return 1_900 + number * 35 % 9_000


def digits(amount: int) -> str:
    return f"{amount // 100}" if amount % 100 == 0 else f"{amount / 100:.2f}"


def name(number: int) -> str:
    return NAMES[number % 3].format(number, 5 + number % 46)


def row(number: int) -> dict[str, Any]:
    first = number // 3 % 6
    return {
        "sku": 1_000 + number,
        "name": name(number),
        "description": DESCRIPTIONS[number % 3],
        "unit": UNITS[number % 3],
        "price_eur": f"{cents(number) / 100:.2f}",
        "logistics_price_eur": "5.00",
        "free_delivery": "80.00",
        "stock_units": 3 + number % 90,
        "delivery_time_hours": 4 + number % 3 * 2,
        "payment_reminder": 3,
        "website_url": f"https://flowers.example.com/item/{number}",
        "image_url": f"https://media.example.com/{number}.jpg",
        "cities": list(CITIES[first : first + 3]),
    }


def reply(words: str, language: str) -> dict[str, Any]:
    return {
        "response": words, "sender": "34600111222@c.us", "token": "34600111222@c.us", "instance_id": "session-0017",
        "imageurl": "", "send_payment_link": False, "city": "", "units_to_buy": 0, "total_sum": 0, "products_sum": 0,
        "delivery_sum": 0, "free_delivery": None, "items": None, "recipient_phone_number": "", "client_name": "",
        "order_description": "", "payment_reminder_hours": 0, "language": language, "remind": True, "stripe_lang": None,
        "videourl": "", "change_payment_status": False,
    }  # fmt: skip


def listed(at: int, tongue: int, wrong: bool) -> str:
    lines = []
    for line in range(5):
        number = (at + line * 3) % 990
        shown = "17.35" if wrong and line == 3 else f"{cents(number) / 100:.2f}"
        lines.append(f"{line + 1}. {name(number)} — {shown} EUR")
    return "\n".join([LEADS[tongue], "", *lines, "", TAILS[tongue]])


def sold(at: int, tongue: int) -> dict[str, Any]:
    products = cents(at) * 2
    delivery = 0 if products >= 8_000 else 500
    words = SOLD[tongue].format(name(at), digits(cents(at)), digits(products + delivery))
    return {
        **reply(words, LANGUAGES[tongue][1]),
        "send_payment_link": True, "city": "Valencia", "units_to_buy": 2, "total_sum": (products + delivery) / 100,
        "products_sum": products / 100, "delivery_sum": delivery / 100, "free_delivery": delivery == 0,
        "items": [{"lineItems": [{"SKU": 1_000 + at, "price": "", "shippingRate": "", "quantity": 2}]}],
        "recipient_phone_number": "+34600111222", "client_name": "Ana", "order_description": f"2 × {name(at)}",
        "payment_reminder_hours": 3, "stripe_lang": LANGUAGES[tongue][0],
    }  # fmt: skip


def mix() -> list[tuple[str, dict[str, Any]]]:
    """In every language: four lists, four texts about one offering, two checkouts, two lists with one wrong price."""
    cases = []
    for turn in range(4):
        for tongue, (language, named) in enumerate(LANGUAGES):
            at = 120 * turn + tongue

            def add(said: dict[str, Any], asked: str, language: str = language) -> None:
                context = {
                    "channel": "whatsapp", "sender": "34600111222@c.us", "token": "34600111222@c.us",
                    "instance_id": "session-0017", "language": language, "customer_text": asked,
                    "payment_status": "no_payment_link",
                }  # fmt: skip
                cases.append((json.dumps(said, ensure_ascii=False), context))

            add(reply(listed(at, tongue, False), named), ASKED[tongue])
            add(reply(TOLD[tongue].format(name(at), digits(cents(at))), named), ASKED[tongue])
            if turn % 2 == 0:
                add(sold(at - at % 18 + tongue, tongue), "2, Valencia, Ana, +34600111222")
                add(reply(listed(at, tongue, True), named), ASKED[tongue])
    return cases


class Line(BaseModel):
    SKU: StrictInt
    price: StrictStr
    shippingRate: StrictStr
    quantity: StrictInt


class Basket(BaseModel):
    lineItems: list[Line]


class Reply(BaseModel):
    model_config = ConfigDict(extra="forbid")

    response: StrictStr
    sender: StrictStr
    token: StrictStr
    instance_id: StrictStr
    imageurl: StrictStr
    send_payment_link: StrictBool
    city: StrictStr
    units_to_buy: StrictInt
    total_sum: float
    products_sum: float
    delivery_sum: float
    free_delivery: StrictBool | None
    items: list[Basket] | None
    recipient_phone_number: StrictStr
    client_name: StrictStr
    order_description: StrictStr
    payment_reminder_hours: StrictInt
    language: StrictStr
    remind: StrictBool
    stripe_lang: StrictStr | None
    videourl: StrictStr
    change_payment_status: StrictBool


LIMITS = {"instagram": 800, "facebook": 1_950, "whatsapp": 3_800, "telegram": 3_800, "gmail": 7_000, "email": 7_000}


def baseline(prices: dict[int, int]) -> Callable[[str, dict[str, Any]], str]:
    """Sums and length, the usual way."""

    def check(raw: str, context: dict[str, Any]) -> str:
        findings: list[dict[str, str]] = []
        try:
            said = Reply.model_validate_json(raw)
        except ValidationError as error:
            return json.dumps({"reply": None, "refused": True, "findings": [{"rule": "G1", "evidence": str(error)}]})
        if len(said.response) > LIMITS.get(context["channel"], 1_950):
            findings.append({"rule": "G2", "evidence": str(len(said.response))})
        products = units = 0
        for basket in said.items or ():
            for line in basket.lineItems:
                price = prices.get(line.SKU)
                if price is None:
                    findings.append({"rule": "G5", "evidence": str(line.SKU)})
                    continue
                products += price * line.quantity
                units += line.quantity
        delivery = 500 if 0 < products < 8_000 else 0
        wanted = (("products_sum", products), ("delivery_sum", delivery), ("total_sum", products + delivery))
        for key, amount in wanted:
            if round(getattr(said, key) * 100) != amount:
                findings.append({"rule": "G3", "evidence": key})
        if said.units_to_buy != units:
            findings.append({"rule": "G3", "evidence": "units_to_buy"})
        # The reply as JSON, and the findings beside it when there are any.
        return f'{{"reply":{said.model_dump_json()},"refused":{str(bool(findings)).lower()},"findings":{json.dumps(findings)}}}'

    return check


def rounds(contenders: dict[str, Callable[[], int]], seconds: float) -> dict[str, list[float]]:
    """Microseconds of processor time a reply, round by round; every round runs every contender once."""
    taken: dict[str, list[float]] = {name: [] for name in contenders}
    until = time.perf_counter() + seconds
    while time.perf_counter() < until or min(map(len, taken.values())) < 5:
        for name, run in contenders.items():
            start = time.process_time()
            replies = run()
            taken[name].append((time.process_time() - start) / replies * 1e6)
    return taken


def wrong_prices_found(guard: x8.Guard, cases: list[tuple[str, dict[str, Any]]], check: Callable[..., str]) -> tuple[int, int]:
    wrong = [case for case in cases if "17.35" in case[0]]
    whole = sum("17.35" not in str(guard.check(*case).reply) for case in wrong)
    usual = sum("17.35" not in json.dumps(json.loads(check(*case))["reply"]) for case in wrong)
    return whole, usual


def main(seconds: float) -> None:
    guard = x8.Guard(x8.Catalogue.from_rows([row(number) for number in range(1_000)], "product"))
    usual = baseline({1_000 + number: cents(number) for number in range(1_000)})
    cases = mix()
    honest = [case for case in cases if "17.35" not in case[0]]
    for case in honest:
        found = guard.check(*case)
        assert found.reply is not None and found.reply["response"] == json.loads(case[0])["response"], found.findings
        assert json.loads(usual(*case))["findings"] == [] and guard.check_figures(case[0], "whatsapp").ok
    whole, blind = wrong_prices_found(guard, cases, usual)
    count = len(cases) - len(honest)
    print(f"{len(cases)} replies against 1,000 rows; wrong prices kept from {count}: check {whole}, the baseline {blind}")

    def each(check: Callable[[str, dict[str, Any]], Any]) -> Callable[[], int]:
        def run() -> int:
            for raw, context in cases:
                check(raw, context)
            return len(cases)

        return run

    def many() -> int:
        for verdict in guard.check_many(cases):
            verdict.json()
        return len(cases)

    taken = rounds(
        {
            "baseline (Pydantic, sums and length)": each(usual),
            "check_figures, JSON out": each(lambda raw, context: guard.check_figures(raw, context["channel"]).json()),
            "check, JSON out": each(lambda raw, context: guard.check(raw, context).json()),
            "check, reply and findings as objects": each(objects(guard)),
            "check_many, JSON out": many,
        },
        seconds,
    )
    base = next(iter(taken.values()))
    for name, times in taken.items():
        ratio = statistics.median(of_base / of_this for of_base, of_this in zip(base, times, strict=True))
        median = statistics.median(times)
        print(f"{name:38} {1e6 / median:9,.0f} replies/s {median:8.2f} µs {ratio:6.2f}x  (best {min(times):.2f} µs)")
    own(guard, cases[2][1], seconds / 4)


def objects(guard: x8.Guard) -> Callable[[str, dict[str, Any]], Any]:
    def run(raw: str, context: dict[str, Any]) -> Any:
        verdict = guard.check(raw, context)
        return verdict.reply, verdict.findings

    return run


def own(guard: x8.Guard, short: dict[str, Any], seconds: float) -> None:
    """What a call costs beside the guard: a refused reply takes the guard next to no time."""
    full = {
        **short, "cart": [{"sku": 1_001, "quantity": 2}], "known": {"name": "Ana", "phone": "+34600111222", "city": None},
        "refused_place": None, "privacy_policy_sent": False, "shown_images": ["1001"], "link_sent": False,
        "conversation_first": True, "open_order": False,
    }  # fmt: skip
    times = range(2_000)

    def repeated(context: dict[str, Any]) -> Callable[[], int]:
        def run() -> int:
            for _ in times:
                guard.check("", context)
            return len(times)

        return run

    taken = rounds(
        {f"a refused reply, {len(context)} keys": repeated(context) for context in ({}, short, full)},
        seconds,
    )
    for name, spent in taken.items():
        print(f"{name:38} {'':19} {statistics.median(spent):8.2f} µs          (best {min(spent):.2f} µs)")


if __name__ == "__main__":
    main(float(sys.argv[1]) if sys.argv[1:] else 20.0)
