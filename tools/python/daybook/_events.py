"""From a call of the bot to one line of the contract."""

import json
from decimal import Decimal
from enum import Enum
from typing import Any, Dict, List, Mapping, NamedTuple, Optional, Tuple

from ._values import Rounded, Unfit, clean_text, decimal_text, given_time, time_text

#: Arguments without a name, in this order.
POSITIONAL: Dict[str, Tuple[str, ...]] = {
    "order_intent": ("order", "market", "outcome", "side", "price", "shares"),
    "order_status": ("order", "status"),
    "fill": ("trade", "order", "market", "outcome", "side", "shares", "cost"),
    "book": ("market", "outcome", "bids", "asks"),
    "quote": ("market", "outcome", "bid", "ask"),
    "claim": ("source", "metric", "value"),
    "decision": ("verdict",),
    "note": ("text",),
    "log": ("level", "text"),
}
#: Fields without which an event says nothing.
REQUIRED: Dict[str, Tuple[str, ...]] = {
    "order_intent": ("order", "market"),
    "order_status": ("status",),
    "fill": ("trade", "order", "market", "outcome", "side", "shares", "cost"),
    "book": ("market", "outcome"),
    "quote": ("market", "outcome"),
    "claim": ("source", "metric", "value"),
    "decision": ("verdict",),
    "note": ("text",),
    "log": ("text",),
}
#: What the names below do not belong to, per type: the event is about a mode of trading.
WITH_MODE = frozenset(
    "order_intent order_status fill fill_settlement fill_correction merge split redemption "
    "transfer balance decision guard claim".split()
)
#: Named by what they are about (contract §1): an `id` would hide that from other witnesses.
NAMED_BY_NATURE = frozenset("fill fill_settlement fill_correction order_intent".split())
WALLET = frozenset("merge split redemption transfer".split())

_DECIMALS = frozenset(
    "price shares cost fee_shares claimed_matched claimed_cost bid ask bid_shares ask_shares "
    "bid_depth ask_depth min_shares tick old_tick pairs cash basis pair_cost hedge_ratio profit "
    "rate".split()
)
_WIDE = frozenset((("price", "price"), ("market_defined", "strike")))  # 18 decimals
_TIMES = frozenset("time received opens closes expires from to".split())
_LEVELS = {"bids": (0, 1), "asks": (0, 1), "changes": (1, 2), "deltas": (1, 2)}
_COMMON = frozenset(
    "type time received mono venue account mode origin market id correlation cause extra".split()
)
_LOWER = frozenset("side status verdict mode purpose role".split())
_TYPES = frozenset(
    "market_defined market_changed market_resolved book book_change quote trade price feed "
    "order_intent order_status fill fill_settlement fill_correction merge split redemption "
    "transfer balance decision guard claim halt resume flag limits epoch note log".split()
)


class Item(NamedTuple):
    """One line for the recorder, without its newline."""

    venue: str  #: "" for a line of the contract, else the venue whose frame is wrapped
    line: bytes
    nanos: int  #: wall clock, ns since 1970
    report: bool = False  #: speaks of another item; is not reported on itself


def _plain(value: Any) -> Any:
    """Something json.dumps writes; decimals as text, what is unknown as its str()."""
    if isinstance(value, Enum):
        value = value.value
    if value is None or isinstance(value, (bool, int)):
        return value
    if isinstance(value, float):
        text = float.__repr__(value)
        return float(value) if value == value and "inf" not in text else text
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, Mapping):
        return {clean_text(k): _plain(v) for k, v in value.items()}
    if isinstance(value, (list, tuple, set, frozenset)):
        return [_plain(v) for v in value]
    return clean_text(value)


def dumps(value: Any) -> bytes:
    """One line of UTF-8 without a newline in it."""
    return json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode()


