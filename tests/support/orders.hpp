#pragma once

#include <string>
#include <utility>

#include "support/events.hpp"

namespace daybook::test {

inline OrderIntent intent(std::string order, Shares size, Price price = cents(50),
                          Side side = Side::buy) {
    OrderIntent body;
    body.order = std::move(order);
    body.outcome = "Up";
    body.side = side;
    body.price = price;
    body.shares = size;
    return body;
}
inline OrderStatus status(std::string order, OrderStatusCode code, std::string venue_order = "") {
    OrderStatus body;
    body.order = std::move(order);
    body.venue_order = std::move(venue_order);
    body.status = code;
    return body;
}
inline Fill fill(std::string trade, std::string order, Shares size, Money cost,
                 Side side = Side::buy) {
    Fill body;
    body.trade = std::move(trade);
    body.order = std::move(order);
    body.outcome = "Up";
    body.side = side;
    body.shares = size;
    body.cost = cost;
    return body;
}
inline FillSettlement settled(std::string trade, std::string order, SettlementStatus code) {
    FillSettlement body;
    body.trade = std::move(trade);
    body.order = std::move(order);
    body.status = code;
    return body;
}

}  // namespace daybook::test
