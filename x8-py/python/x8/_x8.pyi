from collections.abc import Iterable, Mapping, Sequence
from typing import Any, ClassVar, Literal, TypedDict, final

from x8._calls import Calls
from x8._finding import Finding
from x8._shapes import CompanyInput, GuardContext, Prompt, TurnInput

__all__ = [
    "Answer",
    "Catalogue",
    "ConflictError",
    "Error",
    "Figures",
    "ForbiddenError",
    "Guard",
    "ImportResult",
    "InternalError",
    "InvalidError",
    "NativeAssistant",
    "NotFoundError",
    "PaymentRequiredError",
    "RateLimitedError",
    "Row",
    "Running",
    "TooLargeError",
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
    "reply_limit",
    "split_text",
    "validate_row",
    "verify_stripe_webhook",
]

__version__: str

_Kind = Literal["product", "service"]

class Error(Exception):
    """Root of every error of the package."""

    code: str
    operation: str
    retryable: bool
    context: list[tuple[str, str]]

class InvalidError(Error): ...
class UnauthenticatedError(Error): ...
class ForbiddenError(Error): ...
class NotFoundError(Error): ...
class ConflictError(Error): ...
class PaymentRequiredError(Error): ...
class TooLargeError(Error): ...
class RateLimitedError(Error): ...
class UnsupportedError(Error): ...
class UnavailableError(Error): ...
class UnknownOutcomeError(Error): ...
class InternalError(Error): ...

class _Price(TypedDict):
    products_cents: int
    delivery_cents: int
    total_cents: int
    currency: str
    free_delivery: bool
    reminder_hours: int | None

class _Subscription(TypedDict, total=False):
    plan: str
    status: str
    ends_at: str | None
    channels: int | None
    grace_until: str | None
    reduced_until: str | None

class _OverLimit(TypedDict):
    by: int
    disconnect_by: str | None
    due: bool
    channels: list[int]

class _Plan(TypedDict):
    id: Literal["FREE", "SINGLE", "DOUBLE", "GROWTH", "SPECIAL", "ENTERPRISE"]
    price_minor: int | None
    currency: str
    channels: int | None
    price_id: str | None
    tier: Literal["TRIAL", "BASIC", "PRO", "ENTERPRISE"]

class _Followed(TypedDict):
    subscription: dict[str, Any] | None
    effects: list[str]

class _Entitlements(TypedDict):
    standing: Literal["trial", "subscribed", "lapsed"]
    may_work: bool
    may_connect: bool
    reason: str | None
    over_limit_by: int
    channel_limit: int | None
    over_limit: _OverLimit | None

class _ColumnChange(TypedDict):
    column: str
    old: Any
    new: Any

class _Change(TypedDict):
    sku: str
    columns: list[_ColumnChange]

class _Diff(TypedDict):
    added: list[str]
    removed: list[str]
    changed: list[_Change]

class _Hit(TypedDict):
    sku: str
    score: int
    why: Literal["listed", "words", "similar_name", "part_of_name", "name", "sku"]
    row: dict[str, Any]

class _RowIssue(TypedDict):
    column: str | None
    text: str
    rule: str
    message: str

class _Row(TypedDict):
    ok: bool
    row: dict[str, Any] | None
    errors: list[_RowIssue]
    warnings: list[_RowIssue]

@final
class Catalogue:
    """The rows of one catalogue version."""

    @staticmethod
    def from_json(text: str) -> Catalogue:
        """Reads rows in the stored JSON form, as `rows()` and HTTP give them: the text of a list."""
    @staticmethod
    def from_rows(rows: Iterable[dict[str, Any]], kind: _Kind) -> Catalogue:
        """Reads rows as dicts, each under the rules of a file's row, as `validate_row` does.

        Keys are normalised like headers. A row without a SKU gets the next free integer. Wrong rows raise InvalidError,
        which tells all that is wrong, by row and column.
        """
    def rows(self) -> list[dict[str, Any]]: ...
    def price(self, cart: Sequence[tuple[str, int]], *, online: bool = False) -> _Price: ...
    def search(
        self, text: str, *, area: str | None = None, available: bool = False, limit: int = 10
    ) -> list[_Hit]: ...
    def __len__(self) -> int: ...

@final
class ImportResult:
    """What came of an import."""

    @property
    def ok(self) -> bool: ...
    @property
    def report(self) -> dict[str, Any]: ...
    @property
    def catalogue(self) -> Catalogue: ...
    def diff(self, live: Catalogue) -> _Diff: ...
    def offerings(self) -> list[Row]: ...

