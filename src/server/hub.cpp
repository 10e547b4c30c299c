#include "src/server/hub.hpp"

#include <algorithm>
#include <boost/asio/post.hpp>
#include <utility>

#include "schemas/event_json.hpp"

namespace daybook::server {
namespace {

namespace asio = boost::asio;

constexpr std::size_t kLinesMost = 8192;
constexpr std::size_t kBytesMost = std::size_t{16} << 20U;
constexpr std::size_t kReadAtOnce = 1024;
constexpr std::ptrdiff_t kWokenAtOnce = 32;

}  // namespace

Result<LineReader> LineReader::open(const std::string& data_dir, Sequence next,
                                    const TypeSet& types) {
    TRY(auto reader, EventReader::open(data_dir));
    TRYV(reader.seek({std::max<std::uint64_t>(next.raw, 1)}, types));
    return LineReader{std::move(reader)};
}

Result<Lines> LineReader::read(std::size_t most) {
    TRY(const auto head, reader_.journal().refresh());
    Lines read{{}, head.durable};
    for (;;) {
        if (read.lines.size() == most) {
            read.through = read.lines.back().seq;
            return read;
        }
        TRY(const auto step, reader_.next());
        if (step == nullptr) return read;
        read.lines.push_back({step->seq, type_number(step->event),
                              std::make_shared<const std::string>(to_json(step->event))});
    }
}

Hub::Hub(asio::any_io_executor executor, asio::thread_pool& pool, std::string data_dir,
         std::function<void(const std::string&)> log)
    : executor_{std::move(executor)},
      pool_{pool},
      data_dir_{std::move(data_dir)},
      log_{std::move(log)} {}

void Hub::durable(Sequence seq) {
    asio::post(executor_, [self = shared_from_this(), seq] { self->advance(seq); });
}

void Hub::advance(Sequence seq) {
    durable_ = std::max(durable(), seq).raw;
    if (!subscribers_.empty() && !reading_) read_on();
}

/// One read at a time; what became durable meanwhile is the next one.
void Hub::read_on() {
    const Sequence last = durable();
    const Sequence next{lines_.empty() || !reader_ ? last.raw : lines_.back().seq.raw + 1};
    if (next > last || last.raw == 0) return;
    reading_ = true;
    asio::post(pool_, [self = shared_from_this(), reader = reader_, next]() mutable {
        Result<Lines> lines{Lines{}};
        if (!reader) {
            auto opened = LineReader::open(self->data_dir_, next, all_types());
            if (opened) reader = std::make_shared<LineReader>(std::move(opened).value());
            if (!opened) lines = opened.error();
        }
        if (reader) lines = reader->read(kReadAtOnce);
        asio::post(self->executor_, [self, reader, lines = std::move(lines)]() mutable {
            self->reading_ = false;
            self->reader_ = lines ? reader : nullptr;
            if (!lines)
                return self->log_("the journal cannot be streamed: " + lines.error().detail);
            self->take(std::move(lines).value().lines);
        });
    });
}

void Hub::take(std::vector<Line> lines) {
    if (!lines_.empty() && !lines.empty() && lines.front().seq.raw != lines_.back().seq.raw + 1) {
        lines_.clear();
        bytes_ = 0;
    }
    for (Line& line : lines) {
        bytes_ += line.text->size();
        lines_.push_back(std::move(line));
    }
    trim();
    wake_all();
    if (subscribers_.empty()) return;
    if (!lines_.empty() && lines_.back().seq < durable()) read_on();
}

void Hub::wake_all() {
    again_ = waking_;
    if (!waking_) wake_behind(0);
}

/// A few at a time: what clients ask meanwhile is not behind a thousand subscribers in the queue.
void Hub::wake_behind(std::uint64_t number) {
    const auto first = std::ranges::upper_bound(subscribers_, number, {},
                                                [](const auto& each) { return each.first; });
    const auto count = std::min<std::ptrdiff_t>(kWokenAtOnce, subscribers_.end() - first);
    const std::vector some(first, first + count);  // who is woken may leave
    for (const auto& [joined, again] : some) again();
    waking_ = count == kWokenAtOnce;
    if (waking_) {
        asio::post(executor_, [self = shared_from_this(), last = some.back().first] {
            self->wake_behind(last);
        });
    } else if (std::exchange(again_, false)) {
        wake_behind(0);
    }
}

void Hub::trim() {
    while (lines_.size() > kLinesMost || bytes_ > kBytesMost) {
        bytes_ -= lines_.front().text->size();
        lines_.pop_front();
    }
}

std::uint64_t Hub::join(std::function<void()> again) {
    subscribers_.emplace_back(++joined_, std::move(again));
    if (!reading_) read_on();
    return joined_;
}

void Hub::leave(std::uint64_t subscriber) {
    std::erase_if(subscribers_, [&](const auto& each) { return each.first == subscriber; });
    if (!subscribers_.empty()) return;
    reader_.reset();
    lines_.clear();
    bytes_ = 0;
}

std::optional<Sequence> Hub::first() const {
    if (lines_.empty()) return std::nullopt;
    return lines_.front().seq;
}

const Line* Hub::find(Sequence seq) const {
    if (lines_.empty() || seq < lines_.front().seq || seq > lines_.back().seq) return nullptr;
    return &lines_[seq.raw - lines_.front().seq.raw];
}

}  // namespace daybook::server
