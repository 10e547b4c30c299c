#pragma once

namespace daybook::campaigns {

/// The two halves of a real power cut, for a tool that cuts between them. `load` appends in
/// `folder` until it is killed and writes each acknowledged sequence as a line; `check` holds the
/// journal against the file of those lines: exit code 0 when nothing is missing or invented.
[[nodiscard]] int load(const char* folder);
[[nodiscard]] int check(const char* folder, const char* acknowledged);

}  // namespace daybook::campaigns
