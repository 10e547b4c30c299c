"""A venue's client that is journalled: request, answer, exception. The client is not changed."""

import inspect
import itertools
import secrets
from decimal import Decimal
from typing import Any, Callable, Dict, List, Mapping, Optional, Tuple, Union

from ._recorder import Recorder

Markets = Union[Mapping[str, str], Callable[[str], Optional[str]], None]
_MICRO = Decimal(10) ** 6


def wrap(
    client: Any, recorder: Optional[Recorder] = None, *, markets: Markets = None, mode: str = "live"
) -> Any:
    """`client`, a py-clob-client ClobClient or one with its methods, journalled.

    `markets` tells the market of a token, as a mapping or a function; with it a request is an
    `order_intent`, without it an `order_status` `submitted`. Everything that is no order passes
    through untouched; answers and exceptions come back as they are.
    """
    if recorder is None:
        recorder = Recorder(mode=mode)
    return Wrapped(client, _Journal(recorder, markets, mode))


class Wrapped:
    """Stands for the client. Attributes set here are set there."""

    __slots__ = ("_daybook_client", "_daybook_journal")

    def __init__(self, client: Any, journal: "_Journal") -> None:
        object.__setattr__(self, "_daybook_client", client)
        object.__setattr__(self, "_daybook_journal", journal)

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._daybook_client, name)
        if name in _METHODS and callable(found):
            return self._daybook_journal.around(name, found)
        return found

    def __setattr__(self, name: str, value: Any) -> None:
        setattr(self._daybook_client, name, value)

    def __delattr__(self, name: str) -> None:
        delattr(self._daybook_client, name)

    def __repr__(self) -> str:
        return f"<daybook.wrap of {type(self._daybook_client).__name__}>"


def status_of(error: BaseException) -> Tuple[Optional[int], str]:
    """HTTP status and text of what a client raised; None when it never got an answer."""
    status = getattr(error, "status_code", None)
    if status is None:
        status = getattr(getattr(error, "response", None), "status_code", None)
    said = getattr(error, "error_msg", None)
    if isinstance(said, Mapping):
        said = said.get("error") or said.get("errorMsg") or dict(said)
    text = str(said) if said else str(error)
    return (status if isinstance(status, int) else None), text or type(error).__name__


def is_refusal(status: Optional[int]) -> bool:
    """Only a 4xx says no. 408, 5xx and silence leave open what became of the order."""
    return status is not None and 400 <= status < 500 and status != 408


def _field(of: Any, *names: str) -> Any:
    for name in names:
        value = of.get(name) if isinstance(of, Mapping) else getattr(of, name, None)
        if value is not None:
            return value
    return None


def _side(value: Any) -> Optional[str]:
    value = getattr(value, "value", value)
    words = {0: "buy", 1: "sell", "0": "buy", "1": "sell"}
    return words.get(value) or (str(value).lower() if value is not None else None)


def signed_order(order: Any) -> Dict[str, Any]:
    """What a signed order says: amounts are integers of 1e-6. Its signature is not looked at."""
    if hasattr(order, "dict") and callable(order.dict):
        order = order.dict()
    making, taking = _field(order, "makerAmount"), _field(order, "takerAmount")
    side = _side(_field(order, "side"))
    out: Dict[str, Any] = {"token": str(_field(order, "tokenId") or ""), "side": side}
    if making is None or taking is None or side is None:
        return out
    cash, shares = (making, taking) if side == "buy" else (taking, making)
    out["shares"] = Decimal(int(shares)) / _MICRO
    price = Decimal(int(cash)) / Decimal(int(shares)) if int(shares) else None
    if price is not None and price == round(price, 6):
        out["price"] = price
    else:  # the amounts are what was signed; a price of six decimals would not be
        out["extra"] = {"cash": str(Decimal(int(cash)) / _MICRO)}
    return out


def order_args(args: Any) -> Dict[str, Any]:
    """The same of OrderArgs; of MarketOrderArgs only what is stated in shares."""
    side = _side(_field(args, "side"))
    out = {"token": str(_field(args, "token_id") or ""), "side": side}
    out["price"] = _field(args, "price") or None
    out["shares"] = _field(args, "size")
    amount = _field(args, "amount")
    if out["shares"] is None and amount is not None:
        if side == "sell":
            out["shares"] = amount
        else:
            out["extra"] = {"cash": str(amount)}
    return out


