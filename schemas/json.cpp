#include "schemas/json.hpp"

#include <boost/json/basic_parser_impl.hpp>

namespace daybook {
namespace {

/// Collects what the parser of Boost.JSON calls out into a tree; numbers keep their text.
class TreeBuilder {
  public:
    // NOLINTBEGIN(readability-identifier-naming): Boost.JSON looks for these names
    static constexpr std::size_t max_object_size = std::size_t(-1);
    static constexpr std::size_t max_array_size = std::size_t(-1);
    static constexpr std::size_t max_key_size = std::size_t(-1);
    static constexpr std::size_t max_string_size = std::size_t(-1);
    // NOLINTEND(readability-identifier-naming)
    using Ec = boost::system::error_code;
    using Text = boost::json::string_view;

    bool on_document_begin(Ec&) { return true; }
    bool on_document_end(Ec&) { return true; }
    bool on_object_begin(Ec&) { return enter(Json::Kind::object); }
    bool on_object_end(std::size_t, Ec&) { return leave(); }
    bool on_array_begin(Ec&) { return enter(Json::Kind::array); }
    bool on_array_end(std::size_t, Ec&) { return leave(); }
    bool on_key_part(Text part, std::size_t, Ec&) { return gather(key_, part); }
    bool on_key(Text part, std::size_t, Ec&) { return gather(key_, part); }
    bool on_string_part(Text part, std::size_t, Ec&) { return gather(scalar_, part); }
    bool on_string(Text part, std::size_t, Ec&) {
        gather(scalar_, part);
        return put_scalar(Json::Kind::text);
    }
    bool on_number_part(Text part, Ec&) { return gather(scalar_, part); }
    bool on_int64(std::int64_t, Text part, Ec&) { return put_number(part); }
    bool on_uint64(std::uint64_t, Text part, Ec&) { return put_number(part); }
    bool on_double(double, Text part, Ec&) { return put_number(part); }
    bool on_bool(bool value, Ec&) {
        place().kind = Json::Kind::boolean;
        last_->truth = value;
        return true;
    }
    bool on_null(Ec&) {
        place();
        return true;
    }
    bool on_comment_part(Text, Ec&) { return true; }
    bool on_comment(Text, Ec&) { return true; }

    Json take() { return std::move(root_); }

  private:
    static bool gather(std::string& to, Text part) {
        to.append(part.data(), part.size());
        return true;
    }
    bool put_number(Text part) {
        gather(scalar_, part);
        return put_scalar(Json::Kind::number);
    }
    bool put_scalar(Json::Kind kind) {
        place().kind = kind;
        last_->text = std::move(scalar_);
        scalar_.clear();
        return true;
    }
    /// The place of the value that comes now: the root, the next item, or the member just named.
    Json& place() {
        if (open_.empty()) {
            last_ = &root_;
        } else if (open_.back()->kind == Json::Kind::array) {
            last_ = &open_.back()->items.emplace_back();
        } else {
            last_ = &open_.back()->members.emplace_back(std::move(key_), Json{}).second;
            key_.clear();
        }
        return *last_;
    }
    bool enter(Json::Kind kind) {
        place().kind = kind;
        open_.push_back(last_);  // stays valid: its parent grows only after it is closed
        return true;
    }
    bool leave() {
        open_.pop_back();
        return true;
    }

