#include "campaigns/load.hpp"

namespace daybook::campaigns {

Result<void> work(journal::Writer& writer, Book& book, std::uint64_t batches, Dice& dice) {
    for (; batches > 0; --batches) {
        const std::uint64_t count = dice.chance(10) ? dice.between(5, 25) : dice.between(1, 4);
        if (dice.chance(50)) {
            TRYV(book.append(writer, count));
        } else {
            TRYV(book.append_and_wait(writer, count));
        }
        if (dice.chance(70)) {
            TRYV(book.commit(writer));
        }
    }
    return ok();
}

Result<void> stop(journal::Writer& writer, Book& book) {
    TRYV(writer.close());
    book.acknowledge(book.appended());
    return ok();
}

}  // namespace daybook::campaigns
