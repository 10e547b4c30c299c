#pragma once

#include "src/ingest/kalshi.hpp"
#include "support/catch.hpp"

namespace daybook::ingest {

inline Batch read_with(Kalshi& venue, std::string_view payload, std::string market = "") {
    Input input;
    input.payload = payload;
    input.market = std::move(market);
    return venue.read(input);
}

inline Batch read_one(std::string_view payload) {
    Kalshi venue{Settings{}};
    return read_with(venue, payload);
}

/// The only event of `batch`, which must be a `Body`.
template <class T>
const T& only(const Batch& batch) {
    REQUIRE(batch.size() == 1);
    REQUIRE(std::holds_alternative<T>(batch[0].body));
    return std::get<T>(batch[0].body);
}

inline std::string why(const Batch& batch) { return only<Unparsed>(batch).why; }

inline Time at(std::string_view text) { return parse_time(text).value(); }

inline std::string replaced(std::string_view text, std::string_view from, std::string_view to) {
    std::string out{text};
    const std::size_t where = out.find(from);
    REQUIRE(where != std::string::npos);
    return out.replace(where, from.size(), to);
}

}  // namespace daybook::ingest
