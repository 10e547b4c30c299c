// The verb serve.
#include "src/config.hpp"
#include "src/page_files.hpp"
#include "src/server/server.hpp"
#include "src/verbs.hpp"
#include "version.hpp"

namespace daybook {

Result<Exit> run_serve(const Call& call) { return serve_with(call, {}); }

Result<Exit> serve_with(const Call& call, std::function<void(server::Service&)> attach) {
    TRY(Config config, read_config(call.data));
    const ServeConfig wish = config.serve;
    const std::string log_format = call.log_format.value_or(wish.log_format.value_or("text"));
    const server::ServeSettings settings{call.data,
                                         std::move(config),
                                         call.port.value_or(wish.port.value_or(7077)),
                                         kVersion,
                                         call.verbose || wish.verbose.value_or(false),
                                         log_format == "json",
                                         server::Page{page_files()},
                                         std::move(attach)};
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
