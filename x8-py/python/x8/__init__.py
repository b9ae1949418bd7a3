"""Catalogue import, pricing, channel limits, reply guard, assistant turns and entitlements of x8.

>>> import x8
>>> x8.normalize_header("Название товара", "product")
'product_name'
>>> read = x8.import_catalogue(b"name;description;price\\nRose;A rose;3,50\\n", "product")
>>> read.ok, read.catalogue.price([("1", 2)])["total_cents"]
(True, 700)
>>> [hit["sku"] for hit in read.catalogue.search("roses")]
['1']
>>> x8.validate_row({"name": "Rose", "description": "A rose", "price": "1,299"}, "product")["errors"][0]["rule"]
'K3'
>>> verdict = x8.Guard(read.catalogue).check({"response": "Only 1 EUR today. Which city?"}, {"channel": "whatsapp"})
>>> verdict.reply["response"], verdict.findings[0].rule
('Which city?', 'G4')
>>> [(plan["id"], plan["price_minor"], plan["channels"]) for plan in x8.plans()][1:3]
[('SINGLE', 999, 1), ('DOUBLE', 1999, 2)]
"""

from x8._assistant import Assistant, Turn, render_prompt
from x8._finding import Finding
from x8._shapes import (
    CartLine,
    ChatMessage,
    ChatModel,
    CompanyInput,
    GuardContext,
    KnownDetails,
    ModelRequest,
    Order,
    OrderLine,
    PlanSummary,
    Prompt,
    TurnInput,
)
from x8._x8 import (
    Catalogue,
    ConflictError,
    Error,
    Figures,
    ForbiddenError,
    Guard,
    ImportResult,
    InternalError,
    InvalidError,
    NotFoundError,
    PaymentRequiredError,
    RateLimitedError,
    Row,
    TooLargeError,
    UnauthenticatedError,
    UnavailableError,
    UnknownOutcomeError,
    UnsupportedError,
    Verdict,
    __version__,
    entitlements,
    follow_subscription,
    import_catalogue,
    normalize_header,
    order_transition,
    plans,
    reply_limit,
    split_text,
    validate_row,
    verify_stripe_webhook,
)

__all__ = [
    "Assistant",
    "CartLine",
    "Catalogue",
    "ChatMessage",
    "ChatModel",
    "CompanyInput",
    "ConflictError",
    "Error",
    "Figures",
    "Finding",
    "ForbiddenError",
    "Guard",
    "GuardContext",
    "ImportResult",
    "InternalError",
    "InvalidError",
    "KnownDetails",
    "ModelRequest",
    "NotFoundError",
    "Order",
    "OrderLine",
    "PaymentRequiredError",
    "PlanSummary",
    "Prompt",
    "RateLimitedError",
    "Row",
    "TooLargeError",
    "Turn",
    "TurnInput",
    "UnauthenticatedError",
    "UnavailableError",
    "UnknownOutcomeError",
    "UnsupportedError",
    "Verdict",
    "__version__",
    "entitlements",
    "follow_subscription",
    "import_catalogue",
    "normalize_header",
    "order_transition",
    "plans",
    "render_prompt",
    "reply_limit",
    "split_text",
    "validate_row",
    "verify_stripe_webhook",
]
