#include "projections/fold/fees.hpp"

#include <boost/multiprecision/cpp_int.hpp>

namespace daybook {

Money estimated_fee(const Fee& fee, Shares shares, Money cost) {
    using Big = boost::multiprecision::cpp_int;
    if (shares.micros <= 0 || cost.micros < 0 || cost.micros > shares.micros) return {};
    // S · r · (c(S − c))^e / (S²)^e, in micro-units: r alone brings a factor of 1e6.
    const Big spread = Big{cost.micros} * (shares.micros - cost.micros);
    const Big square = Big{shares.micros} * shares.micros;
    const Big numerator = Big{shares.micros} * fee.rate.micros * pow(spread, fee.exponent);
    const Big denominator = Big{kMicro} * pow(square, fee.exponent);
    Big quotient = numerator / denominator;
    const Big twice_rest = (numerator % denominator) * 2;
    if (twice_rest > denominator || (twice_rest == denominator && quotient % 2 != 0)) ++quotient;
    return {quotient.convert_to<std::int64_t>()};
}

}  // namespace daybook
