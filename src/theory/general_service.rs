//! Poisson arrivals, service times of any law, one server: M/G/1.

use super::{SteadyState, not_negative, positive};

/// M/G/1: Poisson arrivals, independent service times with this mean and variance, first come first served.
///
/// # Reference
/// The formula of Pollaczek (1930) and Khinchine (1932); Kleinrock (1975), *Queueing Systems*, volume 1, section 5.6.
#[must_use]
pub fn mg1(arrival_rate: f64, service_mean: f64, service_variance: f64) -> Option<SteadyState> {
    let utilisation = not_negative(arrival_rate)? * positive(service_mean)?;
    if utilisation >= 1.0 {
        return None;
    }
    let second_moment = not_negative(service_variance)? + service_mean * service_mean;
    let mean_wait = 0.5 * arrival_rate * second_moment / (1.0 - utilisation);
    Some(SteadyState::from_wait(arrival_rate, service_mean, utilisation, utilisation, mean_wait))
}

/// M/D/1: every service takes `service_time`.
#[must_use]
pub fn md1(arrival_rate: f64, service_time: f64) -> Option<SteadyState> {
    mg1(arrival_rate, service_time, 0.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::theory::{assert_close, chain, mm1};

    #[test]
    fn exponential_service_is_mm1_and_constant_service_waits_half_as_long() {
        let exponential = mg1(3.0, 0.25, 0.0625).expect("stable");
        let same = mm1(3.0, 4.0).expect("stable");
        assert_close(exponential.mean_sojourn, same.mean_sojourn, 1e-14);
        assert_close(md1(3.0, 0.25).expect("stable").mean_wait, 0.5 * same.mean_wait, 1e-14);
        assert_eq!((mg1(4.0, 0.25, 0.0), mg1(1.0, 0.5, -1.0)), (None, None));
    }

    #[test]
    fn erlang_service_is_a_chain_of_stages() {
        // Two stages of rate 4 each: the state is the number of stages left in the system.
        let (arrivals, stage) = (1.2, 4.0);
        let states = 240;
        let weights = chain::steady_state(states, |from, rates| {
            if from + 2 < states {
                rates.push((from + 2, arrivals));
            }
            if from > 0 {
                rates.push((from - 1, stage));
            }
        });
        let in_system: f64 = weights.iter().enumerate().map(|(stages, weight)| weight * stages.div_ceil(2) as f64).sum();
        assert_close(mg1(arrivals, 0.5, 0.125).expect("stable").mean_in_system, in_system, 1e-10);
    }
}
