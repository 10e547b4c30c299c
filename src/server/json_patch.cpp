#include "src/server/json_patch.hpp"

#include <algorithm>

namespace daybook::server {
namespace {

bool same(const Json& a, const Json& b) {
    const auto same_member = [](const auto& left, const auto& right) {
        return left.first == right.first && same(left.second, right.second);
    };
    return a.kind == b.kind && a.truth == b.truth && a.text == b.text &&
           std::ranges::equal(a.items, b.items, same) &&
           std::ranges::equal(a.members, b.members, same_member);
}

/// One part of a JSON pointer (RFC 6901), behind its slash.
std::string part(std::string_view name) {
    std::string out{'/'};
    for (const char c : name) {
        if (c == '~')
            out += "~0";
        else if (c == '/')
            out += "~1";
        else
            out += c;
    }
    return out;
}

class Patch {
  public:
    void differ(const Json& from, const Json& to, const std::string& path) {
        if (from.kind != to.kind) return operation("replace", path, &to);
        if (from.is(Json::Kind::object)) return members(from, to, path);
        if (from.is(Json::Kind::array)) return items(from, to, path);
        if (!same(from, to)) operation("replace", path, &to);
    }

    std::string text() && {
        out_.end_array();
        return std::move(out_).str();
    }

  private:
    void operation(std::string_view name, const std::string& path, const Json* value) {
        out_.begin_object().key("op").text(name).key("path").text(path);
        if (value != nullptr) out_.key("value").verbatim(write_json(*value));
        out_.end_object();
    }

    void members(const Json& from, const Json& to, const std::string& path) {
        for (const auto& [name, value] : from.members) {
            if (to.find(name) == nullptr) operation("remove", path + part(name), nullptr);
        }
        for (const auto& [name, value] : to.members) {
            const Json* const before = from.find(name);
            if (before == nullptr)
                operation("add", path + part(name), &value);
            else
                differ(*before, value, path + part(name));
        }
    }

    void items(const Json& from, const Json& to, const std::string& path) {
        const auto [left, right] = std::ranges::mismatch(from.items, to.items, same);
        const auto begin = static_cast<std::size_t>(left - from.items.begin());
        std::size_t old_end = from.items.size(), new_end = to.items.size();
        while (old_end > begin && new_end > begin &&
               same(from.items[old_end - 1], to.items[new_end - 1])) {
            --old_end;
            --new_end;
        }
        const auto at = [&](std::size_t index) { return path + '/' + std::to_string(index); };
        const std::size_t both = std::min(old_end, new_end);
        for (std::size_t i = begin; i < both; ++i) differ(from.items[i], to.items[i], at(i));
        for (std::size_t i = old_end; i > both; --i) operation("remove", at(i - 1), nullptr);
        for (std::size_t i = both; i < new_end; ++i) operation("add", at(i), &to.items[i]);
    }

    JsonWriter out_{JsonWriter{}.begin_array()};
};

}  // namespace

std::string json_patch(const Json& from, const Json& to) {
    Patch patch;
    patch.differ(from, to, "");
    return std::move(patch).text();
}

}  // namespace daybook::server
