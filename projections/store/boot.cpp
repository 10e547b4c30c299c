#include <fstream>

#include "projections/store/environment.hpp"

namespace daybook::store {

std::string boot_id() {
    static const std::string id = [] {
        std::ifstream file{"/proc/sys/kernel/random/boot_id"};
        std::string text;
        std::getline(file, text);
        return text;
    }();
    return id;
}

}  // namespace daybook::store
