//! Correctness gates: an answer that is not what theory says ends the bench before anything is timed.

use rxoutage::stats::{Tally, student_t_interval};

/// Probability of a false alarm.
pub const ALPHA: f64 = 1e-4;

/// The mean over replications is what theory says.
///
/// # Panics
/// If it is not.
pub fn agrees_with_theory(what: &str, replications: &Tally, exact: f64) {
    let interval = student_t_interval(replications, 1.0 - ALPHA).expect("several replications");
    assert!(interval.contains(exact), "{what}: {exact} in theory, {interval:?} here");
}
