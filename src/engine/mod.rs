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

mod calendar;
mod entry;
mod front;
mod heap;
mod recursion;
mod ring;

pub use calendar::Calendar;
pub use recursion::{KieferWolfowitz, Lindley, Stops};

use crate::units::SimTime;

/// State that changes at events.
pub trait Model {
    /// What can be scheduled: small and `Copy`, for it is moved about in the calendar.
    type Event: Copy;

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
        model.handle(now, event, calendar);
        handled += 1;
    }
    handled
}
