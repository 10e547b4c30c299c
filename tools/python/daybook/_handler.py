"""What a bot logs, as `log` events."""

import logging
from typing import Optional

from ._recorder import Recorder


class Handler(logging.Handler):
    """`logging.getLogger().addHandler(daybook.Handler(rec))`. Its own words it leaves alone."""

    def __init__(self, recorder: Optional[Recorder] = None, level: int = logging.INFO) -> None:
        super().__init__(level)
        self._recorder = recorder if recorder is not None else Recorder()

    def emit(self, record: logging.LogRecord) -> None:
        if record.name == "daybook" or record.name.startswith("daybook."):
            return
        try:
            text = self.format(record)
        except Exception:
            text = f"(cannot be formatted) {record.msg!r:.1000}"
        self._recorder.log(record.levelname.lower(), text, extra={"logger": record.name})
