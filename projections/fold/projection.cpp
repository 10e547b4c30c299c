#include "projections/fold/projection.hpp"

#include "projections/fold/assembly.hpp"

namespace daybook {

void Projection::apply(Rows& rows, const Event& event) const {
    Assembly assembly;
    assembly.add(*this, rows);
    assembly.apply(event);
    assembly.flush();
}

}  // namespace daybook
