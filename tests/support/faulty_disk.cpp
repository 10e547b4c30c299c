#include "support/faulty_disk.hpp"

#include <algorithm>
#include <cstring>
#include <map>
#include <optional>
#include <random>
#include <set>

namespace daybook::test {
namespace {

using Bytes = std::vector<std::byte>;
constexpr std::uint64_t kSector = 512;

struct File {
    Bytes seen;
    Bytes on_disk;
    std::set<std::uint64_t> dirty;  ///< sectors a sync would write
    bool read_only = false;

    void put(std::uint64_t offset, std::span<const std::byte> bytes) {
        if (bytes.empty()) return;
        if (seen.size() < offset + bytes.size()) seen.resize(offset + bytes.size());
        std::memcpy(seen.data() + offset, bytes.data(), bytes.size());
        for (auto s = offset / kSector; s <= (offset + bytes.size() - 1) / kSector; ++s) {
            dirty.insert(s);
        }
    }
    /// The sector, or only the first `length` bytes of it: torn.
    void write_sector(Bytes& to, std::uint64_t sector, std::uint64_t length = kSector) const {
        const std::uint64_t begin = sector * kSector;
        const std::uint64_t end = std::min<std::uint64_t>({begin + length, seen.size(), to.size()});
        if (begin < end) std::memcpy(to.data() + begin, seen.data() + begin, end - begin);
    }
    void sync() {
        on_disk.resize(seen.size());
        for (const std::uint64_t sector : dirty) write_sector(on_disk, sector);
        dirty.clear();
    }
};

using FilePtr = std::shared_ptr<File>;
using Names = std::map<std::string, FilePtr>;

struct NameChange {  // `from` goes, `to` becomes `file`; either may be empty
    std::string from;
    std::string to;
    FilePtr file;
    void apply(Names& names) const {
        if (!from.empty()) names.erase(from);
        if (!to.empty()) names[to] = file;
    }
};

std::string folder_of(const std::string& name) {
    const auto slash = name.find('/');
    return slash == std::string::npos ? "" : name.substr(0, slash);
}

}  // namespace

struct FaultyDisk::State {
    Names seen;
    Names on_disk;
    std::vector<NameChange> unsynced;
    std::shared_ptr<bool> locked = std::make_shared<bool>(false);
    std::uint64_t calls = 0;
    std::optional<std::uint64_t> refused_call;
    bool for_good = false;
    Blow blow = Blow::inside;
    bool torn = false;  ///< a refused write has left a part
    std::uint64_t capacity = ~std::uint64_t{0};
    std::function<void()> look;

    bool refuses() {
        ++calls;
        return refused_call && (for_good ? calls >= *refused_call : calls == *refused_call);
    }
    [[nodiscard]] bool fits(const File& file, std::uint64_t size) const {
        if (size <= file.seen.size()) return true;
        std::uint64_t used = size - file.seen.size();
        for (const auto& [name, other] : seen) used += other->seen.size();
        return used <= capacity;
    }
    void change(const NameChange& change) {
        change.apply(seen);
        unsynced.push_back(change);
    }
    Result<void> changed() const {
        if (look) look();
        return ok();
    }
    /// Whether the call that is refused is done all the same.
    [[nodiscard]] bool lands() const { return blow == Blow::after && calls == *refused_call; }
    [[nodiscard]] bool first_refused() const { return calls == *refused_call; }
    /// Counts a call, and does `act` unless it is its turn to be refused.
    template <class Act>
    Result<void> call(const char* what, Act act);
};

namespace {

using StatePtr = std::shared_ptr<FaultyDisk::State>;

Error refused(const std::string& what) { return {Errc::disk, what + ": refused by the test"}; }

}  // namespace

template <class Act>
Result<void> FaultyDisk::State::call(const char* what, Act act) {
    const bool refuse = refuses();
    if (!refuse || lands()) {
        TRYV(act());
    }
    if (refuse) return refused(what);
    return changed();
}

namespace {

class TestReadFile final : public journal::ReadFile {
  public:
    explicit TestReadFile(FilePtr file) : file_(std::move(file)) {}
    Result<std::size_t> read(std::uint64_t offset, std::span<std::byte> into) const override {
        if (offset >= file_->seen.size()) return std::size_t{0};
        const std::size_t got = std::min<std::size_t>(into.size(), file_->seen.size() - offset);
        std::memcpy(into.data(), file_->seen.data() + offset, got);
        return got;
    }
    Result<journal::FileInfo> info() const override {
        return journal::FileInfo{file_->seen.size(), file_->read_only};
    }
    Result<journal::Mapped> map(std::size_t size) const override {
        const auto copy = std::make_shared<Bytes>(file_->seen);
        return journal::Mapped{{copy, copy->data()}, size};
    }

  private:
    FilePtr file_;
};

class TestWriteFile final : public journal::WriteFile {
  public:
    TestWriteFile(StatePtr disk, FilePtr file) : disk_(std::move(disk)), file_(std::move(file)) {}

