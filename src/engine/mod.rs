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
mod front;
mod heap;
mod recursion;
mod ring;

pub use agenda::Agenda;
pub use calendar::Calendar;
pub use recursion::{KieferWolfowitz, Lindley, Stops};

use crate::units::SimTime;

/// State that changes at events.
pub trait Model {
    /// What can be scheduled: small and `Copy`, for it is moved about in the calendar.
    type Event: Copy;

    /// Whether it wants to know what is coming; see [`approach`](Self::approach). Worth while if its state is larger than the cache.
    #[inline]
    fn looks_ahead(&self) -> bool {
        false
    }

    /// Some of the events that come soon, in no order: a chance to touch their state, so that it comes into the cache all at once and not
    /// event by event. It must not change anything: whether and when this is called depends on how the calendar is laid out.
    fn approach(&self, _soon: &[Self::Event]) {}

    /// Changes the state at `now` and schedules what follows, never before `now`.
    fn handle(&mut self, now: SimTime, event: Self::Event, calendar: &mut Calendar<Self::Event>);
}

/// Handles every event *before* `end`, in order of time and, at equal times, of insertion; returns how many. What is due at `end` or
/// later stays in the calendar: afterwards the state is the one just before `end`.
///
/// # Panics
/// If the model schedules an event in the past: a programmer's error.
pub fn run_until<M: Model>(model: &mut M, calendar: &mut Calendar<M::Event>, end: SimTime) -> u64 {
    let mut handled = 0;
    while let Some((now, event)) = calendar.pop_before(end) {
        if model.looks_ahead()
            && let Some(soon) = calendar.look_ahead()
        {
            model.approach(soon);
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
        shown: RefCell<Vec<usize>>,
    }

    impl Model for Watcher {
        type Event = usize;

        fn looks_ahead(&self) -> bool {
            true
        }

        fn approach(&self, soon: &[usize]) {
            assert!(soon.iter().all(|&event| !self.handled[event]), "what is shown is still to come");
            self.shown.borrow_mut().extend(soon);
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
        let times = shown.len();
        shown.sort_unstable();
        shown.dedup();
        assert!(shown.len() > 40_000 && shown.len() <= times && times < 60_000, "{} of 50,000, {times} times", shown.len());
    }
}
