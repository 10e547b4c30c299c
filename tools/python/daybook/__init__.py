"""Records what a trading bot sees and does with Daybook: `rec = Recorder()`."""

from ._handler import Handler
from ._recorder import Recorder
from ._wrap import wrap

__all__ = ["Handler", "Recorder", "wrap"]
__version__ = "0.1.0"