class Builder:
    """Fills in what the recorder knows: venue, account, mode, clocks, ids."""

    def __init__(self, prefix: str, venue: str, account: str, mode: str) -> None:
        self._prefix = prefix
        self._count = 0
        self._defaults = (("venue", venue), ("account", account))
        self.mode = mode

    def next_id(self) -> str:
        self._count += 1
        return f"{self._prefix}-{self._count}"

    def event(self, kind: str, wall: int, mono: int, args: Any, fields: Mapping[str, Any]) -> Item:
        """Raises Unfit when the contract has no place for it."""
        given = self._named(kind, args, fields)
        kind = clean_text(given.pop("type", None) or kind)
        if kind not in _TYPES:
            raise Unfit(f"no bot tells events of type {kind!r:.100}")
        seen = Rounded()
        out: Dict[str, Any] = {"type": kind}
        for name, value in given.items():
            if value is not None or name in ("bid", "ask"):
                out[name] = self._value(kind, name, value, seen)
        self._check(kind, out)
        return Item("", dumps(self._complete(kind, out, wall, mono, seen)), wall)

    def _named(self, kind: str, args: Any, fields: Mapping[str, Any]) -> Dict[str, Any]:
        names = POSITIONAL.get(kind, ())
        if len(args) > len(names):
            raise Unfit(f"{kind} takes {len(names)} values without a name, not {len(args)}")
        out = {clean_text(name): value for name, value in fields.items()}
        for name, value in zip(names, args):
            if name in out:
                raise Unfit(f"'{name}' is given twice")
            out[name] = value
        return out

    def _value(self, kind: str, name: str, value: Any, seen: Rounded) -> Any:
        if value is None:
            return None
        if isinstance(value, Enum):
            value = value.value
        if name in _DECIMALS or (name == "fee" and not isinstance(value, Mapping)):
            if name == "shares" and isinstance(value, Mapping):  # of a balance: by outcome
                return {
                    clean_text(k): decimal_text("shares", v, 6, seen) for k, v in value.items()
                }
            return decimal_text(name, value, 18 if (kind, name) in _WIDE else 6, seen)
        if name == "value" or (kind == "limits" and name not in _COMMON):
            if kind == "limits" or not isinstance(value, (str, bool)):
                return decimal_text(name, value, 6, seen)
            return clean_text(value)
        if name in ("actual", "threshold") and not isinstance(value, str):
            return decimal_text(name, value, 6, seen)
        if name in _LEVELS:
            return [self._level(name, row, seen) for row in value]
        if name == "payouts":
            return [decimal_text(name, each, 6, seen) for each in value]
        if name in ("legs", "outcomes") and not isinstance(value, str):
            return [self._inside(kind, each, seen) for each in value]
        if name in ("expected", "about", "fee"):
            return self._inside(kind, value, seen)
        if name in _TIMES:
            return given_time(name, value)
        if name in _LOWER:
            return clean_text(value).lower()
        if name in ("reasons", "trades", "aliases"):
            return [clean_text(value)] if isinstance(value, str) else [clean_text(v) for v in value]
        if name in ("text", "reason", "detail", "order", "trade", "market", "outcome", "id"):
            return clean_text(value)
        return _plain(value)

    def _inside(self, kind: str, value: Any, seen: Rounded) -> Dict[str, Any]:
        return {
            clean_text(name): self._value("", name, each, seen)
            for name, each in dict(value).items()
            if each is not None
        }

    @staticmethod
    def _level(name: str, row: Any, seen: Rounded) -> List[Any]:
        if isinstance(row, Mapping):  # {"price", "size"}, as the venue's books have it
            row = (row["price"], row["size"] if "size" in row else row["shares"])
        elif not isinstance(row, (list, tuple)):  # an object of a venue's client
            row = (row.price, row.size)
        places = _LEVELS[name]
        if len(row) != places[-1] + 1:
            raise Unfit(f"a level of '{name}' has {len(row)} values: {row!r:.100}")
        return [
            decimal_text(name, each, 6, seen) if at in places else clean_text(each).lower()
            for at, each in enumerate(row)
        ]

    @staticmethod
    def _check(kind: str, out: Dict[str, Any]) -> None:
        for name in REQUIRED.get(kind, ()):
            if out.get(name) in (None, ""):
                raise Unfit(f"'{name}' of {kind} is missing")
        if out.get("side", "buy") not in ("buy", "sell"):
            raise Unfit(f"'side' is neither buy nor sell: {out['side']!r:.100}")

    def _complete(
        self, kind: str, out: Dict[str, Any], wall: int, mono: int, seen: Rounded
    ) -> Dict[str, Any]:
        for name, value in self._defaults:
            out.setdefault(name, value)
        if kind in WITH_MODE:
            out.setdefault("mode", self.mode)
        out.setdefault("received", time_text(wall))
        out.setdefault("mono", mono)
        if kind == "order_status":  # its key holds the time: said again later is said twice
            out.setdefault("time", out["received"])
        elif "id" not in out and not self._has_name(kind, out):
            out["id"] = self.next_id()
        if seen.inexact:
            extra = dict(out.get("extra") or {})
            extra["inexact_source"] = True
            if seen.given:
                extra["as_given"] = seen.given
            out["extra"] = extra
        return out

    @staticmethod
    def _has_name(kind: str, out: Dict[str, Any]) -> bool:
        if kind in WALLET:
            return bool(out.get("tx") or out.get("time"))
        return kind in NAMED_BY_NATURE

    def frame(self, wall: int, mono: int, raw: Any, fields: Mapping[str, Any]) -> Item:
        """A venue's text as it came, or its answer as a dict, wrapped with the clocks."""
        wrapped: Dict[str, Any] = {"received": time_text(wall), "mono": mono}
        for name in ("channel", "order", "market"):
            if fields.get(name) is not None:
                wrapped[name] = clean_text(fields[name])
        is_text = isinstance(raw, (str, bytes, bytearray, memoryview))
        wrapped["payload"] = clean_text(raw) if is_text else _plain(raw)
        return Item(clean_text(fields.get("venue") or self._defaults[0][1]), dumps(wrapped), wall)

    def told(self, level: str, text: str, wall: int, mono: int, report: bool = True) -> Item:
        """A `log` event of the sink itself."""
        fields = {"level": level, "text": text, "extra": {"source": "daybook-python"}}
        return self.event("log", wall, mono, (), fields)._replace(report=report)

    def gap(self, count: int, first: int, last: int, why: str, wall: int, mono: int) -> Item:
        """What was dropped between two wall clocks (ns)."""
        detail = f"{count} calls dropped from {time_text(first)} to {time_text(last)}: {why}"
        extra = {"dropped": count, "from": time_text(first), "to": time_text(last)}
        fields = {"channel": "bot", "state": "gap", "detail": detail, "extra": extra}
        return self.event("feed", wall, mono, (), fields)._replace(report=True)


def answer_as_status(answer: Any, order: Optional[str], market: Optional[str]) -> Dict[str, Any]:
    """What an answer says of an order, for bots in dry run: their answers are not the venue's."""
    said = answer if isinstance(answer, Mapping) else {}
    word = clean_text(said.get("status") or "").lower()
    refused = said.get("success") is False or bool(said.get("errorMsg") or said.get("error"))
    known = {"live": "live", "matched": "matched", "delayed": "delayed", "unmatched": "live"}
    out: Dict[str, Any] = {
        "status": known.get(word) or ("rejected" if refused else "unknown"),
        "order": order,
        "market": market,
        "venue_order": said.get("orderID") or None,
        "raw_status": word or None,
        "reason": said.get("errorMsg") or said.get("error") or None,
        "extra": {"answer": dumps(_plain(answer)).decode()},
    }
    if order is None and out["venue_order"] is None:
        raise Unfit("an answer in dry run names no order")
    return out
