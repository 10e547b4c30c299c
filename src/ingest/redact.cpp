#include <algorithm>
#include <array>
#include <optional>

#include "src/ingest/fields.hpp"
#include "src/ingest/input.hpp"

namespace daybook::ingest {
namespace {

// Reads text, not JSON: a frame may be torn, may hold JSON inside a string inside JSON, or may be
// an HTTP header. A name counts when what follows it makes it the name of a value.

constexpr std::string_view kRemoved = "(removed)";

/// Credentials wherever they stand, with `:` or `=` or as a pair of a list behind them.
constexpr std::array<std::string_view, 12> kAlways{
    "APIKEY",    "API_KEY",    "API-KEY",    "PASSPHRASE",    "PRIVATE_KEY",         "PRIVATEKEY",
    "APISECRET", "API_SECRET", "API-SECRET", "AUTHORIZATION", "PROXY-AUTHORIZATION", "X-API-KEY"};
/// Words of plain language as well: credentials only as the quoted name of a JSON member or in
/// `name=value`. `owner` and its kin are the id of an API key (venue page §1).
constexpr std::array<std::string_view, 17> kAsMember{
    "KEY",        "SECRET",      "SIGNATURE",    "OWNER",         "ORDER_OWNER",  "TRADE_OWNER",
    "AUTH",       "AUTH_TOKEN",  "ACCESS_TOKEN", "REFRESH_TOKEN", "BEARER",       "COOKIE",
    "SET-COOKIE", "CREDENTIALS", "PASSWORD",     "MNEMONIC",      "SESSION_TOKEN"};
constexpr std::array<std::string_view, 4> kPrefixes{"POLY_", "POLY-", "KALSHI-ACCESS-",
                                                    "KALSHI_ACCESS_"};

bool is_always(std::string_view name) {
    return std::ranges::find(kAlways, name) != kAlways.end() ||
           std::ranges::any_of(kPrefixes, [&](auto prefix) { return name.starts_with(prefix); });
}
bool is_member(std::string_view name) {
    return std::ranges::find(kAsMember, name) != kAsMember.end();
}

/// Whether any of those names begins so: most words and all numbers do not.
constexpr std::string_view kFirst = "ABCKMOPRSTX";
constexpr bool known_first(std::string_view name) {
    return kFirst.find(name.front()) != std::string_view::npos;
}
static_assert(std::ranges::all_of(kAlways, known_first) &&
              std::ranges::all_of(kAsMember, known_first) &&
              std::ranges::all_of(kPrefixes, known_first));
bool may_begin(char c) {
    return kFirst.find(c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c) !=
           std::string_view::npos;
}
bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }
bool is_quote(char c) { return c == '"' || c == '\''; }
bool is_name(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '-';
}

class Redactor {
  public:
    explicit Redactor(std::string_view text) : text_(text) {}

    std::string run() {
        while (at_ < text_.size()) {
            if (is_name(text_[at_])) {
                name();
            } else {
                pass(escape_or_char());
            }
        }
        keep_up_to(text_.size());
        return std::move(out_);
    }

  private:
    /// One nesting of a quote: JSON inside a string inside JSON writes it as \\\".
    struct Quote {
        std::size_t slashes{};
        char mark{'"'};
    };
    struct Value {
        std::size_t begin{}, end{};  ///< what is replaced
        std::string with;
    };

    [[nodiscard]] char at(std::size_t i) const { return i < text_.size() ? text_[i] : '\0'; }
    void pass(std::size_t count) { at_ += std::min(count, text_.size() - at_); }
    /// What was passed by up to `end` stays as it is.
    void keep_up_to(std::size_t end) {
        out_ += text_.substr(kept_, end - kept_);
        kept_ = end;
    }
    /// `with` stands in place of what lies between.
    void replace(std::size_t begin, std::size_t end, std::string_view with) {
        keep_up_to(begin);
        out_ += with;
        at_ = kept_ = end;
    }
    /// A letter behind a backslash (\n) begins no name.
    [[nodiscard]] std::size_t escape_or_char() const {
        const char next = at(at_ + 1);
        return at_ < text_.size() && text_[at_] == '\\' &&
                       (next == 'n' || next == 'r' || next == 't')
                   ? 2
                   : 1;
    }
    [[nodiscard]] std::size_t slashes_from(std::size_t i) const {
        const std::size_t end = text_.find_first_not_of('\\', i);
        return (end == std::string_view::npos ? text_.size() : end) - i;
    }
    [[nodiscard]] std::optional<Quote> quote_at(std::size_t i) const {
        const std::size_t slashes = slashes_from(i);
        if (!is_quote(at(i + slashes))) return std::nullopt;
        return Quote{slashes, at(i + slashes)};
    }
    [[nodiscard]] std::size_t skip_blanks(std::size_t i) const {
        while (is_blank(at(i))) ++i;
        return i;
    }

    /// \u0061 inside a name, at any depth of nesting: the character, and where it ends.
    [[nodiscard]] std::optional<std::pair<char, std::size_t>> escaped_char(std::size_t i) const {
        const std::size_t slashes = slashes_from(i);
        const std::size_t u = i + slashes;
        if (slashes == 0 || u + 5 > text_.size() || text_.substr(u, 3) != "u00") {
            return std::nullopt;
        }
        int code = 0;
        for (const char c : upper(text_.substr(u + 3, 2))) {
            const std::size_t digit = std::string_view{"0123456789ABCDEF"}.find(c);
            if (digit == std::string_view::npos) return std::nullopt;
            code = code * 16 + static_cast<int>(digit);
        }
        const char c = code < 128 ? static_cast<char>(code) : '\0';
        if (!is_name(c)) return std::nullopt;
        return std::pair{c, u + 5};
    }