class _Journal:
    """Never raises, whatever client, arguments and answers look like."""

    def __init__(self, recorder: Recorder, markets: Markets, mode: str) -> None:
        self._recorder = recorder
        self._markets = markets
        self._mode = mode
        self._prefix = f"py-{secrets.token_hex(6)}"
        self._count = itertools.count(1)
        self._orders: Dict[str, str] = {}  # the venue's id -> our name, of the newest 4096

    def around(self, name: str, method: Callable[..., Any]) -> Callable[..., Any]:
        def journalled(*args: Any, **named: Any) -> Any:
            asked = self._safely(_METHODS[name][0], self, args, named)
            try:
                answer = method(*args, **named)
            except BaseException as error:
                self._safely(self._raised, name, asked, error)
                raise
            if inspect.isawaitable(answer):
                return self._later(name, asked, answer)
            self._safely(_METHODS[name][1], self, asked, answer)
            return answer

        journalled.__name__ = name
        journalled.__doc__ = getattr(method, "__doc__", None)
        return journalled

    async def _later(self, name: str, asked: Any, answer: Any) -> Any:
        try:
            got = await answer
        except BaseException as error:
            self._safely(self._raised, name, asked, error)
            raise
        self._safely(_METHODS[name][1], self, asked, got)
        return got

    def _safely(self, what: Callable[..., Any], *args: Any) -> Any:
        try:
            return what(*args)
        except Exception as error:
            self._recorder.log("error", f"daybook.wrap: {type(error).__name__}: {error}")
            return None

    def _raised(self, name: str, asked: Any, error: BaseException) -> None:
        status, text = status_of(error)
        refused = is_refusal(status)
        reason = f"{name}: {status or type(error).__name__}: {text}"
        orders: List[Dict[str, Any]] = asked if isinstance(asked, list) else []
        for keys in orders:
            word = "rejected" if refused else "unknown"
            if refused and keys.get("canceling"):
                word = "cancel_rejected"
            keys = {k: v for k, v in keys.items() if k in ("order", "venue_order", "market")}
            raw = str(status) if status else None
            self._status(word, reason=reason, raw_status=raw, **keys)
        if not orders:
            self._recorder.log("error", reason)

    def _status(self, status: str, **fields: Any) -> None:
        self._recorder.order_status(status=status, mode=self._mode, **fields)

    def _market(self, token: str) -> Optional[str]:
        if callable(self._markets):
            return self._markets(token)
        return self._markets.get(token) if self._markets else None

    # ── placing ──

    def _intend(self, said: Dict[str, Any], tif: Any) -> Dict[str, Any]:
        token = said.pop("token")
        name = f"{self._prefix}-{next(self._count)}"
        market = self._safely(self._market, token)
        word = str(getattr(tif, "value", tif) or "GTC")
        fields = {**said, "outcome": token or None, "tif": word, "mode": self._mode}
        if market:
            self._recorder.order_intent(order=name, market=market, **fields)
        else:
            self._recorder.order_status(order=name, status="submitted", **fields)
        return {"order": name, "market": market}

    def ask_post(self, args: Any, named: Any) -> List[Dict[str, Any]]:
        order = _argument(args, named, 0, "order")
        tif = _argument(args, named, 1, "orderType", "order_type")
        return [self._intend(signed_order(order), tif)]

    def ask_create(self, args: Any, named: Any) -> List[Dict[str, Any]]:
        order = _argument(args, named, 0, "order_args")
        tif = _argument(args, named, 2, "order_type", "orderType")
        return [self._intend(order_args(order), tif or _field(order, "order_type"))]

    def ask_posts(self, args: Any, named: Any) -> List[Dict[str, Any]]:
        orders = _argument(args, named, 0, "args") or []
        return [
            self._intend(signed_order(_field(each, "order")), _field(each, "orderType"))
            for each in orders
        ]

    def placed(self, asked: Any, answer: Any) -> None:
        keys = asked[0] if asked else {}
        found = _field(answer, "orderID", "order_id") if answer is not None else None
        if found and keys.get("order"):
            if len(self._orders) >= 4096:
                self._orders.pop(next(iter(self._orders)), None)
            self._orders[str(found)] = keys["order"]
        self._answer(answer, keys)

    def placed_all(self, asked: Any, answers: Any) -> None:
        if not isinstance(answers, (list, tuple)) or len(answers) != len(asked or ()):
            return self._answer(answers, {})
        for keys, answer in zip(asked, answers):
            self.placed([keys], answer)

    def _answer(self, answer: Any, keys: Dict[str, Any]) -> None:
        keys = {k: v for k, v in keys.items() if k in ("order", "market") and v}
        self._recorder.response(answer, mode=self._mode, **keys)

    # ── canceling, asking ──

    def _cancel(self, ids: List[Any]) -> List[Dict[str, Any]]:
        out = []
        for each in ids:
            keys = {"venue_order": str(each), "order": self._orders.get(str(each))}
            self._status("cancel_requested", **keys)
            out.append({**keys, "canceling": True})
        return out

    def ask_cancel(self, args: Any, named: Any) -> List[Dict[str, Any]]:
        return self._cancel([_argument(args, named, 0, "order_id")])

    def ask_cancels(self, args: Any, named: Any) -> List[Dict[str, Any]]:
        return self._cancel(list(_argument(args, named, 0, "order_ids") or []))

    def ask_cancel_all(self, args: Any, named: Any) -> None:
        self._recorder.log("info", f"cancel of all orders requested {args or ''}{named or ''}")

    def canceled(self, asked: Any, answer: Any) -> None:
        self._answer(answer, asked[0] if asked and len(asked) == 1 else {})

    def ask_get(self, args: Any, named: Any) -> Dict[str, Any]:
        found = str(_argument(args, named, 0, "order_id"))
        return {"order": self._orders.get(found), "venue_order": found}

    def got(self, asked: Any, answer: Any) -> None:
        name = (asked or {}).get("order")
        if answer is None and name is None:
            name = (asked or {}).get("venue_order")  # only to say which one was not found
        self._answer(answer, {"order": name})


def _argument(args: Any, named: Any, at: int, *names: str) -> Any:
    if len(args) > at:
        return args[at]
    return next((named[name] for name in names if name in named), None)


#: What is journalled: before the call, and with its answer.
_METHODS: Dict[str, Tuple[Callable[..., Any], Callable[..., None]]] = {
    "post_order": (_Journal.ask_post, _Journal.placed),
    "create_and_post_order": (_Journal.ask_create, _Journal.placed),
    "create_and_post_market_order": (_Journal.ask_create, _Journal.placed),
    "post_orders": (_Journal.ask_posts, _Journal.placed_all),
    "cancel": (_Journal.ask_cancel, _Journal.canceled),
    "cancel_order": (_Journal.ask_cancel, _Journal.canceled),
    "cancel_orders": (_Journal.ask_cancels, _Journal.canceled),
    "cancel_all": (_Journal.ask_cancel_all, _Journal.canceled),
    "cancel_market_orders": (_Journal.ask_cancel_all, _Journal.canceled),
    "get_order": (_Journal.ask_get, _Journal.got),
}
