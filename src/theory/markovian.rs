//! Poisson arrivals, exponential service, one or more servers, one line, nobody leaves: M/M/c.

use super::{SteadyState, not_negative, positive};
use crate::math;

/// M/M/1: one server.
#[must_use]
pub fn mm1(arrival_rate: f64, service_rate: f64) -> Option<SteadyState> {
    mmc(arrival_rate, service_rate, 1)
}

/// M/M/c: Poisson arrivals, exponential service at `service_rate` for each server, first come first served.
///
/// # Reference
/// Erlang (1917); Gross, Shortle, Thompson & Harris (2008), *Fundamentals of Queueing Theory*, 4th ed., section 2.3.
#[must_use]
pub fn mmc(arrival_rate: f64, service_rate: f64, servers: u32) -> Option<SteadyState> {
    let load = not_negative(arrival_rate)? / positive(service_rate)?;
    let wait_probability = erlang_c(load, servers)?;
    let spare_rate = f64::from(servers) * service_rate - arrival_rate;
    let utilisation = load / f64::from(servers);
    Some(SteadyState::from_wait(arrival_rate, 1.0 / service_rate, utilisation, wait_probability, wait_probability / spare_rate))
}

/// Erlang's loss formula: probability that all servers are busy when those who find them so go away. `offered_load` is arrival
/// rate times mean service time.
#[must_use]
pub fn erlang_b(offered_load: f64, servers: u32) -> Option<f64> {
    let load = not_negative(offered_load)?;
    Some((1..=servers).fold(1.0, |blocked, server| load * blocked / (f64::from(server) + load * blocked)))
}

/// Erlang's delay formula: probability that an arrival has to wait. `None` unless `offered_load` is less than `servers`.
#[must_use]
pub fn erlang_c(offered_load: f64, servers: u32) -> Option<f64> {
    let blocked = erlang_b(offered_load, servers)?;
    let utilisation = offered_load / f64::from(servers);
    (utilisation < 1.0).then(|| blocked / (1.0 - utilisation * (1.0 - blocked)))
}

/// M/M/c: probability that an arrival waits in line longer than `time`.
#[must_use]
pub fn mmc_wait_tail(arrival_rate: f64, service_rate: f64, servers: u32, time: f64) -> Option<f64> {
    let state = mmc(arrival_rate, service_rate, servers)?;
    let spare_rate = f64::from(servers) * service_rate - arrival_rate;
    Some(state.wait_probability * math::exp(-spare_rate * not_negative(time)?))
}

/// M/M/c: the time in line that a share `p` of the arrivals, in \[0, 1), does not exceed; 0 where so many do not wait at all.
#[must_use]
pub fn mmc_wait_quantile(arrival_rate: f64, service_rate: f64, servers: u32, p: f64) -> Option<f64> {
    let state = mmc(arrival_rate, service_rate, servers)?;
    if !(0.0..1.0).contains(&p) {
        return None;
    }
    if p <= 1.0 - state.wait_probability {
        return Some(0.0);
    }
    let spare_rate = f64::from(servers) * service_rate - arrival_rate;
    Some(math::ln(state.wait_probability / (1.0 - p)) / spare_rate)
}

