#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "schemas/result.hpp"
#include "schemas/time.hpp"

namespace daybook::test {

/// A trading day as a text that people read. The format stands in tests/scenarios/README.md.
struct ScenarioEvent {
    Time time;
    std::size_t line{};
    std::string json;  ///< a contract line, as `daybook ingest` takes it
};

enum class Subject : std::uint8_t { market, all, order, counts, findings };

struct Expectation {
    std::optional<Time> at;  ///< after the events up to then; absent: at the end
    std::size_t line{};
    Subject subject{};
    std::string name;  ///< of the market, or of the order
    std::string account, mode;
    std::vector<std::pair<std::string, std::string>>
        values;  ///< member of the answer, value; of findings: the rule, its severity
};

struct Scenario {
    std::vector<ScenarioEvent> events;  ///< by time; those of the same time as they were written
    std::vector<Expectation> expectations;
};

/// Fails with malformed, naming the line.
[[nodiscard]] Result<Scenario> read_scenario(std::string_view text);

}  // namespace daybook::test
