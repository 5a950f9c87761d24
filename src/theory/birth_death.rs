//! The steady state of a birth-death process, for any number of states and without overflow.

/// Weight, relative to the total, beyond which the rest is left out.
const NEGLIGIBLE: f64 = 1e-18;

/// Visits the states of a birth-death process with weights in proportion to their probabilities, outwards from `mode`; returns
/// the total weight.
///
/// `mode` should be the most likely state: births outweigh deaths below it, deaths outweigh births above it, more and more
/// so in either direction. Weights start from 1 there and fall, so that nothing overflows, and the sums stop when what
/// is left cannot matter.
pub(super) fn visit(mode: u64, birth: impl Fn(u64) -> f64, death: impl Fn(u64) -> f64, mut take: impl FnMut(u64, f64)) -> f64 {
    take(mode, 1.0);
    let mut total = 1.0;
    let mut weight = 1.0;
    for state in mode + 1.. {
        let ratio = birth(state - 1) / death(state);
        weight *= ratio;
        take(state, weight);
        total += weight;
        // The states beyond weigh less than a geometric series with this ratio.
        if ratio < 1.0 && weight <= NEGLIGIBLE * total * (1.0 - ratio) {
            break;
        }
    }
    weight = 1.0;
    for state in (0..mode).rev() {
        let ratio = death(state + 1) / birth(state);
        weight *= ratio;
        take(state, weight);
        total += weight;
        if ratio < 1.0 && weight <= NEGLIGIBLE * total * (1.0 - ratio) {
            break;
        }
    }
    total
}
