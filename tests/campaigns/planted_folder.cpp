#include "campaigns/planted_folder.hpp"

#include <utility>

#include "schemas/planted.hpp"

namespace daybook::campaigns {

#ifdef DAYBOOK_PLANTED
namespace {

using journal::WriteDirectory;
using journal::WriteFile;

class PlantedFile final : public WriteFile {
  public:
    PlantedFile(std::unique_ptr<WriteFile> file, bool segment)
        : file_(std::move(file)), segment_(segment) {}
    Result<void> write(std::uint64_t offset, std::span<const std::byte> bytes) override {
        return file_->write(offset, bytes);
    }
    Result<void> sync() override {
        if (PLANTED(ack_before_sync) && segment_) return ok();
        auto synced = file_->sync();
        return !synced && PLANTED(retried_sync) ? file_->sync() : std::move(synced);
    }
    Result<void> allocate(std::uint64_t size) override { return file_->allocate(size); }
    Result<void> cut(std::uint64_t size) override { return file_->cut(size); }
    Result<void> make_read_only() override { return file_->make_read_only(); }

  private:
    std::unique_ptr<WriteFile> file_;
    bool segment_;
};

class PlantedFolder final : public WriteDirectory {
  public:
    explicit PlantedFolder(std::unique_ptr<WriteDirectory> folder) : folder_(std::move(folder)) {}
    Result<std::unique_ptr<journal::ReadFile>> open(const std::string& name) const override {
        return folder_->open(name);
    }
    Result<std::vector<std::string>> list(const std::string& folder) const override {
        return folder_->list(folder);
    }
    Result<std::unique_ptr<WriteFile>> create(const std::string& name,
                                              journal::Cache cache) override {
        return wrapped(folder_->create(name, cache), false);
    }
    Result<std::unique_ptr<WriteFile>> open_for_writing(const std::string& name) override {
        return wrapped(folder_->open_for_writing(name), name.ends_with(".segment"));
    }
    Result<void> rename(const std::string& from, const std::string& to) override {
        return folder_->rename(from, to);
    }
    Result<void> remove(const std::string& name) override { return folder_->remove(name); }
    Result<void> make_folder(const std::string& name) override {
        return folder_->make_folder(name);
    }
    Result<void> sync_folder(const std::string& folder) override {
        return PLANTED(no_folder_sync) ? ok() : folder_->sync_folder(folder);
    }
    Result<std::unique_ptr<journal::Lock>> lock(const std::string& name) override {
        return folder_->lock(name);
    }

  private:
    static Result<std::unique_ptr<WriteFile>> wrapped(Result<std::unique_ptr<WriteFile>> file,
                                                      bool segment) {
        if (!file) return file;
        return std::unique_ptr<WriteFile>(
            std::make_unique<PlantedFile>(std::move(file.value()), segment));
    }
    std::unique_ptr<WriteDirectory> folder_;
};

}  // namespace
#endif

std::unique_ptr<journal::WriteDirectory> as_planted(
    std::unique_ptr<journal::WriteDirectory> folder) {
#ifdef DAYBOOK_PLANTED
    return std::make_unique<PlantedFolder>(std::move(folder));
#else
    return folder;
#endif
}

}  // namespace daybook::campaigns
