#include "src/server/metrics.hpp"

#include <algorithm>

#include "schemas/print.hpp"

namespace daybook::server {
namespace {

void head(std::string& out, std::string_view name, std::string_view kind, std::string_view help) {
    out += "# HELP daybook_" + std::string{name} + ' ' + std::string{help} + "\n# TYPE daybook_" +
           std::string{name} + ' ' + std::string{kind} + '\n';
}

template <class Number>
void one(std::string& out, std::string_view name, std::string_view kind, std::string_view help,
         Number value) {
    head(out, name, kind, help);
    out += "daybook_" + std::string{name} + ' ' + std::to_string(value) + '\n';
}

/// Nanoseconds as seconds, exactly.
std::string seconds(std::uint64_t nanos) {
    std::string fraction = std::to_string(nanos % 1'000'000'000);
    fraction.insert(0, 9 - fraction.size(), '0');
    return std::to_string(nanos / 1'000'000'000) + '.' + fraction;
}

}  // namespace

void Histogram::add(std::chrono::nanoseconds took) {
    const auto nanos = static_cast<std::uint64_t>(took.count());
    const auto bound = std::ranges::lower_bound(kBounds, (nanos + 999) / 1000);
    counts_[static_cast<std::size_t>(bound - kBounds.begin())].fetch_add(1);
    nanos_.fetch_add(nanos);
}

void Histogram::write(std::string& out, const std::string& name, const std::string& help) const {
    head(out, name, "histogram", help);
    std::uint64_t sum = 0;
    for (std::size_t i = 0; i < counts_.size(); ++i) {
        sum += counts_[i].load();
        const std::string bound = i < kBounds.size() ? seconds(kBounds[i] * 1000) : "+Inf";
        out += "daybook_" + name + "_bucket{le=\"" + bound + "\"} " + std::to_string(sum) + '\n';
    }
    out += "daybook_" + name + "_sum " + seconds(nanos_.load()) + '\n';
    out += "daybook_" + name + "_count " + std::to_string(sum) + '\n';
}

std::string Metrics::text(std::uint64_t folded_seq, bool folding) const {
    std::string out;
    const auto counter = [&out](std::string_view name, std::string_view help, std::uint64_t value) {
        one(out, name, "counter", help, value);
    };
    const auto gauge = [&out](std::string_view name, std::string_view help, auto value) {
        one(out, name, "gauge", help, value);
    };
    counter("events_recorded_total", "Events recorded, new ones.", recorded.load());
    counter("events_duplicate_total", "Events that were recorded before.", duplicates.load());
    counter("events_conflicting_total", "Events flagged as conflicting duplicates.",
            conflicting.load());
    counter("events_unparsed_total", "Frames kept as they came.", unparsed.load());
    counter("batches_total", "Batches taken.", batches.load());
    counter("batches_refused_total", "Batches refused whole.", refused_batches.load());
    counter("commits_total", "Syncs of the journal.", commits.load());
    commit_time.write(out, "commit_seconds", "Time of a commit, its sync included.");
    gauge("durable_sequence", "Last durable event.", durable_seq.load());
    gauge("folded_sequence", "Last event the projections have seen.", folded_seq);
    const std::uint64_t durable = durable_seq.load();
    gauge("fold_lag_events", "Durable events that are not folded yet.",
          durable - std::min(durable, folded_seq));
    gauge("queue_bytes", "Received and not yet durable.", queued_bytes.load());
    counter("http_requests_total", "Requests answered.", requests.load());
    counter("http_requests_failed_total", "Requests answered with status 400 or above.",
            failed_requests.load());
    counter("connections_refused_total", "Connections beyond the limit.",
            refused_connections.load());
    gauge("connections", "Open connections.", connections.load());
    gauge("subscribers", "Open event streams.", subscribers.load());
    counter("events_streamed_total", "Events sent to subscribers.", streamed.load());
    counter("subscribers_cut_total", "Subscribers that did not read and were cut.",
            cut_subscribers.load());
    gauge("disk_free_bytes", "Room left on the journal's file system.", free_bytes.load());
    gauge("recording", "1 while events are taken.", recording.load() ? 1 : 0);
    gauge("folding", "1 while projections are folded live.", folding ? 1 : 0);
    return out;
}

}  // namespace daybook::server
