#include "src/clock.hpp"

#include <chrono>

namespace daybook {

Time wall_clock() {
    using std::chrono::nanoseconds;
    return {
        std::chrono::duration_cast<nanoseconds>(std::chrono::system_clock::now().time_since_epoch())
            .count()};
}

}  // namespace daybook
