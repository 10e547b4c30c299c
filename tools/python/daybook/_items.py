"""What a call of the bot becomes: an item to be sent, whatever it was given."""

from typing import Any, Mapping, Tuple

from ._events import Builder, Item, answer_as_status
from ._queue import Call
from ._values import Unfit, clean_text

TEXT_MAX = 8192  # characters of a refused line that are reported


def item_of(builder: Builder, call: Call) -> "Tuple[Item, bool]":
    """The item, and whether the call made no sense: then it is a `log` that says so."""
    kind, wall, mono, args, fields = call
    try:
        return _build(builder, kind, wall, mono, args, fields), False
    except Exception as error:
        what = f"unparsed: {kind}: {error or type(error).__name__}: {_shown(args, fields)}"
        return builder.told("error", clean_text(what)[:TEXT_MAX], wall, mono, False), True


def _build(
    builder: Builder, kind: str, wall: int, mono: int, args: Any, fields: Mapping[str, Any]
) -> Item:
    if kind == "event":
        (given,) = args
        return builder.event("event", wall, mono, (), {**given, **fields})
    if kind == "response" and (fields.get("mode") or builder.mode) != "live":
        said = answer_as_status(_only(args, kind), fields.get("order"), fields.get("market"))
        return builder.event("order_status", wall, mono, (), said)
    if kind == "response":
        fields = {"channel": "rest", **fields}
    if kind in ("frame", "response"):
        return builder.frame(wall, mono, _only(args, kind), fields)
    return builder.event(kind, wall, mono, args, fields)


def _only(args: Tuple[Any, ...], kind: str) -> Any:
    if len(args) != 1:
        raise Unfit(f"{kind} takes one value without a name, not {len(args)}")
    return args[0]


def _shown(args: Any, fields: Any) -> str:
    try:
        return f"{args!r} {fields!r}"
    except Exception as error:
        return f"(cannot be shown: {type(error).__name__})"