/// M/M/c: probability that line and service together take longer than `time`.
///
/// # Reference
/// The sum of the wait, which is 0 or exponential at the spare rate, and an independent exponential service.
#[must_use]
pub fn mmc_sojourn_tail(arrival_rate: f64, service_rate: f64, servers: u32, time: f64) -> Option<f64> {
    let state = mmc(arrival_rate, service_rate, servers)?;
    let spare_rate = f64::from(servers) * service_rate - arrival_rate;
    let time = not_negative(time)?;
    // The sum of two exponentials: the density of the wait times the tail of the service, integrated; written so that neither
    // equal rates nor a long time do harm.
    let gap = (spare_rate - service_rate).abs();
    let overlap = if gap > 0.0 { -math::exp_m1(-gap * time) / gap } else { time };
    let in_service = spare_rate * math::exp(-spare_rate.min(service_rate) * time) * overlap;
    let waited_sum = math::exp(-spare_rate * time) + in_service;
    let unwaited = math::exp(-service_rate * time);
    Some((1.0 - state.wait_probability) * unwaited + state.wait_probability * waited_sum)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::theory::assert_close;

    #[test]
    fn one_server_has_the_closed_forms() {
        let state = mm1(8.0, 10.0).expect("stable");
        assert_close(state.utilisation, 0.8, 1e-15);
        assert_close(state.wait_probability, 0.8, 1e-15);
        assert_close(state.mean_sojourn, 0.5, 1e-14);
        assert_close(state.mean_wait, 0.4, 1e-14);
        assert_close(state.mean_in_system, 4.0, 1e-14);
        assert_close(state.mean_in_queue, 3.2, 1e-14);
    }

    #[test]
    fn erlangs_formulas_give_the_published_values() {
        // Two servers: 2 rho^2 / (1 + rho). The others from Erlang tables.
        assert_close(erlang_c(1.5, 2).expect("stable"), 2.0 * 0.5625 / 1.75, 1e-15);
        assert_close(erlang_b(3.0, 5).expect("valid"), 0.110_05, 5e-6);
        assert_close(erlang_b(5.0, 10).expect("valid"), 0.018_38, 5e-6);
        assert_close(erlang_c(8.0, 10).expect("stable"), 0.409_18, 5e-6);
        // As a sum of Poisson terms, for many servers.
        let (load, servers) = (170.0, 200);
        let log_term = |n: u32| f64::from(n) * math::ln(load) - math::ln_gamma(f64::from(n) + 1.0) - load;
        let below: f64 = (0..servers).map(|n| math::exp(log_term(n))).sum();
        let waiting = math::exp(log_term(servers)) / (1.0 - load / f64::from(servers));
        assert_close(erlang_c(load, servers).expect("stable"), waiting / (below + waiting), 1e-11);
    }

    #[test]
    fn what_is_not_stable_has_no_answer() {
        assert_eq!(mm1(10.0, 10.0), None);
        assert_eq!(mmc(1.0, 1.0, 0), None);
        assert_eq!(mmc(f64::NAN, 1.0, 1), None);
        assert_eq!(mmc(1.0, 0.0, 1), None);
        let idle = mmc(0.0, 4.0, 2).expect("stable");
        assert_eq!((idle.mean_wait, idle.mean_sojourn, idle.mean_in_system), (0.0, 0.25, 0.0));
    }

    #[test]
    fn tails_integrate_to_the_means() {
        // The last two have equal spare and service rate, exactly and nearly.
        for (arrivals, servers) in [(0.7, 1), (2.3, 3), (2.0, 3), (2.000_000_001, 3)] {
            let state = mmc(arrivals, 1.0, servers).expect("stable");
            let step = 0.01;
            let integral =
                |tail: &dyn Fn(f64) -> f64| -> f64 { (0..10_000).map(|k| step * tail((f64::from(k) + 0.5) * step)).sum() };
            let wait = integral(&|t| mmc_wait_tail(arrivals, 1.0, servers, t).expect("stable"));
            let sojourn = integral(&|t| mmc_sojourn_tail(arrivals, 1.0, servers, t).expect("stable"));
            assert_close(wait, state.mean_wait, 1e-5);
            assert_close(sojourn, state.mean_sojourn, 1e-5);
        }
        assert_eq!(mmc_sojourn_tail(2.3, 1.0, 3, 1e9), Some(0.0));
        // M/M/1: the sojourn is exponential.
        assert_close(mmc_sojourn_tail(3.0, 5.0, 1, 0.4).expect("stable"), math::exp(-0.8), 1e-14);
    }

    #[test]
    fn the_quantile_undoes_the_tail() {
        let quantile = mmc_wait_quantile(2.3, 1.0, 3, 0.95).expect("stable");
        assert_close(mmc_wait_tail(2.3, 1.0, 3, quantile).expect("stable"), 0.05, 1e-14);
        assert_eq!(mmc_wait_quantile(0.1, 1.0, 3, 0.5), Some(0.0));
        assert_eq!(mmc_wait_quantile(0.1, 1.0, 3, 1.0), None);
    }
}
