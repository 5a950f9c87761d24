//! A discrete-event engine that knows nothing of prescriptions: a calendar, a model, and the loop between them; and beside it recursions
//! ([`Lindley`], [`KieferWolfowitz`]) for queues that need no events.
//!
//! # Example
//! A single-server queue, M/M/1, in the library's own terms (here with constant times, so that the answer is exact):
//! ```
//! use rxoutage::engine::{Calendar, Model, run_until};
//! use rxoutage::units::{SimTime, Span};
//!
//! #[derive(Clone, Copy)]
//! enum Event { Arrival, Departure }
//!
//! #[derive(Default)]
//! struct Queue { number_in_system: u32, served: u32 }
//!
//! impl Model for Queue {
//!     type Event = Event;
//!     fn handle(&mut self, now: SimTime, event: Event, calendar: &mut Calendar<Event>) {
//!         let service = Span::from_seconds(40.0);
//!         match event {
//!             Event::Arrival => {
//!                 calendar.schedule(now + Span::MINUTE, Event::Arrival);
//!                 self.number_in_system += 1;
//!                 if self.number_in_system == 1 {
//!                     calendar.schedule(now + service, Event::Departure);
//!                 }
//!             }
//!             Event::Departure => {
//!                 self.served += 1;
//!                 self.number_in_system -= 1;
//!                 if self.number_in_system > 0 {
//!                     calendar.schedule(now + service, Event::Departure);
//!                 }
//!             }
//!         }
//!     }
//! }
//!
//! let mut queue = Queue::default();
//! let mut calendar = Calendar::new();
//! calendar.schedule(SimTime::ZERO, Event::Arrival);
//! run_until(&mut queue, &mut calendar, SimTime::ZERO + Span::HOUR);
//! assert_eq!(queue.served, 60);
//! ```

mod agenda;
mod calendar;
mod entry;
mod fetch;
mod front;
mod heap;
mod recursion;
mod ring;

pub use agenda::Agenda;
pub use calendar::Calendar;
pub use fetch::fetch;
pub use recursion::{KieferWolfowitz, Lindley, Stops};

use crate::units::SimTime;

/// Steps in which an event is approached.
pub const STEPS: usize = 3;

/// State that changes at events.
pub trait Model {
    /// What can be scheduled: small and `Copy`, for it is moved about in the calendar.
    type Event: Copy;

    /// Whether it wants to know what is coming; see [`approach`](Self::approach). Worth while if its state is larger than the cache.
    #[inline]
    fn looks_ahead(&self) -> bool {
        false
    }

    /// An event comes soon: a chance to ask for its memory ([`fetch`]), so that the misses of the cache overlap. In the first step, `0`, for what the event
    /// itself tells; in the second and third, each a few events later, for what the memory asked for before tells. Steps may be missed or come again. It
    /// must not change anything: whether and when this is called depends on how the calendar is laid out.
    fn approach(&self, _soon: Self::Event, _step: usize) {}

    /// Changes the state at `now` and schedules what follows, never before `now`.
    fn handle(&mut self, now: SimTime, event: Self::Event, calendar: &mut Calendar<Self::Event>);
}

/// Handles every event *before* `end`, in order of time and, at equal times, of insertion; returns how many. What is due at `end` or
/// later stays in the calendar: afterwards the state is the one just before `end`.
///
/// # Panics
/// If the model schedules an event in the past: a programmer's error.
pub fn run_until<M: Model>(model: &mut M, calendar: &mut Calendar<M::Event>, end: SimTime) -> u64 {
    run_some(model, calendar, end, u64::MAX)
}

/// [`run_until`], but so many events at most: for whoever has to look up from time to time. As many as that were handled if there may be more to come.
///
/// # Panics
/// If the model schedules an event in the past: a programmer's error.
pub fn run_some<M: Model>(model: &mut M, calendar: &mut Calendar<M::Event>, end: SimTime, most: u64) -> u64 {
    let mut handled = 0;
    while handled < most
        && let Some((now, event)) = calendar.pop_before(end)
    {
        if model.looks_ahead() {
            calendar.look_ahead(|soon, step| model.approach(soon, step));
        }
        model.handle(now, event, calendar);
        handled += 1;
    }
    handled
}

#[cfg(test)]
mod tests {
    use core::cell::RefCell;

    use super::*;
    use crate::units::Span;

    /// Handles each event once and schedules another, and notes what it is shown.
    #[derive(Default)]
    struct Watcher {
        handled: Vec<bool>,
        /// Each with its step.
        shown: RefCell<Vec<(usize, usize)>>,
    }

    impl Model for Watcher {
        type Event = usize;

        fn looks_ahead(&self) -> bool {
            true
        }

        fn approach(&self, soon: usize, step: usize) {
            assert!(!self.handled[soon], "what is shown is still to come");
            self.shown.borrow_mut().push((soon, step));
        }

        fn handle(&mut self, now: SimTime, event: usize, calendar: &mut Calendar<usize>) {
            self.handled[event] = true;
            if let Some(place) = self.handled.get(event + 1_000) {
                assert!(!place);
                calendar.schedule(now + Span::from_micros((event as u64 * 7919) % 5_000), event + 1_000);
            }
        }
    }

    #[test]
    fn a_model_is_shown_most_of_what_comes_before_it_comes() {
        let mut watcher = Watcher { handled: vec![false; 50_000], ..Watcher::default() };
        let mut calendar = Calendar::new();
        for event in 0..1_000 {
            calendar.schedule(SimTime::from_micros((event as u64 * 31) % 5_000), event);
        }
        assert_eq!(run_until(&mut watcher, &mut calendar, SimTime::NEVER), 50_000);
        let mut shown = watcher.shown.into_inner();
        // Step after step, but for what is shown anew because the buckets have been laid out anew.
        let (mut last, mut back) = (vec![None; 50_000], 0);
        for &(event, step) in &shown {
            back += u32::from(last[event] > Some(step));
            last[event] = Some(step);
        }
        assert!(back < 500, "{back} times back to an earlier step");
        let times = shown.len();
        shown.sort_unstable();
        shown.dedup();
        let of = |step| shown.iter().filter(|seen| seen.1 == step).count();
        assert!((0..STEPS).all(|step| of(step) > 40_000), "{}, {} and {} of 50,000", of(0), of(1), of(2));
        assert!(times < shown.len() + 10_000, "{times} times in place of {}", shown.len());
    }
}