    Result<void> write(std::uint64_t offset, std::span<const std::byte> bytes) override {
        if (disk_->refuses() && !disk_->lands()) {
            if (disk_->first_refused() && disk_->blow == Blow::inside) {
                file_->put(offset, bytes.first(torn_length(bytes.size())));
                disk_->torn = true;
            }
            return refused("write");
        }
        if (!disk_->fits(*file_, offset + bytes.size())) return refused("write on a full disk");
        file_->put(offset, bytes);
        if (disk_->refused_call && disk_->lands()) return refused("write");
        return disk_->changed();
    }
    Result<void> sync() override {
        const bool refuse = disk_->refuses();
        if (!refuse || disk_->lands()) file_->sync();
        if (!refuse) return disk_->changed();
        if (!disk_->for_good) file_->dirty.clear();
        return refused("sync");
    }
    Result<void> allocate(std::uint64_t size) override {
        return disk_->call("allocate", [&]() -> Result<void> {
            if (!disk_->fits(*file_, size)) return refused("allocate on a full disk");
            if (file_->seen.size() < size) file_->seen.resize(size);
            return ok();
        });
    }
    Result<void> cut(std::uint64_t size) override {
        return disk_->call("cut", [&]() -> Result<void> {
            file_->seen.resize(size);
            return ok();
        });
    }
    Result<void> make_read_only() override {
        return disk_->call("make read-only", [&]() -> Result<void> {
            file_->read_only = true;
            return ok();
        });
    }

  private:
    [[nodiscard]] std::size_t torn_length(std::size_t whole) const {
        return std::min(whole, whole * (disk_->calls % 4) / 4 + disk_->calls % 3);
    }

    StatePtr disk_;
    FilePtr file_;
};

struct TestLock final : journal::Lock {
    explicit TestLock(std::shared_ptr<bool> flag) : locked(std::move(flag)) { *locked = true; }
    ~TestLock() override { *locked = false; }
    TestLock(const TestLock&) = delete;
    TestLock& operator=(const TestLock&) = delete;
    std::shared_ptr<bool> locked;
};

class TestDirectory final : public journal::WriteDirectory {
  public:
    explicit TestDirectory(StatePtr disk) : disk_(std::move(disk)) {}

    Result<std::unique_ptr<journal::ReadFile>> open(const std::string& name) const override {
        TRY(auto file, find(name));
        return std::unique_ptr<journal::ReadFile>(std::make_unique<TestReadFile>(file));
    }
    Result<std::vector<std::string>> list(const std::string& folder) const override {
        std::vector<std::string> names;
        for (const auto& [name, file] : disk_->seen) {
            if (folder_of(name) != folder) continue;
            names.push_back(folder.empty() ? name : name.substr(folder.size() + 1));
        }
        return names;
    }
    Result<std::unique_ptr<journal::WriteFile>> create(const std::string& name,
                                                       journal::Cache) override {
        auto file = std::make_shared<File>();
        TRYV(disk_->call("create", [&]() -> Result<void> {
            if (disk_->seen.contains(name)) return refused("create " + name + ", which exists");
            disk_->change({"", name, file});
            return ok();
        }));
        return writable(file);
    }
    Result<std::unique_ptr<journal::WriteFile>> open_for_writing(const std::string& name) override {
        TRY(auto file, find(name));
        if (file->read_only) return refused("open a read-only file");
        return writable(file);
    }
    Result<void> rename(const std::string& from, const std::string& to) override {
        return disk_->call("rename", [&]() -> Result<void> {
            TRY(auto file, find(from));
            disk_->change({from, to, file});
            return ok();
        });
    }
    Result<void> remove(const std::string& name) override {
        if (!journal::may_remove(name)) return refused("remove of a file that may hold events");
        return disk_->call("remove", [&]() -> Result<void> {
            if (disk_->seen.contains(name)) disk_->change({name, "", nullptr});
            return ok();
        });
    }
    Result<void> make_folder(const std::string&) override {
        return disk_->call("make folder", []() -> Result<void> { return ok(); });
    }
    Result<void> sync_folder(const std::string& folder) override {
        return disk_->call("sync folder", [&]() -> Result<void> {
            std::erase_if(disk_->unsynced, [&](const NameChange& change) {
                const bool here = folder_of(change.to.empty() ? change.from : change.to) == folder;
                if (here) change.apply(disk_->on_disk);
                return here;
            });
            return ok();
        });
    }
    Result<std::unique_ptr<journal::Lock>> lock(const std::string&) override {
        if (*disk_->locked) return Error{Errc::conflict, "journal/LOCK is held by process 1"};
        return std::unique_ptr<journal::Lock>(std::make_unique<TestLock>(disk_->locked));
    }

  private:
    [[nodiscard]] Result<FilePtr> find(const std::string& name) const {
        const auto found = disk_->seen.find(name);
        if (found == disk_->seen.end()) return Error{Errc::not_found, "no file " + name};
        return found->second;
    }
    [[nodiscard]] Result<std::unique_ptr<journal::WriteFile>> writable(FilePtr file) const {
        return std::unique_ptr<journal::WriteFile>(
            std::make_unique<TestWriteFile>(disk_, std::move(file)));
    }

