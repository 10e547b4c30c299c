#include "projections/store/history.hpp"

#include <sstream>

#include "schemas/whole_number.hpp"

namespace daybook::store {

JsonWriter begin_history(std::string_view act, std::string_view projection,
                         std::uint64_t generation, Time now) {
    JsonWriter out;
    out.begin_object().key("time").text(format_time(now)).key("act").text(act);
    out.key("projection").text(projection).key("generation").number(generation);
    return out;
}

Result<void> keep_history(const Directory& projections, JsonWriter line) {
    line.key("source_events_deleted").number(std::uint64_t{0}).end_object();
    return projections.append_line(kHistory, std::move(line).str());
}

Result<std::uint64_t> last_in_history(const Directory& projections, std::string_view projection) {
    std::uint64_t last = 0;
    TRY(const auto history, projections.read(kHistory));
    std::istringstream lines{history.value_or("")};
    for (std::string text; std::getline(lines, text);) {
        const auto line = parse_json(text);
        if (!line || line.value().text_of("projection") != projection) continue;
        last = whole_number(line.value().text_of("generation")).value_or(last);
    }
    return last;
}

}  // namespace daybook::store
