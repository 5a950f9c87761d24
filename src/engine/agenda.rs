//! The agenda of one place: its own few pending events.

use super::entry::Entry;
use super::fetch::fetch;
use super::heap::Heap;
use crate::units::{SimTime, Span};

/// Events that are kept in order at hand.
const AT_HAND: usize = 12;

/// Taken to hand together, or put off together: half, so that the next few go the same way without a move.
const HALF: usize = AT_HAND / 2;

/// The order numbers of what is put off lie below this, of what comes later above it.
const MIDDLE: u64 = 1 << 63;

/// Pending events of one place among very many, earliest first: those of a pharmacy of a whole country, say.
///
/// The next few lie in order within four lines of the cache; what comes after them lies in a heap of its own, which is not touched meanwhile.
///
/// **Contract.** That of the [`Calendar`](super::Calendar): events leave in order of time, those of the same time in the order in which they were
/// scheduled.
///
/// # Cost
/// Constant for events that are among the next dozen, logarithmic in the number of the others. It allocates when there are more of these than ever.
#[derive(Clone, Debug)]
#[repr(C, align(64))]
pub struct Agenda<E> {
    near: usize,
    /// Time of the first in `later`, known without going there.
    later_from: SimTime,
    later: Heap<E>,
    /// Events that have gone to `later` when they were scheduled, and after being at hand.
    appended: u64,
    put_off: u64,
    /// The first `near` of these, the next one last; none of them after any in `later`.
    at_hand: [(SimTime, E); AT_HAND],
}

impl<E: Copy> Agenda<E> {
    /// An empty agenda; `blank` is any event, for places that are not in use.
    #[must_use]
    pub const fn new(blank: E) -> Self {
        Self {
            near: 0,
            later_from: SimTime::NEVER,
            later: Heap::new(),
            appended: 0,
            put_off: 0,
            at_hand: [(SimTime::NEVER, blank); AT_HAND],
        }
    }

    /// Forgets everything, but keeps the memory.
    pub fn clear(&mut self) {
        self.near = 0;
        self.later_from = SimTime::NEVER;
        self.later.clear();
        self.appended = 0;
        self.put_off = 0;
    }

    /// Adds an event.
    #[inline]
    pub fn schedule(&mut self, time: SimTime, event: E) {
        if self.later_from <= time {
            return self.append(time, event);
        }
        if self.near == AT_HAND {
            if self.at_hand[0].0 <= time {
                return self.append(time, event);
            }
            self.put_off();
            // The first of those put off may come before it.
            if self.later_from <= time {
                return self.append(time, event);
            }
        }
        let mut place = self.near;
        while place > 0 && self.at_hand[place - 1].0 <= time {
            self.at_hand[place] = self.at_hand[place - 1];
            place -= 1;
        }
        self.at_hand[place] = (time, event);
        self.near += 1;
    }

    /// Time of the next event; never, if there is none.
    #[inline]
    #[must_use]
    pub const fn next_time(&self) -> SimTime {
        match self.near {
            0 => self.later_from,
            near => self.at_hand[near - 1].0,
        }
    }

    /// Takes the next event if it is due before `end`.
    #[inline]
    pub fn pop_before(&mut self, end: SimTime) -> Option<(SimTime, E)> {
        self.pop_before_if(end, |_, _| true)
    }

    /// Takes the next event if it is due before `end` and is one that may be taken now.
    #[inline]
    pub fn pop_before_if(&mut self, end: SimTime, may_be_taken: impl FnOnce(SimTime, E) -> bool) -> Option<(SimTime, E)> {
        if self.near == 0 && !self.take_to_hand() {
            return None;
        }
        let (time, event) = self.at_hand[self.near - 1];
        (time < end && may_be_taken(time, event)).then(|| {
            self.near -= 1;
            (time, event)
        })
    }

    /// Of the events at hand those that come within a time after the next one, which is the first.
    pub fn soon(&self, within: Span) -> impl Iterator<Item = E> {
        let end = self.next_time() + within;
        self.at_hand[..self.near].iter().rev().take_while(move |(time, _)| *time < end).map(|&(_, event)| event)
    }

    /// Asks for the memory of what comes next, all four lines.
    #[inline]
    pub fn fetch(&self) {
        fetch(self);
        fetch(&self.at_hand[3]);
        fetch(&self.at_hand[7]);
        fetch(&self.at_hand[AT_HAND - 1]);
    }

    /// Not part of [`schedule`](Self::schedule), which is short without it, as are the other calls that move many.
    #[inline(never)]
    fn append(&mut self, time: SimTime, event: E) {
        self.appended += 1;
        self.later.push(Entry { time, sequence: MIDDLE + self.appended, event });
        self.later_from = self.later_from.min(time);
    }

    /// The later half of what is at hand joins the others, before those of the same time.
    #[inline(never)]
    fn put_off(&mut self) {
        for &(time, event) in &self.at_hand[..HALF] {
            self.put_off += 1;
            self.later.push(Entry { time, sequence: MIDDLE - self.put_off, event });
        }
        self.later_from = self.at_hand[HALF - 1].0;
        self.at_hand.copy_within(HALF.., 0);
        self.near -= HALF;
    }

    /// Takes the next few to hand; false if there are none.
    #[inline(never)]
    fn take_to_hand(&mut self) -> bool {
        let number = self.later.len().min(HALF);
        for place in (0..number).rev() {
            if let Some(Entry { time, event, .. }) = self.later.pop() {
                self.at_hand[place] = (time, event);
            }
        }
        self.near = number;
        self.later_from = self.later.first().map_or(SimTime::NEVER, |first| first.time);
        number > 0
    }
}

const _: () = assert!(size_of::<Agenda<u64>>() == 256, "what comes next lies in four lines of the cache");

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::Calendar;
    use proptest::prelude::*;

    proptest! {
        /// Against the calendar, which is proven against a plain heap: near and far times, and many equal ones.
        #[test]
        fn the_order_is_that_of_the_calendar(steps in prop::collection::vec((0_u8..6, 0_u64..40, any::<bool>()), 1..600)) {
            let (mut agenda, mut calendar) = (Agenda::new(0_u32), Calendar::new());
            let mut now = SimTime::ZERO;
            for (event, &(kind, amount, takes)) in (0_u32..).zip(&steps) {
                let delay = match kind {
                    0 => 0,
                    1..4 => amount,
                    4 => amount * 1_000,
                    _ => 100_000 + amount / 4,
                };
                let time = now + Span::from_micros(delay);
                agenda.schedule(time, event);
                calendar.schedule(time, event);
                if takes {
                    let end = now + Span::from_micros(50);
                    prop_assert_eq!(agenda.next_time() < end, calendar.clone().pop_before(end).is_some());
                    prop_assert_eq!(agenda.pop_before_if(end, |_, _| false), None);
                    let taken = agenda.pop_before_if(end, |time, _| time < end);
                    prop_assert_eq!(taken, calendar.pop_before(end));
                    now = taken.map_or(now, |(time, _)| time);
                }
            }
            while let Some(expected) = calendar.pop_before(SimTime::NEVER) {
                prop_assert_eq!(agenda.next_time(), expected.0);
                prop_assert_eq!(agenda.soon(Span::DAY).next().is_none_or(|event| event == expected.1), true);
                prop_assert_eq!(agenda.pop_before(SimTime::NEVER), Some(expected));
            }
            prop_assert_eq!(agenda.pop_before(SimTime::NEVER), None);
            prop_assert_eq!(agenda.next_time(), SimTime::NEVER);
        }
    }
}
