#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "src/ingest/polymarket.hpp"

namespace daybook::test {

template <class Body>
const Body& body(const Event& event) {
    return std::get<Body>(event.body);
}

/// "fill fill_settlement": the types of a batch in order.
inline std::string types(const ingest::Batch& batch) {
    std::string out;
    for (const Event& event : batch) {
        if (!out.empty()) out += ' ';
        out += type_name(type_number(event));
    }
    return out;
}

inline ingest::Batch read(std::string_view frame, ingest::Settings settings = {}) {
    ingest::Polymarket door{std::move(settings)};
    ingest::Input input;
    input.payload = frame;
    return door.read(input);
}

/// The answer to something we asked about `order` in market 0xm.
inline ingest::Batch answer(std::string_view payload, std::string order = "mine-1") {
    ingest::Polymarket door{{}};
    ingest::Input input;
    input.payload = payload;
    input.channel = ingest::Channel::rest;
    input.order = std::move(order);
    input.market = "0xm";
    return door.read(input);
}

inline std::string why(const ingest::Batch& batch) {
    for (const Event& event : batch) {
        if (const auto* kept = std::get_if<Unparsed>(&event.body)) return kept->why;
    }
    return {};
}

inline ingest::Settings owned_by(std::string address) {
    return {{{"main", {std::move(address)}}}, false};
}

}  // namespace daybook::test
