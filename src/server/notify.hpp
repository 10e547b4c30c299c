#pragma once

#include <chrono>
#include <optional>
#include <string>

namespace daybook::server {

/// Tells systemd `state` ("READY=1"), when it started this program with Type=notify (sd_notify(3));
/// nothing otherwise.
void notify_system(const std::string& state);

/// Half of the time within which systemd wants to hear WATCHDOG=1; nothing when it does not.
[[nodiscard]] std::optional<std::chrono::microseconds> watchdog_period();

}  // namespace daybook::server
