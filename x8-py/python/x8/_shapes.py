"""The shapes of what goes in and comes out, for type checkers."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Literal, Protocol, TypedDict

__all__ = [
    "CartLine",
    "ChatMessage",
    "ChatModel",
    "CompanyInput",
    "GuardContext",
    "KnownDetails",
    "ModelRequest",
    "Order",
    "OrderLine",
    "PlanSummary",
    "Prompt",
    "TurnInput",
]


class ChatMessage(TypedDict):
    """One message as chat APIs take it."""

    role: Literal["user", "assistant", "system"]
    content: str


class _Said(TypedDict):
    role: Literal["user", "assistant", "human"]
    content: str


class Prompt(TypedDict):
    """Everything a language model is told in one turn. Holds no stock number."""

    version: str
    system: str
    messages: list[ChatMessage]


class CartLine(TypedDict):
    """Some units of one row."""

    sku: str | int
    quantity: int


class KnownDetails(TypedDict, total=False):
    """What the customer gave in earlier messages."""

    name: str | None
    phone: str | None
    city: str | None


class GuardContext(TypedDict, total=False):
    """What the guard must know about the turn besides the catalogue. Every key is optional."""

    channel: str
    """`whatsapp`, `telegram`, `instagram`, `facebook`, `gmail` or `email`; anything else has 1,950 characters."""
    sender: str
    """How the customer is named at the platform; on WhatsApp the number, or a chat id that begins with it."""
    token: str
    """The reply address."""
    instance_id: str
    """The provider's name for the channel."""
    language: str | None
    """The language to answer in: code or English name."""
    customer_text: str
    """What the customer wrote in this burst."""
    payment_status: Literal["no_payment_link", "payment_link_sent", "paid"]
    """How the newest order stands."""
    cart: Sequence[CartLine]
    """The cart as the customer stated it so far."""
    known: KnownDetails
    """Details that count although they were given earlier."""
    refused_place: str | None
    """A place that the customer asked for and no row serves: no words may say yes to it."""
    privacy_policy_sent: bool
    """Whether the privacy policy goes out with this turn."""
    shown_images: Sequence[str | int]
    """SKUs whose image this conversation has seen."""
    link_sent: bool
    """Whether a payment link was sent in this conversation."""
    conversation_first: bool | None
    """Whether this is the first reply of the conversation: False removes a repeated greeting, None changes nothing."""
    open_order: bool
    """Whether the newest order waits for payment."""
    told: str | None
    """What was said before this burst, and the times of orders: numbers and times of day in it may be told again. None: they
    are not looked at."""


class PlanSummary(TypedDict):
    """What code decided before the model speaks."""

    steps: list[str]
    language: str | None
    cart: list[CartLine]
    city: str | None
    name_known: bool
    phone_known: bool
    cancel: bool


class ModelRequest(Prompt):
    """What a model is asked: the prompt, the plan, and why its previous output was refused."""

    repair: str | None
    plan: PlanSummary


class ChatModel(Protocol):
    """A language model: any object with this coroutine method."""

    async def complete(self, request: ModelRequest, /) -> str | Mapping[str, Any]:
        """Proposes a reply, as the reply object or its JSON text. Nothing in it is trusted.

        It may be cancelled when time is up or nobody waits any more. What it raises never fails the turn.
        """
        ...


class _TurnNeeds(TypedDict):
    channel: str
    sender: str
    messages: Sequence[str]


class TurnInput(_TurnNeeds, total=False):
    """A burst of messages to answer, with what is kept of its conversation."""

    token: str
    instance_id: str
    history: Sequence[_Said]
    session: Mapping[str, Any] | None
    payment_status: Literal["no_payment_link", "payment_link_sent", "paid"]
    now: str | datetime | None


class _Behaviour(TypedDict, total=False):
    style: Sequence[str]
    rules: Sequence[str]
    restrictions: Sequence[str]
    prompts: Sequence[str]


class CompanyInput(TypedDict, total=False):
    """Whose assistant answers. Every key is optional."""

    name: str
    type: Literal["product", "service", "hybrid"]
    shop_type: str | None
    time_zone: str
    privacy_policy: str | None
    behaviour: _Behaviour


class OrderLine(TypedDict):
    """One line of an order; amounts in integer cents."""

    sku: str
    name: str
    unit: str | None
    quantity: int
    price_cents: int
    price_id: str | None


class Order(TypedDict):
    """A complete order, priced from catalogue rows; amounts in integer cents."""

    lines: list[OrderLine]
    products_cents: int
    delivery_cents: int
    total_cents: int
    currency: str
    free_delivery: bool
    area: str
    name: str
    phone: str
    language: str
    wished_start: str | None
    remind: bool
    reminder_hours: int | None
