//! Open networks of M/M/c stations with random routing.

use super::{SteadyState, mmc, not_negative};

/// Sums of probabilities may exceed 1 by this much for rounding.
const ROUNDING: f64 = 1e-9;

/// A station of an open network in the steady state.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct JacksonNode {
    /// Rate of arrivals from outside and from within.
    pub throughput: f64,
    /// The station as a queue of its own; times are those of one visit.
    pub state: SteadyState,
}

/// An open network in the steady state.
#[derive(Clone, PartialEq, Debug)]
pub struct Jackson {
    /// Its stations.
    pub nodes: Vec<JacksonNode>,
    /// Mean time from entering the network to leaving it.
    pub mean_sojourn: f64,
}

/// An open Jackson network: at each station Poisson arrivals from outside, exponential service at `service_rates` for each of
/// its `servers`, first come first served; after service at `i` a customer goes to `j` with probability `routing[i][j]` and
/// leaves with the rest. Stations in a row (tandem) and feedback are special cases.
///
/// `None` if a station is not stable, customers never leave, or the sizes do not agree.
///
/// # Reference
/// Jackson (1957), *Operations Research* 5(4): the stations are as if independent. The traffic equations are solved by
/// Gaussian elimination.
#[must_use]
pub fn jackson(external_rates: &[f64], service_rates: &[f64], servers: &[u32], routing: &[Vec<f64>]) -> Option<Jackson> {
    let n = external_rates.len();
    let sizes_agree = service_rates.len() == n && servers.len() == n && routing.len() == n;
    if !sizes_agree || !routing.iter().all(|row| row.len() == n && is_substochastic(row)) {
        return None;
    }
    for &rate in external_rates {
        not_negative(rate)?;
    }
    let entering: f64 = external_rates.iter().sum();
    if entering <= 0.0 {
        return None;
    }
    // Throughput: what comes from outside and what other stations send, (I - R^T) x = external.
    let equations = (0..n)
        .map(|to| {
            let unknowns = (0..n).map(|from| f64::from(u8::from(from == to)) - routing[from][to]);
            unknowns.chain([external_rates[to]]).collect()
        })
        .collect();
    let throughputs = solve(equations)?;
    let nodes = throughputs.iter().zip(service_rates).zip(servers).map(|((&throughput, &rate), &servers)| {
        let throughput = throughput.max(0.0);
        Some(JacksonNode { throughput, state: mmc(throughput, rate, servers)? })
    });
    let nodes: Vec<JacksonNode> = nodes.collect::<Option<_>>()?;
    let in_network: f64 = nodes.iter().map(|node| node.state.mean_in_system).sum();
    Some(Jackson { nodes, mean_sojourn: in_network / entering })
}

fn is_substochastic(row: &[f64]) -> bool {
    row.iter().all(|&share| share >= 0.0) && row.iter().sum::<f64>() <= 1.0 + ROUNDING
}

/// Solves linear equations, each a row of coefficients with the right-hand side at its end, by Gaussian elimination with
/// partial pivoting. `None` if they have no single solution.
fn solve(mut rows: Vec<Vec<f64>>) -> Option<Vec<f64>> {
    let n = rows.len();
    for column in 0..n {
        let pivot = (column..n).max_by(|&a, &b| rows[a][column].abs().total_cmp(&rows[b][column].abs()))?;
        if rows[pivot][column].abs() < ROUNDING {
            return None;
        }
        rows.swap(column, pivot);
        let (above, below) = rows.split_at_mut(column + 1);
        let pivot_row = &above[column];
        for row in below {
            let factor = row[column] / pivot_row[column];
            for (value, pivot_value) in row.iter_mut().zip(pivot_row).skip(column) {
                *value -= factor * pivot_value;
            }
        }
    }
    let mut solution = vec![0.0; n];
    for (index, row) in rows.iter().enumerate().rev() {
        let known: f64 = (index + 1..n).map(|other| row[other] * solution[other]).sum();
        solution[index] = (row[n] - known) / row[index];
    }
    Some(solution)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::theory::{assert_close, chain, mm1};

    #[test]
    fn a_tandem_is_its_stations_one_after_the_other() {
        let routing = [vec![0.0, 1.0], vec![0.0, 0.0]];
        let network = jackson(&[3.0, 0.0], &[4.0, 5.0], &[1, 1], &routing).expect("stable");
        assert_close(network.mean_sojourn, 1.0 + 0.5, 1e-14);
        assert_close(network.nodes[1].throughput, 3.0, 1e-14);
    }

    #[test]
    fn feedback_is_the_solution_of_the_truncated_chain() {
        // Entry and billing: 30 % go back from the second station to the first, which has two servers.
        let (external, back, rooms) = ([0.5, 0.1], 0.3, [22, 26]);
        let routing = [vec![0.1, 0.9], vec![back, 0.0]];
        let network = jackson(&external, &[1.0, 2.0], &[2, 1], &routing).expect("stable");
        let state = |first: usize, second: usize| first * rooms[1] + second;
        let weights = chain::steady_state(rooms[0] * rooms[1], |from, rates| {
            let (first, second) = (from / rooms[1], from % rooms[1]);
            if first + 1 < rooms[0] {
                rates.push((state(first + 1, second), external[0]));
            }
            if second + 1 < rooms[1] {
                rates.push((state(first, second + 1), external[1]));
            }
            if first > 0 && second + 1 < rooms[1] {
                rates.push((state(first - 1, second + 1), 0.9 * first.min(2) as f64));
            }
            if second > 0 {
                rates.push((state(first, second - 1), 2.0 * (1.0 - back)));
                if first + 1 < rooms[0] {
                    rates.push((state(first + 1, second - 1), 2.0 * back));
                }
            }
        });
        let mean = |value: &dyn Fn(usize) -> usize| -> f64 { weights.iter().enumerate().map(|(n, w)| w * value(n) as f64).sum() };
        assert_close(network.nodes[0].state.mean_in_system, mean(&|n| n / rooms[1]), 1e-4);
        assert_close(network.nodes[1].state.mean_in_system, mean(&|n| n % rooms[1]), 1e-4);
    }

    #[test]
    fn a_single_queue_with_feedback_works_off_more_visits() {
        let network = jackson(&[1.0], &[4.0], &[1], &[vec![0.5]]).expect("stable");
        assert_close(network.nodes[0].throughput, 2.0, 1e-15);
        assert_close(network.mean_sojourn, 2.0 * mm1(2.0, 4.0).expect("stable").mean_sojourn, 1e-14);
    }

    #[test]
    fn what_makes_no_sense_has_no_answer() {
        assert_eq!(jackson(&[1.0], &[4.0], &[1], &[vec![1.0]]), None);
        assert_eq!(jackson(&[1.0], &[4.0], &[1], &[vec![1.2]]), None);
        assert_eq!(jackson(&[1.0], &[4.0, 2.0], &[1], &[vec![0.0]]), None);
        assert_eq!(jackson(&[5.0], &[4.0], &[1], &[vec![0.0]]), None);
        assert_eq!(jackson(&[f64::NAN], &[4.0], &[1], &[vec![0.0]]), None);
        assert_eq!(jackson(&[], &[], &[], &[]), None);
    }
}
