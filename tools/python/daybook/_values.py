"""Decimals and times as the contract writes them. No arithmetic on binary fractions."""

import operator
import re
import time
from datetime import datetime, timezone
from decimal import ROUND_HALF_EVEN, Context, Decimal, InvalidOperation
from enum import Enum
from numbers import Number
from typing import Any, Dict, Optional

_PLAIN = re.compile(r"-?[0-9]+(\.[0-9]+)?\Z")
_WIDE = Context(prec=80, rounding=ROUND_HALF_EVEN)


class Unfit(ValueError):
    """A value the contract has no place for; the text says which and why."""


class Rounded:
    """Remembers, for one event, which decimals came as binary fractions."""

    def __init__(self) -> None:
        self.given: Dict[str, str] = {}  #: field -> shortest text of the float, where it was cut
        self.inexact = False


def _shortest(value: Decimal) -> str:
    text = format(value, "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text


def decimal_text(name: str, value: Any, places: int, seen: Rounded) -> str:
    """`value` in shortest form with at most `places` decimals.

    A str, int or Decimal must fit exactly. A float is taken by its repr() and rounded half to
    even there, in decimals; `seen` keeps that it was one, and what it said before it was cut.
    """
    if isinstance(value, Enum):
        value = value.value
    if isinstance(value, bool):
        raise Unfit(f"'{name}' is no decimal: {value!r}")
    if isinstance(value, str):
        return _exact(name, value.strip(), places)
    if isinstance(value, Decimal):
        return _exact(name, format(value, "f"), places)
    if isinstance(value, float):
        return _cut(name, float.__repr__(value), places, seen)
    try:
        return str(operator.index(value))
    except TypeError:
        pass
    if isinstance(value, Number):
        return _cut(name, str(value), places, seen)
    raise Unfit(f"'{name}' is no decimal: {value!r:.200}")


def _exact(name: str, text: str, places: int) -> str:
    if not _PLAIN.match(text) or len(text) > 60:
        raise Unfit(f"'{name}' is no decimal: {text!r:.200}")
    short = _shortest(Decimal(text))
    if "." in short and len(short) - short.index(".") - 1 > places:
        raise Unfit(f"'{name}' has more than {places} decimals: {text}")
    return short


def _cut(name: str, text: str, places: int, seen: Rounded) -> str:
    seen.inexact = True
    try:
        value = Decimal(text)
        cut = value.quantize(Decimal(1).scaleb(-places), context=_WIDE)
    except InvalidOperation:
        raise Unfit(f"'{name}' is no decimal: {text:.200}") from None
    if cut != value:
        seen.given[name] = text
    return _shortest(cut)


_second = (-1, "")


def time_text(nanos: int) -> str:
    """RFC 3339 in UTC, 9 decimals; `nanos` since 1970."""
    global _second
    seconds, rest = divmod(nanos, 1_000_000_000)
    known, text = _second
    if known != seconds:
        text = time.strftime("%Y-%m-%dT%H:%M:%S.", time.gmtime(seconds))
        _second = (seconds, text)
    return f"{text}{rest:09d}Z"


def _nanos(number: int) -> Optional[int]:
    """Seconds, ms, µs or ns since 1970, told apart by their size as the venues do."""
    for digits, factor in ((11, 10**9), (14, 10**6), (17, 10**3), (20, 1)):
        if 0 <= number < 10**digits:
            return number * factor
    return None


def given_time(name: str, value: Any) -> str:
    """A time as the bot has it: RFC 3339 text, an aware datetime, or a count since 1970."""
    if isinstance(value, datetime):
        if value.tzinfo is None:
            raise Unfit(f"'{name}' has no time zone: {value!r}")
        utc = value.astimezone(timezone.utc).replace(tzinfo=None)
        return utc.isoformat() + "Z"
    if isinstance(value, str) and not value.isdigit():
        return value
    try:
        number = Decimal(float.__repr__(value) if isinstance(value, float) else str(value))
        whole = _nanos(int(number))
        if whole is not None and number >= 0:
            scale = whole // int(number) if int(number) else 10**9
            return time_text(int(number * scale))
    except (InvalidOperation, ValueError, OverflowError):
        pass
    raise Unfit(f"'{name}' is no time: {value!r:.200}")


def clean_text(value: Any) -> str:
    """Text that UTF-8 can hold: bytes and lone surrogates are written as escapes."""
    if isinstance(value, (bytes, bytearray, memoryview)):
        return bytes(value).decode("utf-8", "backslashreplace")
    text = value if type(value) is str else str(value)
    if text.isascii():
        return text
    return text.encode("utf-8", "backslashreplace").decode("utf-8")
