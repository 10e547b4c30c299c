#pragma once

#include <memory>
#include <string_view>
#include <vector>

#include "projections/fold/projection.hpp"
#include "projections/fold/working_rows.hpp"

namespace daybook {

/// Projections that stand at the same event, folded together. A part that several of them have is
/// folded once, and its rows go to each: rows are a function of the events, so they are the same.
class Assembly {
  public:
    /// `rows` outlive the assembly and hold what `projection` made of the events so far.
    void add(const Projection& projection, Rows& rows) {
        adding_ = {&projection, &rows};
        projection.assemble(*this);
    }

    /// The part `P`, constructed with its rows and `with` unless another projection has it already.
    /// A part is handed an event after those that it is made with.
    template <class P, class... With>
    P& part(With&... with) {
        for (const auto& member : members_) {
            auto* const known = dynamic_cast<Part<P>*>(member->part.get());
            if (known == nullptr) continue;
            member->take(adding_);
            return known->fold;
        }
        auto member = std::make_unique<Member>(*adding_.rows);
        auto part = std::make_unique<Part<P>>(member->rows, with...);
        P& fold = part->fold;
        member->types.add(adding_.projection->types);
        member->sees_conflicts = adding_.projection->sees_conflicts;
        member->part = std::move(part);
        members_.push_back(std::move(member));
        return fold;
    }

    void apply(const Event& event) {
        for (const auto& member : members_) {
            const bool seen = event.conflicts_with.raw == 0 || member->sees_conflicts;
            if (seen && member->types.has(type_number(event))) member->part->apply(event);
        }
    }
    /// Rows that flush() would write.
    [[nodiscard]] std::size_t changed() const {
        std::size_t sum = 0;
        for (const auto& member : members_) sum += member->rows.changed();
        return sum;
    }
    /// Writes what changed into the rows of the projections.
    void flush() {
        for (const auto& member : members_) {
            member->rows.flush();
            member->rows.trim();
        }
    }

  private:
    struct Adding {
        const Projection* projection{};
        Rows* rows{};
    };
    struct AnyPart {
        AnyPart() = default;
        AnyPart(const AnyPart&) = delete;
        AnyPart& operator=(const AnyPart&) = delete;
        virtual ~AnyPart() = default;
        virtual void apply(const Event& event) = 0;
    };
    template <class P>
    struct Part final : AnyPart {
        template <class... With>
        explicit Part(Rows& rows, With&... with) : fold{rows, with...} {}
        void apply(const Event& event) override { fold.apply(event); }
        P fold;
    };
    struct Member {
        explicit Member(Rows& below) : rows{below} {}
        void take(const Adding& adding) {
            rows.also(*adding.rows);
            types.add(adding.projection->types);
        }
        WorkingRows rows;
        TypeSet types{};
        bool sees_conflicts{};
        std::unique_ptr<AnyPart> part;
    };

    Adding adding_{};
    std::vector<std::unique_ptr<Member>> members_;
};

/// The projection is one part, which nothing else has.
template <class P>
void assemble_of(Assembly& assembly) {
    assembly.part<P>();
}

}  // namespace daybook
