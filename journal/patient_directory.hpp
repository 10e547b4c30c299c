#pragma once

#include <memory>
#include <string>
#include <utility>

#include "journal/posix_read.hpp"
#include "journal/uuid.hpp"

namespace daybook::journal {

/// A journal folder that never refuses: sectors that cannot be read are zeros, and a segment whose
/// header is broken, or of another journal, begins with one that names it. For salvage only.
class PatientDirectory final : public ReadDirectory {
  public:
    PatientDirectory(std::unique_ptr<ReadDirectory> below, const Uuid& journal)
        : below_(std::move(below)), journal_(journal) {}
    [[nodiscard]] Result<std::unique_ptr<ReadFile>> open(const std::string& name) const override;
    [[nodiscard]] Result<std::vector<std::string>> list(const std::string& folder) const override {
        return below_->list(folder);
    }

  private:
    std::unique_ptr<ReadDirectory> below_;
    Uuid journal_;
};

}  // namespace daybook::journal
