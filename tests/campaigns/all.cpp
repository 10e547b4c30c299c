#include "campaigns/crash_states.hpp"
#include "campaigns/damage.hpp"
#include "campaigns/every_call.hpp"

namespace daybook::campaigns {
namespace {

constexpr Campaign kAll[] = {
    {"C2a", "crash-states", "power cuts at any call, up to three in a row", 5'000, 100'000,
     crash_states},
    {"C2c", "stops", "the process ends before, inside or after each call that changes the disk",
     1'500, 0, stop_at_call, every_call_cases},
    {"C3a", "bits", "each bit of a small journal, HEAD and schema included", 0, 0, flip_bit, bits},
    {"C3b", "damage", "sectors and files zeroed, swapped, stale, cut, repeated, missing", 2'000,
     50'000, damage},
    {"C5", "refusals", "each such call is refused, once or from there on", 1'500, 0, refuse_call,
     refusal_cases},
};

}  // namespace

std::span<const Campaign> all_campaigns() { return kAll; }

}  // namespace daybook::campaigns