    /// No name of a credential is that long; ids and hashes are.
    [[nodiscard]] bool is_long_word(std::size_t end) const {
        return end - at_ > 40 && at(end) != '\\';
    }

    void name() {
        std::size_t plain = at_;
        while (is_name(at(plain))) ++plain;
        if (is_long_word(plain)) return pass(plain - at_);
        const bool escapes = at(plain) == '\\' && escaped_char(plain);
        if (!escapes && !may_begin(text_[at_])) return pass(plain - at_);
        const std::string word = upper(spelled_out());
        if (word == "PRIVATE" && text_.substr(at_, 9) == " KEY-----" && in_pem()) return pem();
        const bool always = is_always(word);
        if (!always && !is_member(word)) return;
        if (const auto value = value_behind(always)) replace(value->begin, value->end, value->with);
    }
    /// A name with escaped letters, which is passed by.
    std::string spelled_out() {
        std::string word;
        while (at_ < text_.size()) {
            if (is_name(text_[at_])) {
                word.push_back(text_[at_++]);
            } else if (const auto escaped = escaped_char(at_)) {
                word.push_back(escaped->first);
                at_ = escaped->second;
            } else {
                break;
            }
        }
        return word;
    }

    [[nodiscard]] bool in_pem() const {
        const std::size_t begin = text_.rfind("-----BEGIN", at_);
        const std::size_t end = text_.rfind("-----END", at_);
        return begin != std::string_view::npos && (end == std::string_view::npos || end < begin);
    }
    /// The body of a private key in PEM form, up to its END line or the end of the text.
    void pem() {
        pass(9);
        const std::size_t end = text_.find("-----END", at_);
        replace(at_, end == std::string_view::npos ? text_.size() : end, kRemoved);
    }

    [[nodiscard]] std::optional<Value> value_behind(bool always) const {
        const std::optional<Quote> quote = quote_at(at_);
        std::size_t i = quote ? at_ + quote->slashes + 1 : at_;
        i = skip_blanks(i);
        const char separator = at(i);
        const bool member = quote && separator == ':';
        const bool assigned = separator == '=';
        const bool header = always && (separator == ':' || (quote && separator == ','));
        if (!member && !assigned && !header) return std::nullopt;
        i = skip_blanks(i + 1);
        if (i >= text_.size()) return std::nullopt;
        if (const auto opening = quote_at(i)) return in_quotes(i, *opening);
        if (at(i) == '{' || at(i) == '[') return in_brackets(i, quote.value_or(Quote{}));
        return bare(i, quote, separator == ':' && !quote);
    }

    /// Where the text that `quote` opened ends: at its own mark, or at one of a level further out.
    [[nodiscard]] std::size_t end_of_text(std::size_t i, Quote quote) const {
        const std::size_t unit = 2 * (quote.slashes + 1);
        while (i < text_.size()) {
            const std::size_t slashes = slashes_from(i);
            const std::size_t mark = i + slashes;
            if (at(mark) == quote.mark && slashes % unit != 2 * quote.slashes + 1) {
                const std::size_t rest = slashes % unit;
                return mark - std::min(rest, quote.slashes);
            }
            i = mark + 1;
        }
        return text_.size();
    }

    [[nodiscard]] std::optional<Value> in_quotes(std::size_t i, Quote quote) const {
        const std::size_t begin = i + quote.slashes + 1;
        const std::size_t end = end_of_text(begin, quote);
        if (begin >= end) return std::nullopt;
        return Value{begin, end, std::string{kRemoved}};
    }

    [[nodiscard]] std::optional<Value> in_brackets(std::size_t i, Quote quote) const {
        const std::size_t begin = i;
        int depth = 0;
        while (i < text_.size()) {
            if (const auto opening = quote_at(i); opening && opening->slashes >= quote.slashes) {
                i = end_of_text(i + opening->slashes + 1, *opening);
                i += slashes_from(i) + 1;
                continue;
            } else if (opening) {
                break;  // the text around has ended: the value was torn
            }
            if (text_[i] == '{' || text_[i] == '[') ++depth;
            if (text_[i] == '}' || text_[i] == ']') --depth;
            ++i;
            if (depth == 0) break;
        }
        return Value{begin, std::min(i, text_.size()), as_text(quote)};
    }

    /// A number, a word, or the rest of a header line.
    [[nodiscard]] std::optional<Value> bare(std::size_t i, std::optional<Quote> quote,
                                            bool header_line) const {
        const std::string_view stops = header_line ? "\r\n\"\\" : " \t\r\n\"'\\,;&}])";
        const std::size_t found = text_.find_first_of(stops, i);
        const std::size_t end = found == std::string_view::npos ? text_.size() : found;
        const std::string_view value = text_.substr(i, end - i);
        if (value.empty() || text_.substr(i).starts_with(kRemoved) || value == "null" ||
            value == "true" || value == "false") {
            return std::nullopt;
        }
        return Value{i, end, quote ? as_text(*quote) : std::string{kRemoved}};
    }

    [[nodiscard]] static std::string as_text(Quote quote) {
        const std::string mark = std::string(quote.slashes, '\\') + quote.mark;
        return mark + std::string{kRemoved} + mark;
    }

    std::string_view text_;
    std::size_t at_{};
    std::size_t kept_{};  ///< what lies before stands in `out_`
    std::string out_;
};

}  // namespace

std::string without_credentials(std::string_view text) { return Redactor{text}.run(); }

}  // namespace daybook::ingest
