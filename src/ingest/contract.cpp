#include "src/ingest/contract.hpp"

#include "schemas/event_json.hpp"

namespace daybook::ingest {
namespace {

Batch of(Event event) {
    Batch batch;
    batch.push_back(std::move(event));
    return batch;
}

}  // namespace

Batch read_contract_line(std::string_view line) {
    const std::string clean = without_credentials(line);
    const auto json = parse_json(clean);
    if (!json) return of(unparsed(line, json.error().detail));
    auto event = from_json(json.value());
    if (!event) return of(unparsed(line, event.error().detail));
    return of(std::move(event).value());
}

bool is_dump_header(std::string_view line) {
    if (line.find("\"dump\"") == std::string_view::npos) return false;
    const auto json = parse_json(line);
    return json && json.value().text_of("kind") == "dump" &&
           json.value().find("journal") != nullptr;
}

}  // namespace daybook::ingest
