#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <functional>
#include <memory>

namespace daybook::server {

/// What a callback is called with: `begin` is handed one that may be called once, from any thread;
/// the coroutine goes on where it was.
template <class T>
boost::asio::awaitable<T> called_back(std::function<void(std::function<void(T)>)> begin) {
    const boost::asio::any_io_executor here = co_await boost::asio::this_coro::executor;
    using Held = std::shared_ptr<T>;  // Asio wants what can be made of nothing
    auto initiate = [&here, &begin](auto handler) {
        auto kept = std::make_shared<decltype(handler)>(std::move(handler));
        begin([here, kept](T value) {
            boost::asio::post(
                here, [kept, held = std::make_shared<T>(std::move(value))] { (*kept)(held); });
        });
    };
    const Held held =
        co_await boost::asio::async_initiate<decltype(boost::asio::use_awaitable), void(Held)>(
            initiate, boost::asio::use_awaitable);
    co_return std::move(*held);
}

}  // namespace daybook::server
