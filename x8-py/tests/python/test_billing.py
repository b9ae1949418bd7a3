"""Plans, subscriptions and webhook signatures. Names carry the rule they prove."""

import hashlib
import hmac
import itertools
import random
import time
from typing import Any

import pytest

import x8

LATEST: dict[str, Any] = {
    "id": "sub_1",
    "customer": "cus_1",
    "state": "active",
    "plan": "GROWTH",
    "price": {"minor": 4999, "currency": "USD"},
    "started_at": "2026-11-20T00:00:00Z",
    "period_start": "2026-11-20T00:00:00Z",
    "period_end": "2026-12-20T00:00:00Z",
}
NOW = "2026-11-21T00:00:00Z"


def signed(body: bytes, secret: str, at: int) -> str:
    digest = hmac.new(secret.encode(), f"{at}.".encode() + body, hashlib.sha256).hexdigest()
    return f"t={at},v1={digest}"


def test_e3_plans_are_data() -> None:
    plans = {plan["id"]: plan for plan in x8.plans()}
    assert [plan["channels"] for plan in plans.values()] == [1, 1, 2, 4, 2, None]
    assert (plans["GROWTH"]["price_minor"], plans["GROWTH"]["currency"], plans["GROWTH"]["tier"]) == (4999, "USD", "PRO")
    assert plans["ENTERPRISE"]["price_minor"] is None
    changes = {"plans": {"GROWTH": {"channels": 6, "price_id": "price_g"}}}
    growth = x8.plans(changes)[3]
    assert (growth["channels"], growth["price_id"]) == (6, "price_g")
    six = x8.entitlements(now=NOW, subscription={"plan": "GROWTH", "status": "ACTIVE"}, connected=5, plans=changes)
    assert six["channel_limit"] == 6 and six["may_connect"]
    with pytest.raises(x8.InvalidError, match="FREE"):
        x8.plans({"plans": {"FREE": {"channels": 9}}})


def test_e3_over_limit_names_the_newest_and_the_day() -> None:
    bought = {
        "plan": "SINGLE",
        "status": "ACTIVE",
        "ends_at": "2026-12-20T00:00:00Z",
        "reduced_until": "2026-12-01T00:00:00Z",
    }
    before = x8.entitlements(now=NOW, subscription=bought, connected=[7, 3])["over_limit"]
    assert before == {"by": 1, "disconnect_by": "2026-12-01T00:00:00Z", "due": False, "channels": [7]}
    after = x8.entitlements(now="2026-12-01T00:00:00Z", subscription=bought, connected=[7, 3])["over_limit"]
    assert after is not None and after["due"]
    assert x8.entitlements(now=NOW, subscription=bought, connected=1)["over_limit"] is None
    with pytest.raises(x8.InvalidError, match="connected"):
        x8.entitlements(now=NOW, connected="many")  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("state", "status", "works"),
    [
        ("active", "ACTIVE", True),
        ("trialing", "ACTIVE", True),
        ("past_due", "ACTIVE", True),
        ("unpaid", "EXPIRED", False),
        ("paused", "EXPIRED", False),
        ("cancelled", "EXPIRED", False),
        ("unknown", "EXPIRED", False),
    ],
)
def test_e4_each_state_of_the_provider(state: str, status: str, works: bool) -> None:
    followed = x8.follow_subscription({**LATEST, "state": state}, now=NOW)["subscription"]
    assert followed is not None and followed["status"] == status
    assert x8.entitlements(now=NOW, subscription=followed)["may_work"] is works


def test_e4_incomplete_never_unlocks() -> None:
    assert x8.follow_subscription({**LATEST, "state": "incomplete"}, now=NOW) == {"subscription": None, "effects": []}


def test_p2_only_the_latest_object_decides() -> None:
    states = ["active", "past_due", "cancelled", "unpaid", "active"]
    shuffle = random.Random(7)
    ends = []
    for _ in range(50):
        stored = None
        seen = list(itertools.chain(states, states))
        shuffle.shuffle(seen)
        for state in seen:
            stored = x8.follow_subscription({**LATEST, "state": state}, now=NOW, stored=stored)["subscription"]
        last = x8.follow_subscription({**LATEST, "plan": "SINGLE"}, now=NOW, stored=stored)
        again = x8.follow_subscription({**LATEST, "plan": "SINGLE"}, now=NOW, stored=last["subscription"])
        assert again == {"subscription": last["subscription"], "effects": []}
        ends.append(last["subscription"])
    assert all(end == ends[0] for end in ends)
    growth = x8.follow_subscription(LATEST, now=NOW)
    assert growth["effects"] == ["began"]
    smaller = x8.follow_subscription({**LATEST, "plan": "SINGLE"}, now=NOW, stored=growth["subscription"])
    assert smaller["effects"] == ["changed_from_growth"]
    with pytest.raises(x8.InvalidError, match="latest.state"):
        x8.follow_subscription({**LATEST, "state": "asleep"}, now=NOW)


def test_p5_webhook_signatures() -> None:
    body, at = b'{"id":"evt_test_1","object":"event"}', 1_700_000_000
    known = "t=1700000000,v1=82d38a805fb12558d4d4b084372ffbb342da8e1eb420edba275b972f98caf4c4"
    now = "2023-11-14T22:13:20Z"
    assert signed(body, "whsec_test", at) == known
    x8.verify_stripe_webhook(body, known, "whsec_test", now)
    x8.verify_stripe_webhook(body, known, ["whsec_next", "whsec_test"], now="2023-11-14T22:18:20Z")
    for header, secrets, when in [
        (known, "whsec_other", now),
        (known, ["whsec_test"], "2023-11-14T22:18:21Z"),
        ("t=1700000000", "whsec_test", now),
        ("", "whsec_test", now),
        (known, [], now),
    ]:
        with pytest.raises(x8.UnauthenticatedError):
            x8.verify_stripe_webhook(body, header, secrets, when)
    with pytest.raises(x8.UnauthenticatedError):
        x8.verify_stripe_webhook(body + b" ", known, "whsec_test", now)
    with pytest.raises(x8.InvalidError, match="empty"):
        x8.verify_stripe_webhook(body, signed(body, "", at), ["whsec_test", ""], now)
    fresh = int(time.time())
    x8.verify_stripe_webhook(body, signed(body, "whsec_test", fresh), "whsec_test")
