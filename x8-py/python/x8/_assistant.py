"""Whole turns of the assistant."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, final

from x8._calls import Calls
from x8._finding import Finding
from x8._shapes import ChatModel, CompanyInput, Order, Prompt, TurnInput
from x8._x8 import Catalogue, NativeAssistant

__all__ = ["Assistant", "Turn", "render_prompt"]

_LONGEST = 3600
"""Seconds; a turn never waits so long, so more is a slip of units."""


@final
@dataclass(frozen=True)
class Turn:
    """What came of a turn. Every figure in it was computed from catalogue rows."""

    text: str
    """The words for the customer, within the channel's limit."""
    image: str | None
    """The address of an image to go with them."""
    reply: dict[str, Any]
    """The reply contract object, as `Guard.check` gives it."""
    decision: Literal["inform", "checkout", "cancel"]
    """Words only; open this order; or call the open order off."""
    order: Order | None
    """The checked order, when the decision is `checkout`."""
    session: dict[str, Any]
    """What to hand back with the customer's next message. Plain JSON; keep it on your side, nobody else may change it."""
    findings: list[Finding]
    """What was wrong with the model's output that was let through."""
    tries: list[dict[str, Any]]
    """Every try of a model: `model`, and its `findings` and `refused`, or the `error`."""
    held: bool
    """Nothing better than a holding line could be said: call a human, and answer the same messages again later."""
    fell_back: bool
    """The guided model answered because yours did not, or said nothing that could be let through."""


@final
class Assistant:
    """Answers the customers of one company from one catalogue version.

    `company` is its name, or a dict of `name`, `type`, `shop_type`, `time_zone` (IANA), `privacy_policy` and `behaviour`
    (lists of `style`, `rules`, `restrictions`, `prompts`; wishes, which no rule of the guard reads). `model` is a
    `ChatModel`; without one the guided model answers, in English, Russian and Spanish, the same words to the same turn.
    `timeout` is how many seconds one call of the model may take. A turn never waits longer than 12 seconds for its model,
    8 of them for the first call.

    Make one per catalogue version and keep it. It holds no conversation: what is to be remembered goes out as
    `Turn.session` and comes in with the next turn. Any number of turns may run at once, in any event loop.

    >>> import asyncio, x8
    >>> shop = x8.import_catalogue(b"name;description;price;city\\nRose;A rose;3,50;Madrid\\n", "product").catalogue
    >>> assistant = x8.Assistant(shop, company="Roses")
    >>> said = "Two roses to Madrid, Ana Ruiz, my number is +34600111222"
    >>> turn = asyncio.run(assistant.reply({"channel": "telegram", "sender": "77", "messages": [said]}))
    >>> turn.decision, turn.order["total_cents"], turn.order["name"]
    ('checkout', 700, 'Ana Ruiz')
    """

    __slots__ = ("_model", "_native")

    def __init__(
        self,
        catalogue: Catalogue,
        *,
        company: str | CompanyInput | None = None,
        model: ChatModel | None = None,
        timeout: float = 8.0,
    ) -> None:
        if isinstance(model, type) or (model is not None and not callable(getattr(model, "complete", None))):
            raise TypeError("model: an object with `async def complete(self, request)` is needed, not a class or anything else")
        if isinstance(timeout, bool) or not isinstance(timeout, int | float) or not 0 < timeout <= _LONGEST:
            raise ValueError(f"timeout: seconds above 0 and up to {_LONGEST} are needed, not {timeout!r}")
        name = None if model is None else str(getattr(model, "name", type(model).__name__))
        self._model = model
        self._native = NativeAssistant(catalogue, company, name, max(1, round(timeout * 1000)))

    async def reply(self, turn: TurnInput | Mapping[str, Any]) -> Turn:
        """Computes one whole turn: understands, plans, asks the model, checks, answers. Stores nothing.

        `turn` is a dict (or dataclass, or Pydantic model): `channel`, `sender` and the `messages` to answer, oldest
        first; optionally `token`, `instance_id`, `history` (`role`: `user`, `assistant` or `human`, and `content`,
        oldest first), `session` (of the previous turn), `payment_status` (how the newest order stands:
        `no_payment_link`, `payment_link_sent`, `paid`) and `now` (with an offset). Other keys are ignored.

        A model that raises, takes too long or says nothing that could be let through never fails a turn: it is asked
        once more, then the guided model answers. Cancelling the call cancels the model's coroutine.

        Raises `InvalidError`, which names the key, when the turn cannot be read.
        """
        calls = Calls(self._model)
        running = self._native.start(turn, calls)
        try:
            came = await calls.end_of_turn
        finally:
            running.abort()
            calls.close()
        came["findings"] = [Finding(one) for one in came["findings"]]
        return Turn(**came)

    def prompt(self, turn: TurnInput | Mapping[str, Any]) -> Prompt:
        """The prompt that a model gets for this turn: `version`, `system` and `messages`, as chat APIs take them.

        The same turn gives the same prompt. It holds the rows this turn is about, never a stock number.
        """
        return self._native.prompt(turn)


def render_prompt(
    catalogue: Catalogue,
    turn: TurnInput | Mapping[str, Any],
    *,
    company: str | CompanyInput | None = None,
) -> Prompt:
    """The prompt of one turn, for callers without an `Assistant`; one that is kept does it faster.

    >>> import x8
    >>> shop = x8.import_catalogue(b"name;description;price\\nRose;A rose;3,50\\n", "product").catalogue
    >>> prompt = x8.render_prompt(shop, {"channel": "telegram", "sender": "77", "messages": ["How much is a rose?"]})
    >>> prompt["messages"], "3.50 EUR" in prompt["system"]
    ([{'role': 'user', 'content': 'How much is a rose?'}], True)
    """
    return Assistant(catalogue, company=company).prompt(turn)
