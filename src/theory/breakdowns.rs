//! A single server that fails and is repaired.

use super::{not_negative, positive};

/// An M/M/1 queue whose server breaks down, in the steady state.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Breakdowns {
    /// Share of the time that the server is up.
    pub availability: f64,
    /// Load over the capacity that is left: below 1.
    pub utilisation: f64,
    /// Mean number in line and in service.
    pub mean_in_system: f64,
    /// Mean time in line and in service, interruptions included.
    pub mean_sojourn: f64,
}

/// M/M/1 whose server fails at `failure_rate` whenever it is up, busy or idle, and is repaired at `repair_rate`; customers keep
/// coming and waiting, and the interrupted service goes on after the repair.
///
/// # Reference
/// White & Christie (1958), *Operations Research* 6(1); Avi-Itzhak & Naor (1963), *Operations Research* 11(3), model A.
#[must_use]
pub fn mm1_breakdowns(arrival_rate: f64, service_rate: f64, failure_rate: f64, repair_rate: f64) -> Option<Breakdowns> {
    let (arrivals, service) = (not_negative(arrival_rate)?, positive(service_rate)?);
    let (failure, repair) = (not_negative(failure_rate)?, positive(repair_rate)?);
    let cycle = failure + repair;
    let spare = service * repair - arrivals * cycle;
    if spare <= 0.0 {
        return None;
    }
    let mean_sojourn = (cycle * cycle + service * failure) / (cycle * spare);
    Some(Breakdowns {
        availability: repair / cycle,
        utilisation: arrivals * cycle / (service * repair),
        mean_in_system: arrivals * mean_sojourn,
        mean_sojourn,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::theory::{assert_close, chain, mm1};

    #[test]
    fn it_is_the_solution_of_the_truncated_chain() {
        for (arrivals, service, failure, repair) in [(1.0, 3.0, 0.2, 0.5), (0.5, 2.0, 0.05, 0.1), (2.0, 5.0, 3.0, 4.0)] {
            let room = 300;
            // State 2 n when the server is up and 2 n + 1 when it is down, with n in the system.
            let weights = chain::steady_state(2 * room, |from, rates| {
                let (number, down) = (from / 2, from % 2 == 1);
                if number + 1 < room {
                    rates.push((from + 2, arrivals));
                }
                rates.push(if down { (from - 1, repair) } else { (from + 1, failure) });
                if number > 0 && !down {
                    rates.push((from - 2, service));
                }
            });
            let in_system: f64 = weights.iter().enumerate().map(|(state, weight)| weight * (state / 2) as f64).sum();
            let up: f64 = weights.iter().step_by(2).sum();
            let exact = mm1_breakdowns(arrivals, service, failure, repair).expect("stable");
            assert_close(exact.mean_in_system, in_system, 1e-9);
            assert_close(exact.availability, up, 1e-12);
            assert_close(exact.mean_sojourn, in_system / arrivals, 1e-9);
        }
    }

    #[test]
    fn a_server_that_never_fails_is_mm1() {
        let exact = mm1_breakdowns(3.0, 4.0, 0.0, 1.0).expect("stable");
        assert_close(exact.mean_in_system, mm1(3.0, 4.0).expect("stable").mean_in_system, 1e-14);
        assert_eq!(mm1_breakdowns(3.0, 4.0, 1.0, 3.0), None);
        assert_eq!(mm1_breakdowns(3.0, 4.0, 1.0, 0.0), None);
    }
}
