from datetime import datetime
from decimal import Decimal
from types import TracebackType
from typing import Any, Dict, List, Mapping, Optional, Sequence, Tuple, Type, Union

Number = Union[str, int, Decimal, float]
Time = Union[str, int, float, datetime]
Level = Union[Tuple[Number, Number], List[Number], Mapping[str, Any]]

class Recorder:
    """Hands events to `daybook serve`. No method raises; only `flush` and `close` wait.

    Every event method takes the common fields of the contract as well: `time`, `venue`,
    `account`, `mode`, `correlation`, `cause`, `id`; unknown names are kept as `extra`.
    """

    def __init__(
        self,
        address: Optional[str] = None,  # unix:PATH, http://HOST:PORT; else DAYBOOK_DATA's socket
        *,
        token_file: Optional[str] = None,  # of http://; else keys/append.token of the data folder
        venue: str = "polymarket",
        account: str = "main",
        mode: str = "dry_run",  # or "live"
        spool: Optional[str] = None,  # folder; else DAYBOOK_SPOOL, else below XDG_STATE_HOME
        spool_bytes: int = ...,
        queue_calls: int = ...,
        memory_events: int = ...,
        memory_bytes: int = ...,
        timeout: float = 5.0,  # seconds for one answer
        exit_timeout: float = 2.0,  # seconds
    ) -> None: ...
    def order_intent(
        self,
        order: str,
        market: str,
        outcome: Union[str, int, None] = None,
        side: Optional[str] = None,
        price: Optional[Number] = None,
        shares: Optional[Number] = None,
        *,
        tif: Optional[str] = None,
        purpose: Optional[str] = None,
        group: Optional[str] = None,
        **common: Any,
    ) -> None: ...
    def order_status(
        self,
        order: Optional[str],
        status: str,
        *,
        venue_order: Optional[str] = None,
        raw_status: Optional[str] = None,
        claimed_matched: Optional[Number] = None,
        claimed_cost: Optional[Number] = None,
        reason: Optional[str] = None,
        trades: Optional[Sequence[str]] = None,
        tx: Optional[str] = None,
        market: Optional[str] = None,
        **common: Any,
    ) -> None: ...
    def fill(
        self,
        trade: str,
        order: str,
        market: str,
        outcome: Union[str, int],
        side: str,
        shares: Number,
        cost: Number,  # USD before fee
        *,
        fee: Optional[Number] = None,  # USD; None: not stated
        fee_shares: Optional[Number] = None,
        role: Optional[str] = None,
        tx: Optional[str] = None,
        **common: Any,
    ) -> None: ...
    def book(
        self,
        market: str,
        outcome: Union[str, int],
        bids: Optional[Sequence[Level]] = None,
        asks: Optional[Sequence[Level]] = None,  # None: the venue tells none; []: empty
        *,
        hash: Optional[str] = None,
        **common: Any,
    ) -> None: ...
    def quote(
        self,
        market: str,
        outcome: Union[str, int],
        bid: Optional[Number] = None,
        ask: Optional[Number] = None,
        **common: Any,
    ) -> None: ...
    def claim(
        self,
        source: str,
        metric: str,
        value: Number,
        *,
        market: Optional[str] = None,
        **common: Any,
    ) -> None: ...
    def decision(
        self,
        verdict: str,
        *,
        group: Optional[str] = None,
        reasons: Sequence[str] = (),
        legs: Sequence[Mapping[str, Any]] = (),
        expected: Optional[Mapping[str, Number]] = None,
        **common: Any,
    ) -> None: ...
    def note(self, text: str, **common: Any) -> None: ...
    def log(self, level: str, text: str, **common: Any) -> None: ...
    def event(self, event: Mapping[str, Any], **more: Any) -> None:
        """Any event of the contract."""

    def frame(
        self,
        raw: Union[str, bytes, Mapping[str, Any]],
        *,
        channel: Optional[str] = None,  # market, user, rest, rtds
        venue: Optional[str] = None,
        market: Optional[str] = None,
        order: Optional[str] = None,
    ) -> None:
        """A venue's message as it came."""

    def response(
        self,
        answer: Any,
        *,
        order: Optional[str] = None,
        market: Optional[str] = None,
        mode: Optional[str] = None,
        venue: Optional[str] = None,
    ) -> None:
        """A venue's answer as its client gives it; `order`, `market`: what it answers."""

    def flush(self, timeout: float = 5.0) -> bool:
        """Whether all that was handed over before is on the recorder's disk, and nothing was
        dropped since the last flush. Waits at most `timeout` seconds."""

    def stats(self) -> Dict[str, Any]: ...
    def close(self, timeout: Optional[float] = None) -> None:
        """Sends for `timeout` seconds (None: `exit_timeout`), then spools. At exit by itself."""

    def __enter__(self) -> "Recorder": ...
    def __exit__(
        self,
        kind: Optional[Type[BaseException]],
        error: Optional[BaseException],
        trace: Optional[TracebackType],
    ) -> None: ...