    Json root_;
    Json* last_{&root_};
    std::vector<Json*> open_;
    std::string key_, scalar_;
};

void write_value(JsonWriter& out, const Json& value) {
    switch (value.kind) {
        case Json::Kind::null:
            out.null();
            return;
        case Json::Kind::boolean:
            out.boolean(value.truth);
            return;
        case Json::Kind::number:
            out.verbatim(value.text);
            return;
        case Json::Kind::text:
            out.text(value.text);
            return;
        case Json::Kind::array:
            out.begin_array();
            for (const Json& item : value.items) write_value(out, item);
            out.end_array();
            return;
        case Json::Kind::object:
            out.begin_object();
            for (const auto& [name, member] : value.members) write_value(out.key(name), member);
            out.end_object();
            return;
    }
}

/// Length of the well-formed UTF-8 sequence at the start of `text` (not empty); 0 when there is
/// none.
std::size_t utf8_length(std::string_view text) {
    const auto byte = [&text](std::size_t i) { return static_cast<unsigned char>(text[i]); };
    const auto tail = [&](std::size_t i, unsigned low = 0x80, unsigned high = 0xBF) {
        return i < text.size() && byte(i) >= low && byte(i) <= high;
    };
    const unsigned lead = byte(0);
    if (lead < 0x80) return 1;
    if (lead >= 0xC2 && lead <= 0xDF) return tail(1) ? 2 : 0;
    if (lead >= 0xE0 && lead <= 0xEF) {
        const unsigned low = lead == 0xE0 ? 0xA0 : 0x80;
        const unsigned high = lead == 0xED ? 0x9F : 0xBF;  // no surrogates
        return tail(1, low, high) && tail(2) ? 3 : 0;
    }
    if (lead >= 0xF0 && lead <= 0xF4) {
        const unsigned low = lead == 0xF0 ? 0x90 : 0x80;
        const unsigned high = lead == 0xF4 ? 0x8F : 0xBF;
        return tail(1, low, high) && tail(2) && tail(3) ? 4 : 0;
    }
    return 0;
}

void append_escaped(std::string& out, char c) {
    static constexpr std::string_view kHex = "0123456789abcdef";
    switch (c) {
        case '"':
            out += "\\\"";
            return;
        case '\\':
            out += "\\\\";
            return;
        case '\n':
            out += "\\n";
            return;
        case '\r':
            out += "\\r";
            return;
        case '\t':
            out += "\\t";
            return;
        default:
            break;
    }
    const auto byte = static_cast<unsigned char>(c);
    if (byte >= 0x20) {
        out.push_back(c);
        return;
    }
    out += "\\u00";
    out.push_back(kHex[byte >> 4U]);
    out.push_back(kHex[byte & 15U]);
}

}  // namespace

Json::Json() noexcept = default;
Json::Json(const Json& other) = default;
Json::Json(Json&& other) noexcept = default;
Json& Json::operator=(const Json& other) = default;
Json& Json::operator=(Json&& other) noexcept = default;
Json::~Json() = default;

const Json* Json::find(std::string_view name) const {
    for (auto member = members.rbegin(); member != members.rend(); ++member) {
        if (member->first == name) return &member->second;
    }
    return nullptr;
}

std::string_view Json::text_of(std::string_view name) const {
    const Json* member = find(name);
    const bool readable = member != nullptr && (member->is(Kind::text) || member->is(Kind::number));
    return readable ? std::string_view{member->text} : std::string_view{};
}

Result<Json> parse_json(std::string_view text) {
    boost::json::parse_options options;
    options.max_depth = kJsonDepthMax;
    boost::json::basic_parser<TreeBuilder> parser{options};
    boost::system::error_code error;
    std::size_t used = parser.write_some(false, text.data(), text.size(), error);
    if (!error) {
        const std::string_view behind = text.substr(used);
        if (behind.find_first_not_of(" \t\r\n") != std::string_view::npos) {
            error = boost::json::error::extra_data;
        }
    }
    if (error) {
        return Error{Errc::malformed,
                     "not JSON at byte " + std::to_string(used) + ": " + error.message()};
    }
    return parser.handler().take();
}

std::string write_json(const Json& value) {
    JsonWriter out;
    write_value(out, value);
    return std::move(out).str();
}

void append_json_string(std::string& out, std::string_view text) {
    out.push_back('"');
    while (!text.empty()) {
        const std::size_t length = utf8_length(text);
        if (length == 1) {
            append_escaped(out, text.front());
        } else if (length == 0) {
            out += "\xEF\xBF\xBD";
        } else {
            out += text.substr(0, length);
        }
        text.remove_prefix(length == 0 ? 1 : length);
    }
    out.push_back('"');
}

bool is_utf8(std::string_view text) {
    while (!text.empty()) {
        const std::size_t length = utf8_length(text);
        if (length == 0) return false;
        text.remove_prefix(length);
    }
    return true;
}

void JsonWriter::separate() {
    if (!first_) out_.push_back(',');
    first_ = false;
}

JsonWriter& JsonWriter::open(char bracket) {
    separate();
    out_.push_back(bracket);
    first_ = true;
    return *this;
}

JsonWriter& JsonWriter::close(char bracket) {
    out_.push_back(bracket);
    first_ = false;
    return *this;
}

JsonWriter& JsonWriter::key(std::string_view name) {
    separate();
    append_json_string(out_, name);
    out_.push_back(':');
    first_ = true;
    return *this;
}

JsonWriter& JsonWriter::text(std::string_view value) {
    separate();
    append_json_string(out_, value);
    return *this;
}

JsonWriter& JsonWriter::verbatim(std::string_view json) {
    separate();
    out_ += json;
    return *this;
}

JsonWriter& JsonWriter::number(std::int64_t value) { return verbatim(std::to_string(value)); }
JsonWriter& JsonWriter::number(std::uint64_t value) { return verbatim(std::to_string(value)); }
JsonWriter& JsonWriter::boolean(bool value) { return verbatim(value ? "true" : "false"); }
JsonWriter& JsonWriter::null() { return verbatim("null"); }

}  // namespace daybook
