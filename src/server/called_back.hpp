#pragma once

#include <boost/asio/async_result.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <functional>
#include <memory>

namespace daybook::server {

/// What a callback is called with: `begin` is handed one that may be called once, from any thread.
template <class T>
boost::asio::awaitable<T> called_back(boost::asio::io_context& network,
                                      std::function<void(std::function<void(T)>)> begin) {
    using Held = std::shared_ptr<T>;  // Asio wants what can be made of nothing
    auto initiate = [&network, &begin](auto handler) {
        auto kept = std::make_shared<decltype(handler)>(std::move(handler));
        begin([&network, kept](T value) {
            boost::asio::post(
                network, [kept, held = std::make_shared<T>(std::move(value))] { (*kept)(held); });
        });
    };
    const Held held =
        co_await boost::asio::async_initiate<decltype(boost::asio::use_awaitable), void(Held)>(
            initiate, boost::asio::use_awaitable);
    co_return std::move(*held);
}

}  // namespace daybook::server
