#pragma once

#include "schemas/event.hpp"

namespace daybook {

/// The taker fee of `shares` bought or sold for `cost`: shares · rate · (p(1 − p))^exponent with
/// p = cost / shares, computed exactly and rounded once half-even to 1e-6 (contract §1).
/// 0 when there are no shares or p is outside [0, 1].
[[nodiscard]] Money estimated_fee(const Fee& fee, Shares shares, Money cost);

}  // namespace daybook
