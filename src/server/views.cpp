#include "src/server/views.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "schemas/whole_number.hpp"
#include "src/server/json_patch.hpp"

namespace daybook::server {
namespace {

namespace asio = boost::asio;
using std::chrono::steady_clock;

constexpr std::size_t kViewsMost = 256;
constexpr std::chrono::milliseconds kTick{50};
constexpr std::chrono::seconds kMoment{1};
constexpr int kRestOfWork = 2;  ///< times as long as the answer took

Result<Words> words_of(const std::string& name) {
    if (name == "projections") return list_words();
    Request request;
    TRYV(read_target("/v1/query/" + name, request));
    if (request.path == "/v1/query/events")
        return Error{Errc::usage, "events are no view", "GET /v1/stream sends each of them"};
    return query_words(request);
}

/// These tell of the clock, the disk or a rebuild too, which no event announces.
bool of_the_moment(const View& view) {
    return view.name == "projections" || view.name.starts_with("status");
}

/// The sequence an answer is as of, where it says so.
Sequence as_of(const Json& answer, Sequence otherwise) {
    const Json* const moment = answer.find("as_of");
    const auto seq = moment ? whole_number(moment->text_of("seq")) : std::nullopt;
    return seq ? Sequence{*seq} : otherwise;
}

std::string message(const View& view, Sequence seq, std::string_view member,
                    std::string_view json) {
    JsonWriter out;
    out.begin_object().key("v").number(std::uint64_t{1}).key("kind").text("view");
    out.key("view").text(view.name).key("seq").number(seq.raw);
    out.key(member).verbatim(json).end_object();
    return std::move(out).str();
}

View::Message kept(std::string text) {
    return std::make_shared<const std::string>(std::move(text));
}

/// The view with another answer; what is dear about it: reading and comparing.
View with_answer(View view, const Reply& reply) {
    view.text = reply.body.substr(0, reply.body.find_last_not_of('\n') + 1);
    auto answer = reply.status == 200 ? parse_json(view.text) : Result<Json>{Json{}};
    const auto before = std::exchange(view.answer, nullptr);
    ++view.version;
    view.patch = nullptr;
    if (reply.status != 200 || !answer) {
        view.whole = kept(message(view, view.asked_at, "problem", view.text));
        return view;
    }
    view.answer = std::make_shared<const Json>(std::move(answer).value());
    const Sequence seq = as_of(*view.answer, view.asked_at);
    view.whole = kept(message(view, seq, "answer", view.text));
    if (!before) return view;
    const std::string patch = json_patch(*before, *view.answer);
    if (patch.size() < view.text.size()) view.patch = kept(message(view, seq, "patch", patch));
    return view;
}

using Renewed = std::shared_ptr<View>;  ///< Asio wants what can be made of nothing

asio::awaitable<Renewed> renewed(View view, Reply reply) {
    co_return std::make_shared<View>(with_answer(std::move(view), reply));
}

}  // namespace

Result<std::shared_ptr<const View>> Views::watch(const std::string& name) {
    std::erase_if(views_, [](const auto& each) { return each.second.expired(); });
    if (const auto found = views_.find(name); found != views_.end()) {
        if (const auto view = found->second.lock()) return std::shared_ptr<const View>{view};
    }
    TRY(auto words, words_of(name));
    if (views_.size() == kViewsMost)
        return Error{Errc::overflow, "too many different views are watched"};
    const auto view = std::make_shared<View>();
    view->name = name;
    view->words = std::move(words);
    views_[name] = view;
    bell_.cancel();
    if (!std::exchange(running_, true))
        asio::co_spawn(service_.streams, run(shared_from_this()), asio::detached);
    return std::shared_ptr<const View>{view};
}

asio::awaitable<void> Views::run(Self self) {
    while (!self->service_.stopping && !self->views_.empty()) {
        const auto begin = steady_clock::now();
        if (const auto view = self->next(begin)) {
            co_await self->renew(view);
            const auto end = steady_clock::now();
            self->rests_until_ = end + kRestOfWork * (end - begin);
            continue;
        }
        boost::system::error_code ignored;  // a new view rings it
        self->bell_.expires_after(kTick);
        co_await self->bell_.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
        std::erase_if(self->views_, [](const auto& each) { return each.second.expired(); });
    }
    self->running_ = false;
}

/// A view that nobody has seen yet comes before all; then the one asked longest ago.
std::shared_ptr<View> Views::next(View::Time now) {
    std::shared_ptr<View> chosen;
    for (const auto& [name, weak] : views_) {
        const auto view = weak.lock();
        if (!view) continue;
        const bool fresh = view->version == 0;
        if (!fresh && (now < rests_until_ || !stale(*view, now))) continue;
        if (!chosen || view->asked < chosen->asked) chosen = view;
    }
    return chosen;
}

bool Views::stale(const View& view, View::Time now) const {
    const auto age = now - view.asked;
    if (of_the_moment(view) && age >= kMoment) return true;
    return age >= kTick && view.asked_at < service_.hub->durable();
}

asio::awaitable<void> Views::renew(const std::shared_ptr<View>& view) {
    view->asked = steady_clock::now();
    view->asked_at = service_.hub->durable();
    Reply reply = co_await ask(*service_.watched, view->words);
    const std::size_t length = reply.body.find_last_not_of('\n') + 1;
    if (view->version > 0 && view->text == std::string_view{reply.body}.substr(0, length))
        co_return;
    const Renewed with = co_await asio::co_spawn(service_.readers, renewed(*view, std::move(reply)),
                                                 asio::use_awaitable);
    *view = std::move(*with);
}

}  // namespace daybook::server
