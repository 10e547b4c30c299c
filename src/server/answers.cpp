#include "src/server/answers.hpp"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/write.hpp>
#include <climits>
#include <deque>
#include <optional>

#include "schemas/json.hpp"

namespace daybook::server {
namespace {

namespace asio = boost::asio;
using boost::system::error_code;

constexpr std::size_t kWaitingMost = 256;

struct Question {
    std::vector<std::string> words;
    std::function<void(Answer)> done;
};

std::string line_of(const std::vector<std::string>& words) {
    JsonWriter out;
    out.begin_array();
    for (const std::string& word : words) out.text(word);
    out.end_array();
    return std::move(out).str() + '\n';
}

/// One process that answers; it ends when its input does.
struct Process {
    explicit Process(const asio::any_io_executor& executor)
        : in{executor}, out{executor}, timer{executor} {}
    pid_t pid{-1};
    asio::posix::stream_descriptor in, out;
    asio::steady_timer timer;
    std::string sent, received;
    std::optional<Question> question;
    bool late{};

    [[nodiscard]] bool alive() const { return pid > 0; }
    bool begin(const std::string& program, const std::string& data_dir);
    void end() {
        error_code ignored;  // it is over either way
        in.close(ignored);
        out.close(ignored);
        if (pid <= 0) return;
        ::kill(pid, SIGKILL);
        while (::waitpid(pid, nullptr, 0) < 0 && errno == EINTR) {
        }
        pid = -1;
    }
};

bool Process::begin(const std::string& program, const std::string& data_dir) {
    std::array<int, 2> to{}, from{};
    if (::pipe2(to.data(), O_CLOEXEC) != 0) return false;
    if (::pipe2(from.data(), O_CLOEXEC) != 0) {
        ::close(to[0]);
        ::close(to[1]);
        return false;
    }
    posix_spawn_file_actions_t actions{};
    ::posix_spawn_file_actions_init(&actions);
    ::posix_spawn_file_actions_adddup2(&actions, to[0], STDIN_FILENO);
    ::posix_spawn_file_actions_adddup2(&actions, from[1], STDOUT_FILENO);
    std::array<std::string, 5> words{"daybook", "--data", data_dir, "-q", "answer"};
    std::array<char*, 6> arguments{};
    for (std::size_t i = 0; i < words.size(); ++i) arguments[i] = words[i].data();
    // Else it would keep our connections open when we close them, and our port when we are killed;
    // and what a terminal sends to us is not for it.
    ::posix_spawn_file_actions_addclosefrom_np(&actions, STDERR_FILENO + 1);
    posix_spawnattr_t attributes{};
    ::posix_spawnattr_init(&attributes);
    ::posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP);
    const int refused =
        ::posix_spawn(&pid, program.c_str(), &actions, &attributes, arguments.data(), environ);
    ::posix_spawn_file_actions_destroy(&actions);
    ::posix_spawnattr_destroy(&attributes);
    ::close(to[0]);
    ::close(from[1]);
    in.assign(to[1]);
    out.assign(from[0]);
    if (refused != 0) {
        pid = -1;
        end();
    }
    return refused == 0;
}

}  // namespace

struct Answers::State : std::enable_shared_from_this<State> {
    asio::any_io_executor executor;
    std::string program, data_dir;
    std::chrono::seconds patience{};
    std::vector<std::shared_ptr<Process>> processes;
    std::deque<Question> waiting;
    bool stopped{};

    void next() {
        for (const auto& process : processes) {
            if (waiting.empty() || stopped) return;
            if (!process->question) begin(process);
        }
    }
    void begin(const std::shared_ptr<Process>& process) {
        process->question = std::move(waiting.front());
        waiting.pop_front();
        if (!process->alive() && !process->begin(program, data_dir)) return finish(process, {});
        process->sent = line_of(process->question->words);
        process->received.clear();
        process->late = false;
        process->timer.expires_after(patience);
        process->timer.async_wait([self = shared_from_this(), process](error_code error) {
            if (error) return;
            process->late = true;
            process->end();
        });
        asio::async_write(process->in, asio::buffer(process->sent),
                          [self = shared_from_this(), process](error_code, std::size_t) {
                              // a process that is gone is told by its answer, which is none
                          });
        asio::async_read_until(process->out, asio::dynamic_buffer(process->received), '\n',
                               [self = shared_from_this(), process](error_code error, std::size_t) {
                                   error ? self->lost(process) : self->read_rest(process);
                               });
    }
    /// Behind the line "EXIT LENGTH" come that many bytes.
    void read_rest(const std::shared_ptr<Process>& process) {
        const std::size_t end = process->received.find('\n') + 1;
        const std::size_t space = process->received.find(' ');
        const int exit = std::atoi(process->received.c_str());
        const auto length = std::strtoull(process->received.c_str() + space, nullptr, 10);
        const std::size_t there = process->received.size() - end;
        asio::async_read(
            process->out, asio::dynamic_buffer(process->received),
            asio::transfer_exactly(length > there ? length - there : 0),
            [self = shared_from_this(), process, end, exit](error_code error, std::size_t) {
                if (error) return self->lost(process);
                process->received.erase(0, end);
                self->finish(process, {exit, std::move(process->received)});
            });
    }
    void lost(const std::shared_ptr<Process>& process) {
        process->end();
        finish(process, {process->late ? -2 : -1, {}});
    }
    void finish(const std::shared_ptr<Process>& process, Answer answer) {
        process->timer.cancel();
        const auto question = std::move(process->question);
        process->question.reset();
        if (question) question->done(std::move(answer));
        next();
    }
};

Answers::Answers(asio::any_io_executor executor, std::string program, std::string data_dir,
                 std::size_t processes, std::chrono::seconds patience)
    : state_{std::make_shared<State>()} {
    state_->executor = std::move(executor);
    state_->program = std::move(program);
    state_->data_dir = std::move(data_dir);
    state_->patience = patience;
    for (std::size_t i = 0; i < processes; ++i)
        state_->processes.push_back(std::make_shared<Process>(state_->executor));
}

Answers::~Answers() { stop(); }

bool Answers::ask(std::vector<std::string> words, std::function<void(Answer)> done) {
    if (state_->stopped || state_->waiting.size() >= kWaitingMost) return false;
    state_->waiting.push_back({std::move(words), std::move(done)});
    state_->next();
    return true;
}

void Answers::stop() {
    state_->stopped = true;
    state_->waiting.clear();
    for (const auto& process : state_->processes) {
        process->timer.cancel();
        process->end();
    }
}

std::string reading_program() {
    std::array<char, PATH_MAX> self{};
    const ssize_t length = ::readlink("/proc/self/exe", self.data(), self.size() - 1);
    if (length <= 1) return {};
    return {self.data(), static_cast<std::size_t>(length) - 1};  // daybookd without its d
}

}  // namespace daybook::server
