#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "schemas/result.hpp"

namespace daybook {

/// A JSON value read exactly: a number keeps its text, so no double ever stands between the venue
/// and a figure. Members keep their order; of members with the same name the last one counts.
struct Json {
    enum class Kind : std::uint8_t { null, boolean, number, text, array, object };
    Kind kind{Kind::null};
    bool truth{};             ///< boolean
    std::string text;         ///< text (unescaped), or a number as written
    std::vector<Json> items;  ///< array
    std::vector<std::pair<std::string, Json>> members;  ///< object

    // Defined where Json is complete: clang 14 cannot make them up inside pair's own traits.
    Json() noexcept;
    Json(const Json& other);
    Json(Json&& other) noexcept;
    Json& operator=(const Json& other);
    Json& operator=(Json&& other) noexcept;
    ~Json();

    [[nodiscard]] bool is(Kind k) const { return kind == k; }
    [[nodiscard]] bool is_null() const { return kind == Kind::null; }
    /// The member called `name`; nullptr when there is none or this is no object.
    [[nodiscard]] const Json* find(std::string_view name) const;
    /// The text of a text or number member; empty when it is absent, null or something else.
    [[nodiscard]] std::string_view text_of(std::string_view name) const;
};

inline constexpr int kJsonDepthMax = 32;

/// Exactly one JSON value in UTF-8, as RFC 8259 has it: no NaN, no trailing comma, no bytes behind.
/// Fails with malformed, naming the byte at which it stopped making sense.
[[nodiscard]] Result<Json> parse_json(std::string_view text);

/// The value as compact JSON again; numbers as they were written.
[[nodiscard]] std::string write_json(const Json& value);

/// Appends `text` as a JSON string with quotes. Bytes that are not UTF-8 become U+FFFD, so the
/// output is always valid JSON.
void append_json_string(std::string& out, std::string_view text);

/// True when `text` is well-formed UTF-8.
[[nodiscard]] bool is_utf8(std::string_view text);

/// Writes one JSON document front to back; the caller keeps begin and end balanced.
class JsonWriter {
  public:
    JsonWriter& begin_object() { return open('{'); }
    JsonWriter& end_object() { return close('}'); }
    JsonWriter& begin_array() { return open('['); }
    JsonWriter& end_array() { return close(']'); }
    JsonWriter& key(std::string_view name);
    JsonWriter& text(std::string_view value);
    JsonWriter& number(std::int64_t value);
    JsonWriter& number(std::uint64_t value);
    JsonWriter& boolean(bool value);
    JsonWriter& null();
    /// `json` is spliced in as it is: a value behind a key, or members of an object.
    JsonWriter& verbatim(std::string_view json);

    [[nodiscard]] const std::string& str() const& { return out_; }
    [[nodiscard]] std::string str() && { return std::move(out_); }

  private:
    JsonWriter& open(char bracket);
    JsonWriter& close(char bracket);
    void separate();

    std::string out_;
    bool first_{true};
};

}  // namespace daybook
