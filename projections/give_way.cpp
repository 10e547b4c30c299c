#include "projections/give_way.hpp"

#include <sys/resource.h>
#include <unistd.h>

namespace daybook {

void give_way(int nice) { (void)::setpriority(PRIO_PROCESS, static_cast<id_t>(::gettid()), nice); }

}  // namespace daybook
