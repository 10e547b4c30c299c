// The verb serve.
#include "src/config.hpp"
#include "src/server/server.hpp"
#include "src/verbs.hpp"
#include "version.hpp"

namespace daybook {

Result<Exit> run_serve(const Call& call) {
    TRY(Config config, read_config(call.data));
    const server::ServeSettings settings{call.data, std::move(config), call.port,
                                         kVersion,  call.verbose,      call.log_format == "json"};
    const auto ready = [&](const server::Addresses& at) {
        print_out("serving http://127.0.0.1:" + std::to_string(at.port) + " and unix:" + at.socket +
                  '\n');
        flush_out();
    };
    const auto done = server::serve(settings, ready);
    if (!done && done.error().code == Errc::not_found) return no_journal(call.data);
    if (!done) return done.error();
    return Exit::done;
}

}  // namespace daybook