    StatePtr disk_;
};

class Chance {  // the same on every machine: no std distribution
  public:
    explicit Chance(std::uint64_t seed) : engine_(seed) { percent_ = kPercent[engine_() % 5]; }
    bool keeps() { return engine_() % 100 < percent_; }
    std::uint64_t below(std::uint64_t bound) { return engine_() % bound; }

  private:
    static constexpr std::uint64_t kPercent[] = {0, 15, 50, 85, 100};
    std::mt19937_64 engine_;
    std::uint64_t percent_{};
};

/// Which of the dirty sectors the power failed in; a disk writes one at a time.
class Torn {
  public:
    Torn(Chance& chance, const Names& names, Sectors sectors) {
        std::uint64_t dirty = 0;
        for (const auto& [name, file] : names) dirty += file->dirty.size();
        if (sectors == Sectors::one_torn && dirty != 0) {
            before_ = chance.below(dirty);
            length_ = chance.below(kSector);
        }
    }
    /// How much of the next dirty sector is written, when it is.
    std::uint64_t next() { return before_-- == 0 ? length_ : kSector; }

  private:
    std::uint64_t before_ = ~std::uint64_t{0};  ///< dirty sectors in front of it; none is torn
    std::uint64_t length_ = kSector;
};

FilePtr cut_power(const File& file, Chance& chance, Torn& torn) {
    auto left = std::make_shared<File>();
    left->read_only = file.read_only;
    left->on_disk = file.on_disk;
    if (chance.keeps()) left->on_disk.resize(file.seen.size());
    for (const std::uint64_t sector : file.dirty) {
        const std::uint64_t length = torn.next();
        if (length != kSector || chance.keeps()) file.write_sector(left->on_disk, sector, length);
    }
    left->seen = left->on_disk;
    return left;
}

}  // namespace

FaultyDisk::FaultyDisk() : FaultyDisk(std::make_shared<State>()) {}
FaultyDisk::FaultyDisk(std::shared_ptr<State> state) : state_(std::move(state)) {}

std::unique_ptr<journal::WriteDirectory> FaultyDisk::directory() const {
    return std::make_unique<TestDirectory>(state_);
}
std::unique_ptr<journal::ReadDirectory> FaultyDisk::for_reading() const { return directory(); }
std::uint64_t FaultyDisk::calls() const { return state_->calls; }

void FaultyDisk::refuse(std::uint64_t n, bool for_good, Blow blow) {
    state_->refused_call = state_->calls + n;
    state_->for_good = for_good;
    state_->blow = blow;
}
void FaultyDisk::set_capacity(std::uint64_t bytes) { state_->capacity = bytes; }
void FaultyDisk::on_change(std::function<void()> look) { state_->look = std::move(look); }

FaultyDisk FaultyDisk::after_kill() const {
    auto left = std::make_shared<State>();
    std::map<FilePtr, FilePtr> copies;
    const auto copy = [&](const FilePtr& file) -> FilePtr {
        if (!file) return nullptr;
        auto& known = copies[file];
        if (!known) known = std::make_shared<File>(*file);
        return known;
    };
    for (const auto& [name, file] : state_->seen) left->seen[name] = copy(file);
    for (const auto& [name, file] : state_->on_disk) left->on_disk[name] = copy(file);
    for (const auto& change : state_->unsynced) {
        left->unsynced.push_back({change.from, change.to, copy(change.file)});
    }
    return FaultyDisk(std::move(left));
}

FaultyDisk FaultyDisk::after_power_cut(std::uint64_t seed, Sectors sectors) const {
    Chance chance(seed);
    Names names = state_->on_disk;
    for (const NameChange& change : state_->unsynced) {
        if (chance.keeps()) change.apply(names);
    }
    Torn torn(chance, names, state_->torn ? Sectors::whole : sectors);
    auto left = std::make_shared<State>();
    for (const auto& [name, file] : names) left->seen[name] = cut_power(*file, chance, torn);
    left->on_disk = left->seen;
    return FaultyDisk(std::move(left));
}

bool FaultyDisk::exists(const std::string& name) const { return state_->seen.contains(name); }

std::vector<std::string> FaultyDisk::names() const {
    std::vector<std::string> all;
    for (const auto& [name, file] : state_->seen) all.push_back(name);
    return all;
}

Bytes FaultyDisk::content(const std::string& name) const { return state_->seen.at(name)->seen; }

void FaultyDisk::flip(const std::string& name, std::uint64_t offset, std::uint8_t mask) {
    File& file = *state_->seen.at(name);
    file.seen.at(offset) ^= std::byte{mask};
    if (offset < file.on_disk.size()) file.on_disk[offset] ^= std::byte{mask};
}

void FaultyDisk::overwrite(const std::string& name, Bytes content) {
    File& file = *state_->seen.at(name);
    file.seen = std::move(content);
    file.on_disk = file.seen;
    file.dirty.clear();
}

void FaultyDisk::erase(const std::string& name) {
    state_->seen.erase(name);
    state_->on_disk.erase(name);
}

}  // namespace daybook::test