@final
class Row:
    """One accepted row."""

    @property
    def sku(self) -> str: ...
    @property
    def kind(self) -> _Kind: ...
    @property
    def name(self) -> str: ...
    @property
    def description(self) -> str: ...
    @property
    def price_cents(self) -> int: ...
    @property
    def currency(self) -> str: ...
    @property
    def unit(self) -> str | None: ...
    @property
    def areas(self) -> list[str]: ...
    @property
    def online(self) -> bool: ...
    @property
    def attributes(self) -> dict[str, str]: ...

@final
class Guard:
    """Checks replies against one catalogue.

    Making one reads every row, so make it once per catalogue version and keep it: any number of threads may check with it
    at once, and the interpreter's lock is released while they do.
    """

    def __new__(cls, catalogue: Catalogue) -> Guard: ...
    def check(self, reply: str | Mapping[str, Any], context: GuardContext | Mapping[str, Any]) -> Verdict:
        """Checks a model's output: text as it came, or the reply object.

        The context's keys, all optional, others ignored, are those of GuardContext. A wrong type raises InvalidError,
        which names the key. Floats, Decimals and ints count as numbers; dataclasses and Pydantic models as dicts.
        """
    def check_many(
        self, checks: Iterable[tuple[str | Mapping[str, Any], GuardContext | Mapping[str, Any]]]
    ) -> list[Verdict]:
        """Checks many pairs of reply and context at once, on every processor; the verdicts come in their order."""
    def check_figures(self, reply: str | Mapping[str, Any], channel: str) -> Figures:
        """The narrow check: the sums, units and keys against the rows, and the length. Nothing is mended.

        A reply that passes may still name a wrong price in a sentence; only `check` finds that.
        """

@final
class Verdict:
    """What the guard made of a reply. Equal when reply and findings are."""

    __hash__: ClassVar[None]  # type: ignore[assignment]
    def __eq__(self, other: object, /) -> bool: ...
    def __ne__(self, other: object, /) -> bool: ...
    @property
    def reply(self) -> dict[str, Any] | None:
        """The safe reply with the contract's keys; None when nothing may be sent. Made when it is first asked for."""
    @property
    def refused(self) -> bool:
        """Whether nothing may be sent."""
    @property
    def findings(self) -> list[Finding]:
        """What was wrong and what was done, in the order of the checks."""
    def json(self) -> str:
        """`reply`, `refused` and `findings` as JSON text: the bytes that HTTP and the command line give."""

@final
class Figures:
    """What the narrow check found."""

    __hash__: ClassVar[None]  # type: ignore[assignment]
    def __eq__(self, other: object, /) -> bool: ...
    def __ne__(self, other: object, /) -> bool: ...
    @property
    def ok(self) -> bool:
        """Whether nothing is wrong."""
    @property
    def findings(self) -> list[Finding]:
        """What is wrong."""
    def json(self) -> str:
        """`ok` and `findings` as JSON text."""

@final
class NativeAssistant:
    """The native half of Assistant."""

    def __new__(
        cls, catalogue: Catalogue, company: str | CompanyInput | None, model: str | None, timeout: int
    ) -> NativeAssistant: ...
    def start(self, turn: TurnInput | Mapping[str, Any], calls: Calls) -> Running: ...
    def prompt(self, turn: TurnInput | Mapping[str, Any]) -> Prompt: ...

@final
class Running:
    """A turn under way."""

    def abort(self) -> None: ...

@final
class Answer:
    """Where a coroutine leaves what its model said; the first word counts."""

    def say(self, said: str | Mapping[str, Any]) -> None: ...
    def fail(self, why: str) -> None: ...

def normalize_header(header: str, kind: _Kind) -> str | None: ...
def import_catalogue(
    data: bytes,
    kind: _Kind,
    *,
    decimal: Literal[".", ","] | None = None,
    partial: bool = False,
    encoding: str | None = None,
    sheet: str | None = None,
) -> ImportResult: ...
def validate_row(row: dict[str, Any], kind: _Kind) -> _Row: ...
def reply_limit(source: str) -> int: ...
def split_text(text: str, source: str) -> list[str]: ...
def order_transition(
    state: str,
    event: str,
    *,
    newer_exists: bool = False,
    late_payment: Literal["refund", "revive"] = "refund",
) -> tuple[str, list[str]]: ...
def entitlements(
    *,
    now: str,
    trial_ends_at: str | None = None,
    subscription: _Subscription | dict[str, Any] | None = None,
    connected: int | Sequence[int] | None = None,
    plans: Mapping[str, Any] | None = None,
) -> _Entitlements: ...
def plans(changes: Mapping[str, Any] | None = None) -> list[_Plan]: ...
def follow_subscription(
    latest: Mapping[str, Any],
    *,
    now: str,
    stored: Mapping[str, Any] | None = None,
    plans: Mapping[str, Any] | None = None,
) -> _Followed: ...
def verify_stripe_webhook(
    body: bytes, header: str, secrets: str | Sequence[str], now: str | None = None
) -> None: ...
