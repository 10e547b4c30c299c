#include "src/say.hpp"

#include "src/recorder.hpp"

namespace daybook {

Result<Sequence> say(const std::string& data_dir, Body body, Time now) {
    TRY(Recorder recorder, Recorder::open(data_dir, now));
    Event event;
    event.origin = Origin::operator_;
    event.time = now;  // two equal notes are two notes
    event.body = std::move(body);
    TRY(const auto recorded, recorder.record({std::move(event)}, now));
    TRYV(recorder.close());
    return recorded.front().seq;
}

}  // namespace daybook
