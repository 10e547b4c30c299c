#pragma once

#include <unistd.h>

namespace daybook::journal {

/// An open file of the system, closed with its owner; -1 is none.
class Descriptor {
  public:
    explicit Descriptor(int raw) : raw_(raw) {}
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;
    ~Descriptor() {
        if (raw_ >= 0) ::close(raw_);
    }
    [[nodiscard]] int raw() const { return raw_; }

  private:
    int raw_;
};

}  // namespace daybook::journal
