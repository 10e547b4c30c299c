// The verb serve.
#include "src/feeds_wish.hpp"
#include "src/page_files.hpp"
#include "src/server/server.hpp"
#include "src/verbs.hpp"
#include "version.hpp"

namespace daybook {

namespace {

/// All of `wishes`, attached one after the other.
Result<Attach> attach_all(const std::vector<RecordWish>& wishes) {
    std::vector<Attach> each;
    for (const RecordWish& wish : wishes) {
        TRY(each.emplace_back(), feeds_of(wish));
    }
    return Attach{[each = std::move(each)](server::Service& service) {
        for (const Attach& attach : each) attach(service);
    }};
}

}  // namespace

Result<Exit> run_serve(const Call& call) {
    TRY(Config config, read_config(call.data));
    const std::vector<RecordWish> feeds = config.record;
    return serve_with(call, std::move(config), feeds);
}

Result<Exit> serve_with(const Call& call, Config config, const std::vector<RecordWish>& feeds) {
    TRY(Attach attach, attach_all(feeds));
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
