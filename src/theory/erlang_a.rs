//! Customers who lose patience: M/M/c+M, Erlang A.

use super::birth_death;
use super::positive;

/// An M/M/c queue whose customers abandon the line, in the steady state.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Abandonment {
    /// Share of the time that a server is busy.
    pub utilisation: f64,
    /// Probability that an arrival finds every server busy.
    pub wait_probability: f64,
    /// Probability that an arrival leaves without service.
    pub abandonment_probability: f64,
    /// Mean time in line of all arrivals, served or not.
    pub mean_wait: f64,
    /// Mean number in line.
    pub mean_in_queue: f64,
    /// Mean number in line and in service.
    pub mean_in_system: f64,
}

/// M/M/c+M: Poisson arrivals, exponential service at `service_rate` for each server, exponential patience of mean
/// `1 / abandonment_rate` in line (not in service). Stable at every load.
///
/// # Reference
/// Palm (1957), *Tele* (English edition) 2; Garnett, Mandelbaum & Reiman (2002), *Manufacturing & Service Operations
/// Management* 4(3). Summed over the birth-death chain, outwards from its most likely state.
#[must_use]
pub fn erlang_a(arrival_rate: f64, service_rate: f64, servers: u32, abandonment_rate: f64) -> Option<Abandonment> {
    positive(arrival_rate)?;
    positive(service_rate)?;
    positive(abandonment_rate)?;
    let staff = f64::from(servers);
    let (most, count) = (u64::from(servers), |state: u64| state as f64);
    let death = |state| {
        let busy = most.min(state);
        count(busy) * service_rate + count(state - busy) * abandonment_rate
    };
    let overload = arrival_rate - staff * service_rate;
    let mode = if overload > 0.0 { staff + overload / abandonment_rate } else { arrival_rate / service_rate };
    let (mut waiting, mut in_queue, mut busy) = (0.0, 0.0, 0.0);
    let total = birth_death::visit(
        mode as u64,
        |_| arrival_rate,
        death,
        |state, weight| {
            busy += weight * count(state.min(most));
            if state >= most {
                waiting += weight;
                in_queue += weight * count(state - most);
            }
        },
    );
    let mean_in_queue = in_queue / total;
    Some(Abandonment {
        utilisation: if servers > 0 { busy / total / staff } else { 0.0 },
        wait_probability: waiting / total,
        abandonment_probability: abandonment_rate * mean_in_queue / arrival_rate,
        mean_wait: mean_in_queue / arrival_rate,
        mean_in_queue,
        mean_in_system: (busy + in_queue) / total,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::math;
    use crate::theory::{assert_close, chain, mmc};

    #[test]
    fn patience_as_long_as_service_makes_the_number_poisson() {
        for (load, servers) in [(7.5, 9_u32), (30.0, 20), (1000.0, 1020)] {
            let queue = erlang_a(load * 3.0, 3.0, servers, 3.0).expect("valid");
            let poisson = |n: u32| math::exp(f64::from(n) * math::ln(load) - math::ln_gamma(f64::from(n) + 1.0) - load);
            let waiting: f64 = (servers..servers + 500).map(poisson).sum();
            let in_queue: f64 = (servers..servers + 500).map(|n| f64::from(n - servers) * poisson(n)).sum();
            assert_close(queue.mean_in_system, load, 1e-12);
            assert_close(queue.wait_probability, waiting, 1e-10);
            assert_close(queue.mean_in_queue, in_queue, 1e-9);
        }
    }

    #[test]
    fn it_is_the_solution_of_the_truncated_chain() {
        for (arrivals, servers, impatience) in [(2.5, 3_usize, 0.2), (6.0, 3, 0.5)] {
            let states = 150;
            let weights = chain::steady_state(states, |from, rates| {
                if from + 1 < states {
                    rates.push((from + 1, arrivals));
                }
                if from > 0 {
                    rates.push((from - 1, from.min(servers) as f64 + from.saturating_sub(servers) as f64 * impatience));
                }
            });
            let mean = |value: &dyn Fn(usize) -> f64| -> f64 { weights.iter().enumerate().map(|(n, w)| w * value(n)).sum() };
            let queue = erlang_a(arrivals, 1.0, servers as u32, impatience).expect("valid");
            let in_queue = mean(&|n| n.saturating_sub(servers) as f64);
            assert_close(queue.mean_in_queue, in_queue, 1e-12);
            assert_close(queue.mean_wait, in_queue / arrivals, 1e-12);
            assert_close(queue.abandonment_probability, impatience * in_queue / arrivals, 1e-12);
            assert_close(queue.utilisation, mean(&|n| n.min(servers) as f64) / servers as f64, 1e-12);
            assert_close(queue.wait_probability, mean(&|n| f64::from(u8::from(n >= servers))), 1e-12);
            // Who does not abandon is served.
            assert_close(arrivals * (1.0 - queue.abandonment_probability), servers as f64 * queue.utilisation, 1e-12);
        }
    }

    #[test]
    fn endless_patience_is_erlang_c_and_heavy_overload_is_fluid() {
        let patient = erlang_a(2.3, 1.0, 3, 1e-9).expect("valid");
        let exact = mmc(2.3, 1.0, 3).expect("stable");
        assert_close(patient.mean_wait, exact.mean_wait, 1e-6);
        let swamped = erlang_a(3000.0, 1.0, 1000, 1e-4).expect("valid");
        assert_close(swamped.abandonment_probability, 2.0 / 3.0, 1e-9);
        assert_eq!(erlang_a(1.0, 1.0, 1, 0.0), None);
        assert_close(erlang_a(2.0, 1.0, 0, 4.0).expect("valid").abandonment_probability, 1.0, 1e-12);
    }
}
