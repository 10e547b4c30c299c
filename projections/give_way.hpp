#pragma once

namespace daybook {

/// The calling thread goes behind others from now on, `nice` steps (0 … 19) further than a process
/// usually stands: whoever records or asks beside it goes first. A system that refuses lets it run
/// as it is.
void give_way(int nice);

}  // namespace daybook
