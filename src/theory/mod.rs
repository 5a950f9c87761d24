//! Exact answers of queueing theory: what a simulation of a simple case has to give.
//!
//! Pure functions on plain numbers. Rates and times may be in any unit of time, as long as all are in the same: claims per hour
//! go with hours. Everything is in the steady state, but for [`fluid_outage`]. `None` means that there is no such
//! answer: the queue grows without end, or an argument makes no sense (negative, not finite).
//!
//! | model | function | reference |
//! |---|---|---|
//! | M/M/1, M/M/c | [`mm1`], [`mmc`], [`mmc_wait_tail`], [`mmc_sojourn_tail`] | Erlang 1917 |
//! | M/G/1, M/D/1 | [`mg1`], [`md1`] | Pollaczek 1930, Khinchine 1932 |
//! | M/M/c with patience | [`erlang_a`] | Palm 1957 |
//! | classes of priority | [`priority_mg1`], [`priority_mmc`] | Cobham 1954, Kella & Yechiali 1985 |
//! | open network | [`jackson`] | Jackson 1957 |
//! | M/M/1 that fails | [`mm1_breakdowns`] | White & Christie 1958 |
//! | full stop | [`fluid_outage`] | by hand |
//!
//! # Example
//! ```
//! use rxoutage::theory::mmc;
//! // Nine claims an hour at two clerks who take a tenth of an hour each.
//! let desk = mmc(9.0, 10.0, 2).expect("stable");
//! assert!((desk.mean_sojourn - 0.125_391_849_529_780_56).abs() < 1e-15);
//! ```

mod birth_death;
mod breakdowns;
mod erlang_a;
mod fluid;
mod general_service;
mod jackson;
mod markovian;
mod priority;

#[cfg(test)]
mod chain;

pub use breakdowns::{Breakdowns, mm1_breakdowns};
pub use erlang_a::{Abandonment, erlang_a};
pub use fluid::{FluidOutage, fluid_outage};
pub use general_service::{md1, mg1};
pub use jackson::{Jackson, JacksonNode, jackson};
pub use markovian::{erlang_b, erlang_c, mm1, mmc, mmc_sojourn_tail, mmc_wait_quantile, mmc_wait_tail};
pub use priority::{PriorityClass, priority_mg1, priority_mmc};

/// A stable queue in the steady state.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct SteadyState {
    /// Share of the time that a server is busy.
    pub utilisation: f64,
    /// Probability that an arrival has to wait.
    pub wait_probability: f64,
    /// Mean time in line, of all arrivals.
    pub mean_wait: f64,
    /// Mean time in line and in service.
    pub mean_sojourn: f64,
    /// Mean number in line.
    pub mean_in_queue: f64,
    /// Mean number in line and in service.
    pub mean_in_system: f64,
}

impl SteadyState {
    /// All that follows from the wait by Little's law.
    fn from_wait(arrival_rate: f64, service_mean: f64, utilisation: f64, wait_probability: f64, mean_wait: f64) -> Self {
        let mean_sojourn = mean_wait + service_mean;
        Self {
            utilisation,
            wait_probability,
            mean_wait,
            mean_sojourn,
            mean_in_queue: arrival_rate * mean_wait,
            mean_in_system: arrival_rate * mean_sojourn,
        }
    }
}

/// A rate or time that has to be finite and greater than 0.
fn positive(value: f64) -> Option<f64> {
    (value.is_finite() && value > 0.0).then_some(value)
}

/// A rate or time that may be 0.
fn not_negative(value: f64) -> Option<f64> {
    (value.is_finite() && value >= 0.0).then_some(value)
}

#[cfg(test)]
fn assert_close(value: f64, exact: f64, tolerance: f64) {
    assert!((value - exact).abs() <= tolerance * (1.0 + exact.abs()), "{value} for {exact}");
}
