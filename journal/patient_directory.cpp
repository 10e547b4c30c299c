#include "journal/patient_directory.hpp"

#include <algorithm>

#include "journal/segment.hpp"

namespace daybook::journal {
namespace {

class PatientFile final : public ReadFile {
  public:
    /// `header`: stands in front of the file's bytes, in place of what is there; may be empty.
    PatientFile(std::unique_ptr<ReadFile> below, std::vector<std::byte> header)
        : below_(std::move(below)), header_(std::move(header)) {}

    Result<std::size_t> read(std::uint64_t offset, std::span<std::byte> into) const override {
        auto got = below_->read(offset, into);
        if (!got) {
            TRY(got, read_around(offset, into));
        }
        std::size_t filled = got.value();
        if (offset < header_.size()) {
            const auto begin = static_cast<std::ptrdiff_t>(offset);
            const auto length = std::min<std::size_t>(into.size(), header_.size() - offset);
            std::copy_n(header_.begin() + begin, length, into.begin());
            filled = std::max(filled, length);
        }
        return filled;
    }
    Result<FileInfo> info() const override { return below_->info(); }
    Result<Mapped> map(std::size_t size) const override { return below_->map(size); }

  private:
    /// Block by block; one that cannot be read is zeros.
    [[nodiscard]] Result<std::size_t> read_around(std::uint64_t offset,
                                                  std::span<std::byte> into) const {
        TRY(const auto info, below_->info());
        const auto end = std::min<std::uint64_t>(info.size, offset + into.size());
        std::size_t filled = 0;
        while (offset + filled < end) {
            const std::uint64_t at = offset + filled;
            const auto length = static_cast<std::size_t>(std::min(kBlock - at % kBlock, end - at));
            const auto part = into.subspan(filled, length);
            const auto got = below_->read(at, part);
            if (!got) std::fill(part.begin(), part.end(), std::byte{0});
            filled += length;
        }
        return filled;
    }

    std::unique_ptr<ReadFile> below_;
    std::vector<std::byte> header_;
};

/// What frames need to know of their segment; the rest of such a header says nothing.
std::vector<std::byte> made_up_header(const Uuid& journal, std::uint64_t number,
                                      std::uint64_t size) {
    SegmentHeader header;
    header.journal = journal;
    header.number = number;
    header.size = size;
    auto block = header_block(header);
    const auto copy = block;
    block.insert(block.end(), copy.begin(), copy.end());
    return block;
}

}  // namespace

Result<std::unique_ptr<ReadFile>> PatientDirectory::open(const std::string& name) const {
    TRY(auto file, below_->open(name));
    std::vector<std::byte> header;
    if (const auto number = segment_number(name)) {
        const auto segment = SegmentFile::open(*below_, *number, &journal_);
        if (!segment && segment.error().code == Errc::newer) return segment.error();
        if (!segment) {
            TRY(const auto info, file->info());
            header = made_up_header(journal_, *number, info.size);
        }
    }
    return std::unique_ptr<ReadFile>(
        std::make_unique<PatientFile>(std::move(file), std::move(header)));
}

}  // namespace daybook::journal
