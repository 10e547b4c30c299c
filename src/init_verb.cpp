// The verb init.
#include "schemas/json.hpp"
#include "src/init.hpp"
#include "src/verbs.hpp"

namespace daybook {

Result<Exit> run_init(const Call& call) {
    TRYV(init(call.data));
    if (call.json) {
        JsonWriter out;
        out.begin_object()
            .key("v")
            .number(std::uint64_t{1})
            .key("kind")
            .text("init")
            .key("data")
            .text(call.data)
            .end_object();
        print_out(std::move(out).str() + '\n');
    } else {
        print_out("a new journal is in " + call.data + "\nnext: daybook --data " + call.data +
                  " ingest FILE\n");
    }
    return Exit::done;
}

}  // namespace daybook
