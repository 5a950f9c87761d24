//! Queues without events: where the first to come is the first to be served, each start follows from those before.
//!
//! No calendar is needed as long as customers begin service in the order in which they come and nothing else decides when: the times are then
//! those of the calendar to the microsecond, for a fraction of the work. The area under the number in the system is the sum of the sojourns,
//! so that a time average needs no order of events either.
//!
//! # Example
//! ```
//! use rxoutage::engine::{KieferWolfowitz, Lindley};
//! use rxoutage::units::{SimTime, Span};
//! let at = |seconds| SimTime::ZERO + Span::from_seconds(seconds);
//! let (arrivals, service) = ([0.0, 1.0, 2.0].map(at), Span::from_seconds(10.0));
//! let mut one = Lindley::default();
//! assert_eq!(arrivals.map(|arrival| one.start(arrival, service)), [0.0, 10.0, 20.0].map(at));
//! let mut two = KieferWolfowitz::new(2);
//! assert_eq!(arrivals.map(|arrival| two.start(arrival, service)), [0.0, 1.0, 10.0].map(at));
//! ```

use crate::units::{SimTime, Span};

/// One server.
///
/// # Reference
/// Lindley (1952), *Mathematical Proceedings of the Cambridge Philosophical Society* 48(2).
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Lindley {
    free: SimTime,
}

impl Lindley {
    /// When the next customer, who comes no earlier than the one before, begins service.
    #[inline]
    pub fn start(&mut self, arrival: SimTime, service: Span) -> SimTime {
        let start = arrival.max(self.free);
        self.free = start + service;
        start
    }

    /// When the server will be free: the end of the last service.
    #[must_use]
    #[inline]
    pub const fn free(&self) -> SimTime {
        self.free
    }
}

/// Several servers and one line.
///
/// # Cost
/// Up to as many comparisons as there are servers, for each customer.
///
/// # Reference
/// Kiefer & Wolfowitz (1955), *Transactions of the American Mathematical Society* 78(1).
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct KieferWolfowitz {
    /// When each server will be free, ascending.
    free: Vec<SimTime>,
}

impl KieferWolfowitz {
    /// This many servers, all free.
    ///
    /// # Panics
    /// If there is none: nobody would ever be served.
    #[must_use]
    pub fn new(servers: usize) -> Self {
        assert!(servers > 0, "a line needs a server");
        Self { free: vec![SimTime::ZERO; servers] }
    }

    /// When the next customer, who comes no earlier than the one before, begins service.
    #[inline]
    pub fn start(&mut self, arrival: SimTime, service: Span) -> SimTime {
        let start = arrival.max(self.free[0]);
        let end = start + service;
        // The server that was free first moves back to where it belongs now.
        let later = self.free.iter().skip(1).take_while(|&&free| free < end).count();
        self.free.copy_within(1..=later, 0);
        self.free[later] = end;
        start
    }

    /// Forgets all customers.
    pub fn clear(&mut self) {
        self.free.fill(SimTime::ZERO);
    }
}

/// Stretches of time in which all servers stand still and their work is frozen: an outage. Recursions then run in working time, which stands
/// still with them.
///
/// # Example
/// ```
/// use rxoutage::engine::{Lindley, Stops};
/// use rxoutage::units::{SimTime, Span};
/// let at = |hours| SimTime::ZERO + Span::HOUR.scaled(hours);
/// let stops = Stops::new([(at(24.0), at(36.0))]);
/// // Two customers with two hours of work each: one is interrupted, the other begins after the restart.
/// let mut server = Lindley::default();
/// let work = Span::HOUR.scaled(2.0);
/// let first = server.start(stops.working(at(23.0)), work);
/// assert_eq!((stops.clock(first), stops.clock(server.free())), (at(23.0), at(37.0)));
/// assert_eq!(stops.clock(server.start(stops.working(at(30.0)), work)), at(37.0));
/// ```
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Stops {
    stops: Vec<(SimTime, SimTime)>,
}

impl Stops {
    /// Stops from one instant until another, in order and apart.
    ///
    /// # Panics
    /// If they overlap or are not in order.
    #[must_use]
    pub fn new(stops: impl IntoIterator<Item = (SimTime, SimTime)>) -> Self {
        let stops: Vec<_> = stops.into_iter().collect();
        assert!(stops.iter().all(|(from, until)| from <= until), "a stop ends after it has begun");
        assert!(stops.windows(2).all(|pair| pair[0].1 <= pair[1].0), "stops are in order and apart");
        Self { stops }
    }

    /// Working time at an instant of the clock.
    #[must_use]
    pub fn working(&self, clock: SimTime) -> SimTime {
        let lost = |&(from, until): &(SimTime, SimTime)| clock.min(until).since(from);
        let lost = self.stops.iter().take_while(|stop| stop.0 < clock).map(lost).fold(Span::ZERO, |sum, span| sum + span);
        SimTime::ZERO + clock.since(SimTime::ZERO + lost)
    }

    /// The clock at an instant of working time: after the restart, where a stop begins just then.
    #[must_use]
    pub fn clock(&self, working: SimTime) -> SimTime {
        let mut clock = working;
        for &(from, until) in &self.stops {
            if from > clock {
                break;
            }
            clock += until.since(from);
        }
        clock
    }
}

#[cfg(test)]
mod tests;
