//! Classes of priority: nobody is interrupted, but the more urgent goes first.

use super::{erlang_c, not_negative, positive};

/// A class of customers at a single server.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct PriorityClass {
    /// Arrival rate.
    pub arrival_rate: f64,
    /// Mean service time.
    pub service_mean: f64,
    /// Mean of the square of the service time.
    pub service_second_moment: f64,
}

/// M/G/1 with non-preemptive priorities, the most urgent class first: mean time in line of each class.
///
/// # Reference
/// Cobham (1954), *Journal of the Operations Research Society of America* 2(1).
#[must_use]
pub fn priority_mg1(classes: &[PriorityClass]) -> Option<Vec<f64>> {
    let mut loads = Vec::with_capacity(classes.len());
    let mut residual = 0.0;
    for class in classes {
        let arrival_rate = not_negative(class.arrival_rate)?;
        loads.push(arrival_rate * positive(class.service_mean)?);
        residual += 0.5 * arrival_rate * positive(class.service_second_moment)?;
    }
    waits_by_class(&loads, residual)
}

/// M/M/c with non-preemptive priorities and one service rate for all, the most urgent class first: mean time in line of each
/// class.
///
/// # Reference
/// Kella & Yechiali (1985), *Naval Research Logistics Quarterly* 32(3).
#[must_use]
pub fn priority_mmc(arrival_rates: &[f64], service_rate: f64, servers: u32) -> Option<Vec<f64>> {
    let full_rate = f64::from(servers) * positive(service_rate)?;
    let loads: Vec<f64> = arrival_rates.iter().map(|&rate| Some(not_negative(rate)? / full_rate)).collect::<Option<_>>()?;
    let wait_probability = erlang_c(arrival_rates.iter().sum::<f64>() / service_rate, servers)?;
    waits_by_class(&loads, wait_probability / full_rate)
}

/// Mean waits from the load that each class offers and the mean time until a server is free for the first in line.
fn waits_by_class(loads: &[f64], until_free: f64) -> Option<Vec<f64>> {
    if loads.iter().sum::<f64>() >= 1.0 {
        return None;
    }
    let mut more_urgent = 0.0;
    let waits = loads.iter().map(|load| {
        let as_urgent = more_urgent + load;
        let wait = until_free / ((1.0 - more_urgent) * (1.0 - as_urgent));
        more_urgent = as_urgent;
        wait
    });
    Some(waits.collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::theory::{assert_close, chain, mg1, mmc};

    #[test]
    fn one_class_is_the_plain_queue() {
        let class = PriorityClass { arrival_rate: 2.0, service_mean: 0.3, service_second_moment: 0.15 };
        let waits = priority_mg1(&[class]).expect("stable");
        assert_close(waits[0], mg1(2.0, 0.3, 0.06).expect("stable").mean_wait, 1e-14);
        let waits = priority_mmc(&[2.3], 1.0, 3).expect("stable");
        assert_close(waits[0], mmc(2.3, 1.0, 3).expect("stable").mean_wait, 1e-14);
        assert_eq!((priority_mmc(&[2.0, 1.0], 1.0, 3), priority_mmc(&[1.0], 1.0, 0)), (None, None));
    }

    #[test]
    fn urgency_takes_no_work_away() {
        // Kleinrock's conservation law: the waits weighted by load are those of the queue without classes.
        let classes = [
            PriorityClass { arrival_rate: 0.5, service_mean: 0.4, service_second_moment: 0.2 },
            PriorityClass { arrival_rate: 0.2, service_mean: 1.5, service_second_moment: 6.0 },
            PriorityClass { arrival_rate: 1.0, service_mean: 0.3, service_second_moment: 0.1 },
        ];
        let waits = priority_mg1(&classes).expect("stable");
        let load: f64 = classes.iter().map(|class| class.arrival_rate * class.service_mean).sum();
        let residual: f64 = classes.iter().map(|class| 0.5 * class.arrival_rate * class.service_second_moment).sum();
        let weighted: f64 = classes.iter().zip(&waits).map(|(class, wait)| class.arrival_rate * class.service_mean * wait).sum();
        assert_close(weighted, load * residual / (1.0 - load), 1e-14);
        assert!(waits[0] < waits[1] && waits[1] < waits[2]);
    }

    #[test]
    fn it_is_the_solution_of_the_truncated_chain() {
        for (servers, arrivals) in [(1_usize, [0.2, 0.25]), (2, [0.4, 0.5])] {
            let (urgent_room, other_room) = (14, 22);
            // States: 0..servers have an empty line; then the number in line of each class with every server busy.
            let state = |urgent: usize, other: usize| servers + urgent * other_room + other;
            let weights = chain::steady_state(servers + urgent_room * other_room, |from, rates| {
                if from < servers {
                    rates.push((from + 1, arrivals[0] + arrivals[1]));
                    if from > 0 {
                        rates.push((from - 1, from as f64));
                    }
                    return;
                }
                let (urgent, other) = ((from - servers) / other_room, (from - servers) % other_room);
                if urgent + 1 < urgent_room {
                    rates.push((state(urgent + 1, other), arrivals[0]));
                }
                if other + 1 < other_room {
                    rates.push((state(urgent, other + 1), arrivals[1]));
                }
                let next = match (urgent, other) {
                    (0, 0) => servers - 1,
                    (0, _) => state(0, other - 1),
                    _ => state(urgent - 1, other),
                };
                rates.push((next, servers as f64));
            });
            let mut in_line = [0.0, 0.0];
            for (index, weight) in weights.iter().enumerate().skip(servers) {
                in_line[0] += weight * ((index - servers) / other_room) as f64;
                in_line[1] += weight * ((index - servers) % other_room) as f64;
            }
            let waits = priority_mmc(&arrivals, 1.0, servers as u32).expect("stable");
            assert_close(waits[0], in_line[0] / arrivals[0], 1e-5);
            assert_close(waits[1], in_line[1] / arrivals[1], 1e-5);
            if servers == 1 {
                let class = |arrival_rate| PriorityClass { arrival_rate, service_mean: 1.0, service_second_moment: 2.0 };
                let cobham = priority_mg1(&arrivals.map(class)).expect("stable");
                assert_close(cobham[0], waits[0], 1e-14);
                assert_close(cobham[1], waits[1], 1e-14);
            }
        }
    }
}
