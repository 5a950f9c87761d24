//! A full stop, seen from so far that arrivals are a flow.

use super::{not_negative, positive};

/// What a full stop does to a steady flow.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct FluidOutage {
    /// Length of the stop.
    pub duration: f64,
    /// Backlog at the end of the stop, its peak.
    pub peak_backlog: f64,
    /// Time from the end of the stop until the backlog is gone.
    pub clear_time: f64,
    /// How many arrivals are delayed: all from the beginning of the stop until the backlog is gone.
    pub delayed: f64,
    /// Mean delay of those delayed: half of the duration.
    pub mean_delay: f64,
    /// Delay summed over all arrivals: the area under the backlog.
    pub total_delay: f64,
}

/// A service of rate `service_rate` with arrivals at `arrival_rate`, both constant, that stands still for `duration` and then
/// works off its backlog first come first served.
///
/// The first arrival after the beginning is delayed by the whole duration, the last before the backlog is gone by nothing,
/// those between in proportion.
///
/// # Example
/// ```
/// use rxoutage::theory::fluid_outage;
/// // Ten hours at 60 claims an hour; 90 an hour can be served.
/// let outage = fluid_outage(60.0, 90.0, 10.0).expect("there is spare capacity");
/// assert_eq!((outage.peak_backlog, outage.clear_time, outage.delayed), (600.0, 20.0, 1800.0));
/// assert_eq!((outage.mean_delay, outage.delayed_longer_than(5.0)), (5.0, 900.0));
/// ```
#[must_use]
pub fn fluid_outage(arrival_rate: f64, service_rate: f64, duration: f64) -> Option<FluidOutage> {
    let spare_rate = positive(service_rate)? - not_negative(arrival_rate)?;
    let peak_backlog = arrival_rate * not_negative(duration)?;
    if spare_rate <= 0.0 {
        return None;
    }
    let clear_time = peak_backlog / spare_rate;
    let (delayed, mean_delay) = (arrival_rate * (duration + clear_time), 0.5 * duration);
    Some(FluidOutage { duration, peak_backlog, clear_time, delayed, mean_delay, total_delay: delayed * mean_delay })
}

impl FluidOutage {
    /// How many arrivals are delayed longer than `delay`.
    #[must_use]
    pub fn delayed_longer_than(&self, delay: f64) -> f64 {
        if self.duration > 0.0 { self.delayed * (1.0 - delay / self.duration).clamp(0.0, 1.0) } else { 0.0 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::theory::assert_close;

    #[test]
    fn many_small_constant_services_are_the_fluid() {
        // D/D/1 by hand: an arrival each 1/60 h, a service of 1/90 h, none before 10 h.
        let exact = fluid_outage(60.0, 90.0, 10.0).expect("stable");
        let (mut free, mut total, mut delayed, mut long) = (10.0_f64, 0.0, 0, 0);
        for arrival in 0..60 * 40 {
            let time = f64::from(arrival) / 60.0;
            let start = free.max(time);
            free = start + 1.0 / 90.0;
            total += start - time;
            delayed += u32::from(start - time > 1e-9);
            long += u32::from(start - time > 8.0);
        }
        assert_close(total, exact.total_delay, 1e-3);
        assert_close(f64::from(delayed), exact.delayed, 1e-3);
        assert_close(f64::from(long), exact.delayed_longer_than(8.0), 1e-2);
        assert_eq!(exact.delayed_longer_than(11.0), 0.0);
    }

    #[test]
    fn without_spare_capacity_the_backlog_never_clears() {
        assert_eq!(fluid_outage(90.0, 90.0, 1.0), None);
        assert_eq!(fluid_outage(9.0, 90.0, f64::NAN), None);
        let none = fluid_outage(9.0, 90.0, 0.0).expect("stable");
        assert_eq!((none.delayed, none.delayed_longer_than(0.0)), (0.0, 0.0));
    }
}
