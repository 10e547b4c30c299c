#include "campaigns/clock_jumps.hpp"
#include "campaigns/crash_states.hpp"
#include "campaigns/damage.hpp"
#include "campaigns/edits.hpp"
#include "campaigns/every_call.hpp"
#include "campaigns/full_disk.hpp"
#include "campaigns/kills.hpp"
#include "campaigns/resets.hpp"

namespace daybook::campaigns {
namespace {

constexpr Campaign kAll[] = {
    {"C1", "kills", "kill -9 of a recorder with all projections, at any moment", 300, 10'000,
     kill_recorder},
    {"C2a", "crash-states", "power cuts at any call, up to three in a row", 5'000, 100'000,
     crash_states},
    {"C2c", "stops", "the process ends before, inside or after each call that changes the disk",
     1'500, 0, stop_at_call, every_call_cases},
    {"C2c", "killed-calls", "the recorder killed before, in or after one call to the system", 300,
     10'000, kill_at_call},
    {"C3a", "bits", "each bit of a small journal, HEAD and schema included", 150000, 0, flip_bit,
     bits},
    {"C3b", "damage", "sectors and files zeroed, swapped, stale, cut, repeated, missing", 2'000,
     50'000, damage},
    {"C3a", "receipt-bits", "each bit of a receipt", 0, 0, flip_receipt_bit, receipt_bits},
    {"C4", "edits", "an operator's edits with checksums that fit", 200, 5'000, edit},
    {"C5", "refusals", "each such call is refused, once or from there on", 1'500, 0, refuse_call,
     refusal_cases},
    {"C5", "failed-calls",
     "one call of the recorder to the system fails: EIO, ENOSPC, EINTR, short", 300, 10'000,
     fail_call},
    {"C6", "full-disk", "every amount of free space, from nothing on, behind four states", 0, 0,
     full_disk, full_disk_cases},
    {"C6", "small-tmpfs", "the recorder with all projections on file systems of many sizes", 0, 0,
     small_tmpfs, small_tmpfs_cases, why_no_tmpfs},
    {"C10", "clock-jumps", "clocks that go back, jump, stand still", 0, 0, clock_jumps,
     clock_cases},
    {"C17", "reset-kills", "kill -9 of resets, reverts and prunes, at any moment", 60, 300,
     kill_reset},
    {"C17", "reset-calls", "the same killed before, in or after each call to the system", 150, 0,
     kill_reset_at_call, reset_call_cases},
};

}  // namespace

std::span<const Campaign> all_campaigns() { return kAll; }

}  // namespace daybook::campaigns
