#include "tools/files/journal_copy.hpp"

#include <algorithm>
#include <cstring>

#include "journal/indexed_segment.hpp"

namespace daybook::files {
namespace {

constexpr std::size_t kSmallFileMax = std::size_t{64} << 20U;

class Copy {
  public:
    Copy(const journal::ReadDirectory& source, const journal::Head& head, Path target,
         const CopyHooks& hooks)
        : source_(source), head_(head), target_(std::move(target)), hooks_(hooks) {}

    Result<Copied> run(bool clean);

  private:
    Result<void> look_at_target();
    Result<void> check_same_history(const journal::Head& there);
    void measure();
    Result<void> copy_small(const std::string& folder);
    [[nodiscard]] bool is_there(std::uint64_t number) const;
    Result<void> copy_one(std::uint64_t number);
    Result<void> publish(NewFile& file);
    Result<void> write_head(bool clean);

    const journal::ReadDirectory& source_;
    const journal::Head head_;
    const Path target_;
    const CopyHooks& hooks_;
    std::optional<journal::Head> there_;  ///< what the copy holds so far
    std::vector<NewFile> waiting_;        ///< synced, to get their names together
    std::uint64_t total_{};
    Copied copied_;
};

Error in_the_way(const std::string& what, const std::string& remedy) {
    return {Errc::conflict, what, remedy};
}

/// The frame the copy ends with has to be in the source, too.
Result<void> Copy::check_same_history(const journal::Head& there) {
    if (there.journal != head_.journal) {
        return in_the_way(target_.string() + " holds journal " + to_text(there.journal) + ", not " +
                              to_text(head_.journal),
                          "name another folder; nothing was changed");
    }
    if (there.durable > head_.durable) {
        return in_the_way(target_.string() + " reaches sequence " +
                              std::to_string(there.durable.raw) + ", the journal only " +
                              std::to_string(head_.durable.raw) + ": the journal was set back",
                          "keep the copy: it has events that the journal has lost; nothing was "
                          "changed");
    }
    if (there.durable.raw == 0) return ok();
    journal::SegmentShelf shelf;
    TRY(const auto segment, shelf.holding(source_, head_, there.durable.raw));
    TRY(const auto frame, segment->frame(there.durable.raw));
    if (frame.header.hash == there.hash) return ok();
    return in_the_way(target_.string() + " has another event " + std::to_string(there.durable.raw) +
                          " than the journal",
                      "keep both: one of them was written again; nothing was changed");
}

Result<void> Copy::look_at_target() {
    TRYV(make_folder(target_, 0755));
    TRYV(make_folder(target_ / "schema", 0755));
    TRYV(make_folder(target_ / "quarantine", 0755));
    TRY(const auto directory, journal::open_directory(target_));
    const auto there = read_head(*directory);
    if (!there && there.error().code == Errc::not_found) return ok();
    if (!there) {
        Error error = there.error();
        error.detail = "in the copy " + target_.string() + ": " + error.detail;
        error.remedy = "name another folder; nothing was changed";
        return error;
    }
    there_ = there.value();
    return check_same_history(*there_);
}

/// A sealed copy has its name only after it was checked and synced. An open one is as HEAD says.
bool Copy::is_there(std::uint64_t number) const {
    const Path path = target_ / journal::segment_name(number);
    std::error_code error;
    const auto status = std::filesystem::status(path, error);
    if (error || !std::filesystem::is_regular_file(status)) return false;
    if (number > head_.sealed) {
        return there_ && there_->segment == number && number == head_.segment &&
               there_->end == head_.end;
    }
    using std::filesystem::perms;
    const auto writable = perms::owner_write | perms::group_write | perms::others_write;
    if ((status.permissions() & writable) != perms::none) return false;
    const auto original = source_.open(journal::segment_name(number));
    if (!original) return false;
    const auto info = original.value()->info();
    return info && info.value().size == std::filesystem::file_size(path, error) && !error;
}

void Copy::measure() {
    for (std::uint64_t number = 1; number <= head_.segment; ++number) {
        if (is_there(number)) continue;
        const auto file = source_.open(journal::segment_name(number));
        const auto info = file ? file.value()->info() : Result<journal::FileInfo>{file.error()};
        if (info) total_ += number == head_.segment ? head_.end : info.value().size;
    }
}

/// Schemas and torn tails: files that get their name when they are whole and never change.
Result<void> Copy::copy_small(const std::string& folder) {
    TRY(const auto names, source_.list(folder));
    for (const std::string& name : names) {
        std::string path = folder;
        path.append("/").append(name);
        TRY(const auto file, source_.open(path));
        TRY(const auto info, file->info());
        std::error_code error;
        if (std::filesystem::file_size(target_ / path, error) == info.size && !error) continue;
        if (info.size > kSmallFileMax || name.ends_with(".new")) continue;
        std::vector<std::byte> bytes(info.size);
        TRYV(file->read(0, bytes));
        const std::string_view text{reinterpret_cast<const char*>(bytes.data()), bytes.size()};
        TRYV(write_file(target_ / path, text, 0644, Existing::replaced));
    }
    return ok();
}

/// Where the copy has no HEAD yet nobody reads it, and a segment gets its name at once: the next
/// attempt goes on behind it. Else all names change together, at the end.
Result<void> Copy::publish(NewFile& file) {
    if (there_) {
        waiting_.push_back(std::move(file));
        return ok();
    }
    TRYV(file.publish(Existing::replaced));
    return sync_folder(target_);
}

Result<void> Copy::copy_one(std::uint64_t number) {
    if (is_there(number)) {
        ++copied_.kept;
        return ok();
    }
    TRY(copied_.chain, chain_after(source_, head_, number - 1));
    TRY(auto checked, check_segment(source_, head_, number, copied_.chain));
    TRY(auto file, copy_segment(checked, target_ / journal::segment_name(number), hooks_.stop,
                                [this](std::uint64_t bytes) {
                                    copied_.bytes += bytes;
                                    if (hooks_.progress) hooks_.progress(copied_.bytes, total_);
                                }));
    copied_.stopped = !file;
    if (!file) return ok();
    ++copied_.segments;
    return publish(*file);
}

Result<void> Copy::write_head(bool clean) {
    journal::Head head = head_;
    head.clean = clean;
    std::string bytes(journal::kHeadBytes, '\0');
    for (int slot = 0; slot < 2; ++slot) {
        ++head.counter;
        const journal::HeadSlot encoded = encode(head);
        std::memcpy(bytes.data() + journal::slot_offset(head.counter), &encoded, sizeof encoded);
    }
    return write_file(target_ / journal::kHeadName, bytes, 0644, Existing::replaced);
}

Result<Copied> Copy::run(bool clean) {
    TRYV(look_at_target());
    measure();
    TRYV(copy_small("schema"));
    TRYV(copy_small("quarantine"));
    for (std::uint64_t number = 1; number <= head_.segment; ++number) {
        TRYV(copy_one(number));
        if (copied_.stopped) return copied_;
    }
    TRY(copied_.chain, chain_after(source_, head_, head_.segment));
    for (NewFile& file : waiting_) {
        TRYV(file.publish(Existing::replaced));
    }
    TRYV(sync_folder(target_));
    if (copied_.segments != 0 || !there_ || there_->sealed != head_.sealed) {
        TRYV(write_head(clean));
    }
    return copied_;
}

}  // namespace

Result<Copied> copy_journal(const journal::ReadDirectory& source, const journal::Head& head,
                            const Path& target, bool clean, const CopyHooks& hooks) {
    return Copy(source, head, target, hooks).run(clean);
}

}  // namespace daybook::files
