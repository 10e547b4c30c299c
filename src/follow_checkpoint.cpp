#include "src/follow_checkpoint.hpp"

#include <cstring>
#include <filesystem>

#include "schemas/json.hpp"
#include "schemas/whole_number.hpp"

namespace daybook {
namespace {

constexpr std::size_t kMost = std::size_t{1} << 32U;

std::string name_of(const std::string& file) {
    std::string name;
    for (const char c : file) name += c == '/' ? std::string{"%2F"} : std::string{c};
    return name.substr(name.size() > 200 ? name.size() - 200 : 0);
}

Result<std::uint64_t> number_of(const Json& json, std::string_view key) {
    if (const auto number = whole_number(json.text_of(key))) return *number;
    return Error{Errc::malformed, "the checkpoint has no number '" + std::string{key} + "'",
                 "remove it; then the file is read from its start, and nothing is doubled"};
}

}  // namespace

Result<FollowCheckpoint> FollowCheckpoint::open(const std::string& data_dir,
                                                const std::string& file) {
    const std::string whole = std::filesystem::absolute(file).lexically_normal().string();
    TRYV(files::make_folder(data_dir + "/follow", 0700));
    const std::string name = data_dir + "/follow/" + name_of(whole);
    TRY(auto lock, files::FolderLock::take(name + ".lock"));
    FollowCheckpoint checkpoint{name, whole, std::move(lock)};
    TRYV(checkpoint.load());
    return checkpoint;
}

Result<void> FollowCheckpoint::load() {
    const auto text = files::read_file(name_ + ".json", kMost);
    if (!text && text.error().code == Errc::not_found) return ok();
    if (!text) return text.error();
    TRY(const Json json, parse_json(text.value()));
    Place place;
    TRY(place.device, number_of(json, "device"));
    TRY(place.inode, number_of(json, "inode"));
    TRY(place.offset, number_of(json, "offset"));
    TRY(place.before, number_of(json, "before"));
    TRY(kept_, number_of(json, "counted"));
    place_ = place;
    if (kept_ == 0) return ok();
    TRY(const std::string counted, files::read_file(name_ + ".counted", kMost));
    if (counted.size() < kept_)
        return Error{Errc::corrupt, name_ + ".counted is shorter than its checkpoint says"};
    for (std::uint64_t at = 0; at < kept_; at += sizeof(Hash128)) {
        Hash128 content;
        std::memcpy(content.data(), counted.data() + at, sizeof content);
        ++seen_[content];
    }
    return ok();
}

void FollowCheckpoint::count(Event& event) {
    const Identity identity = identity_of(event);
    if (identity.natural) return;
    event.occurrence = seen_[identity.content]++;
    counted_.append(reinterpret_cast<const char*>(identity.content.data()), sizeof(Hash128));
}

Result<void> FollowCheckpoint::keep(const Place& place) {
    if (place_ == place && counted_.empty()) return ok();
    if (!counted_.empty()) {
        TRYV(files::write_at(name_ + ".counted", kept_, counted_));
    }
    kept_ += counted_.size();
    counted_.clear();
    JsonWriter out;
    out.begin_object().key("v").number(std::uint64_t{1}).key("kind").text("follow");
    out.key("file").text(file_).key("device").number(place.device);
    out.key("inode").number(place.inode).key("offset").number(place.offset);
    out.key("before").number(place.before).key("counted").number(kept_).end_object();
    TRYV(files::write_file(name_ + ".json", std::move(out).str() + '\n', 0600,
                           files::Existing::replaced));
    place_ = place;
    return ok();
}

}  // namespace daybook
