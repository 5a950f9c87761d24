//! The calendar: what is scheduled, in the order in which it happens.

use super::entry::Entry;
use super::heap::Heap;
use super::ring::Ring;
use crate::units::SimTime;

/// With more pending than this the calendar uses buckets; a heap alone is quicker below.
const SPREAD_ABOVE: usize = 96;

/// With fewer pending than this it goes back to the heap alone.
const GATHER_BELOW: usize = 32;

/// Events that one bucket should hold.
const PER_BUCKET: u64 = 3;

/// The calendar measures itself at most this often, in events taken.
const MEASURE_EVERY: u64 = 4096;

/// The first measurement comes sooner: the first layout is a guess.
const FIRST_MEASURE: u64 = 256;

/// Fewest and most buckets.
const BUCKETS: core::ops::RangeInclusive<usize> = 256..=1 << 20;

/// Pending events, earliest first.
///
/// **Contract.** Events leave in order of time; events of the same time leave in the order in which they were scheduled (FIFO).
/// There is no cancelling: a model stamps its events and ignores those whose stamp is out of date.
///
/// A small heap holds the events of the current stretch of time; those of the next stretches lie unordered in a ring of buckets, and
/// those beyond in another heap. From time to time the calendar measures how close together events leave, and lays out its buckets
/// anew if they have become too wide or too narrow. The order does not depend on any of this: it is that of the key (time, sequence).
///
/// # Cost
/// `schedule` and `pop_before` take a constant time on average in the number of pending events as long as most of them lie within the
/// ring, and O(log n) at worst. Nothing is allocated once the memory has grown to the largest number that was ever pending;
/// [`Calendar::clear`] keeps it.
///
/// # Reference
/// A calendar queue (Brown 1988, *Calendar queues: a fast O(1) priority queue implementation for the simulation event set problem*) with a heap
/// in place of sorted buckets, as in ladder queues (Tang, Goh & Thng 2005).
#[derive(Clone, Debug)]
pub struct Calendar<E> {
    /// Everything up to the end of bucket `current`.
    front: Heap<E>,
    /// The buckets after it, one turn of the ring.
    ring: Ring<E>,
    /// Everything later.
    far: Heap<E>,
    /// Whether buckets are in use; all is in `front` otherwise.
    spread: bool,
    /// Buckets are `2^shift` microseconds wide.
    shift: u32,
    current: u64,
    len: usize,
    scheduled: u64,
    now: SimTime,
    /// Events taken since the last measurement, how many make the next one due, and when the last one was.
    taken: u64,
    measure_at: u64,
    measured: SimTime,
    scratch: Vec<Entry<E>>,
}

impl<E: Copy> Default for Calendar<E> {
    fn default() -> Self {
        Self::new()
    }
}

impl<E: Copy> Calendar<E> {
    /// An empty calendar.
    #[must_use]
    pub const fn new() -> Self {
        Self {
            front: Heap::new(),
            ring: Ring::new(),
            far: Heap::new(),
            spread: false,
            shift: 0,
            current: 0,
            len: 0,
            scheduled: 0,
            now: SimTime::ZERO,
            taken: 0,
            measure_at: FIRST_MEASURE,
            measured: SimTime::ZERO,
            scratch: Vec::new(),
        }
    }

    /// Number of pending events.
    #[must_use]
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether nothing is pending.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Forgets everything, also the time, but keeps the memory.
    pub fn clear(&mut self) {
        self.front.clear();
        self.far.clear();
        if self.spread {
            self.ring.reset(self.ring.buckets() as usize);
        }
        self.spread = false;
        self.len = 0;
        self.scheduled = 0;
        self.now = SimTime::ZERO;
        self.taken = 0;
        self.measure_at = FIRST_MEASURE;
        self.measured = SimTime::ZERO;
    }

    /// Adds an event.
    ///
    /// # Panics
    /// If `time` lies before the event handled last: time never goes back.
    #[inline]
    pub fn schedule(&mut self, time: SimTime, event: E) {
        assert!(time >= self.now, "an event was scheduled in the past: {time:?} at {:?}", self.now);
        let entry = Entry { time, sequence: self.scheduled, event };
        self.scheduled += 1;
        self.len += 1;
        if self.spread {
            self.place(entry);
        } else {
            self.front.push(entry);
            if self.len > SPREAD_ABOVE {
                self.spread_out();
            }
        }
    }

    /// Takes the next event if it is due before `end`.
    #[inline]
    pub fn pop_before(&mut self, end: SimTime) -> Option<(SimTime, E)> {
        if self.front.len() == 0 && !self.refill() {
            return None;
        }
        if self.front.first()?.time >= end {
            return None;
        }
        let first = self.front.pop()?;
        self.len -= 1;
        self.now = first.time;
        self.taken += 1;
        if self.spread && self.taken >= self.measure_at {
            self.measure();
        }
        Some((first.time, first.event))
    }

    /// Puts an entry where it belongs.
    #[inline]
    fn place(&mut self, entry: Entry<E>) {
        let bucket = entry.time.micros() >> self.shift;
        if bucket <= self.current {
            self.front.push(entry);
        } else if bucket - self.current < self.ring.buckets() {
            self.ring.push(bucket, entry);
        } else {
            self.far.push(entry);
        }
    }

    /// Fills the empty front with the next bucket that holds something; false if nothing is pending.
    fn refill(&mut self) -> bool {
        let near = self.ring.next_occupied(self.current);
        let far = self.far.first().map(|entry| entry.time.micros() >> self.shift);
        let Some(next) = near.into_iter().chain(far).min() else { return false };
        self.current = next;
        if near == Some(next) {
            let front = &mut self.front;
            self.ring.take(next, |entry| front.push(entry));
        }
        // The ring has turned: what it reaches now leaves the far heap.
        while let Some(first) = self.far.first() {
            if (first.time.micros() >> self.shift) - next >= self.ring.buckets() {
                break;
            }
            if let Some(entry) = self.far.pop() {
                self.place(entry);
            }
        }
        true
    }

    /// Begins to use buckets: a first guess of their width from the earlier half of what is pending.
    #[cold]
    fn spread_out(&mut self) {
        let mut times: [u64; SPREAD_ABOVE + 1] = [0; SPREAD_ABOVE + 1];
        for (time, entry) in times.iter_mut().zip(self.front.entries()) {
            *time = entry.time.micros();
        }
        times.sort_unstable();
        let half = SPREAD_ABOVE / 2;
        self.lay_out((times[half] - times[0]) / half as u64);
    }

    /// Measures how close together events leave, and lays the buckets out anew if that has changed by a factor of four or more, or the
    /// number of pending events by as much.
    #[cold]
    fn measure(&mut self) {
        let gap = self.now.since(self.measured).micros() / self.taken;
        self.measured = self.now;
        self.taken = 0;
        self.measure_at = MEASURE_EVERY.max(2 * self.len as u64);
        if self.len < GATHER_BELOW {
            let mut all = core::mem::take(&mut self.scratch);
            self.collect(&mut all);
            self.spread = false;
            all.drain(..).for_each(|entry| self.front.push(entry));
            self.scratch = all;
            return;
        }
        let off_by = width_shift(gap).abs_diff(self.shift);
        let buckets = buckets_for(self.len) as u64;
        if off_by >= 2 || buckets >= 4 * self.ring.buckets() || self.ring.buckets() >= 4 * buckets {
            self.lay_out(gap);
        }
    }

    /// Lays everything out in buckets for events that leave `gap` microseconds apart.
    fn lay_out(&mut self, gap: u64) {
        let mut all = core::mem::take(&mut self.scratch);
        self.collect(&mut all);
        self.spread = true;
        self.shift = width_shift(gap);
        self.current = self.now.micros() >> self.shift;
        self.ring.reset(buckets_for(self.len));
        all.drain(..).for_each(|entry| self.place(entry));
        self.scratch = all;
    }

    /// Takes everything out, in no order.
    fn collect(&mut self, all: &mut Vec<Entry<E>>) {
        self.front.drain_into(all);
        self.far.drain_into(all);
        let mut bucket = self.current;
        while let Some(next) = self.ring.next_occupied(bucket) {
            self.ring.take(next, |entry| all.push(entry));
            bucket = next;
            if self.ring.is_empty() {
                break;
            }
        }
    }
}

/// Buckets `2^shift` wide hold [`PER_BUCKET`] events on average.
fn width_shift(gap: u64) -> u32 {
    (gap * PER_BUCKET).max(1).ilog2()
}

/// Enough buckets for one turn of the ring to hold about everything, were it evenly spread.
fn buckets_for(len: usize) -> usize {
    len.next_power_of_two().clamp(*BUCKETS.start(), *BUCKETS.end())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::units::Span;
    use proptest::prelude::*;

    #[test]
    fn equal_times_leave_in_the_order_of_insertion() {
        let mut calendar = Calendar::new();
        for event in 0..100u32 {
            calendar.schedule(SimTime::from_micros(u64::from(event % 3)), event);
        }
        let mut order = Vec::new();
        while let Some((_, event)) = calendar.pop_before(SimTime::NEVER) {
            order.push(event);
        }
        let expected: Vec<u32> = (0..3).flat_map(|r| (0..100).filter(move |e| e % 3 == r)).collect();
        assert_eq!(order, expected);
    }

    #[test]
    #[should_panic(expected = "scheduled in the past")]
    fn the_past_is_closed() {
        let mut calendar = Calendar::new();
        calendar.schedule(SimTime::from_micros(5), ());
        calendar.pop_before(SimTime::NEVER);
        calendar.schedule(SimTime::from_micros(4), ());
    }

    #[test]
    fn what_is_due_at_the_end_stays() {
        let mut calendar = Calendar::new();
        calendar.schedule(SimTime::from_micros(5), ());
        assert_eq!(calendar.pop_before(SimTime::from_micros(5)), None);
        assert!(calendar.pop_before(SimTime::from_micros(6)).is_some());
    }

    /// Long enough for the calendar to measure itself several times, with a pending set that grows and shrinks by a factor of a thousand and
    /// increments that change by a factor of a million.
    #[test]
    fn order_survives_every_change_of_shape() {
        let mut chance = crate::random::Chance::new(7, 0).stream(crate::random::StreamPurpose::Onset, 0);
        let mut calendar = Calendar::new();
        let mut heap = std::collections::BinaryHeap::new();
        let (mut now, mut inserted) = (SimTime::ZERO, 0u64);
        for phase in 0..12u32 {
            let target = [10usize, 5_000, 40, 20_000][phase as usize % 4];
            let scale = [1e3, 1e9, 1e1][phase as usize % 3];
            for _ in 0..30_000 {
                let span = if chance.chance(0.1) { Span::ZERO } else { Span::from_micros((chance.uniform() * scale) as u64) };
                calendar.schedule(now + span, inserted);
                heap.push(std::cmp::Reverse(((now + span).micros(), inserted)));
                inserted += 1;
                for _ in 0..if heap.len() > target { 2 } else { usize::from(chance.chance(0.5)) } {
                    let expected = heap.pop().map(|std::cmp::Reverse((time, event))| (SimTime::from_micros(time), event));
                    now = expected.map_or(now, |(time, _)| time);
                    assert_eq!(calendar.pop_before(SimTime::NEVER), expected);
                }
                assert_eq!(calendar.len(), heap.len());
            }
        }
    }

    proptest! {
        /// Against a sorted vector, over increments that are uniform, tied, and bimodal (milliseconds and days).
        #[test]
        fn order_is_that_of_a_stable_sort(
            steps in prop::collection::vec((0u8..5, 0u64..1000, 0usize..3), 1..1500), burst in 0u64..400
        ) {
            let mut calendar = Calendar::new();
            let mut reference: Vec<(u64, u64)> = Vec::new();
            let mut now = SimTime::ZERO;
            for (inserted, (kind, increment, pops)) in (0u64..).zip(steps) {
                let span = match kind {
                    0 => Span::from_micros(increment),
                    1 => Span::ZERO,
                    2 => Span::from_micros(increment * 1000),
                    3 => Span::from_micros(1 << (increment % 50)),
                    _ => Span::DAY.scaled(increment as f64 / 100.0),
                };
                // A burst without departures first, so that many are pending.
                let pops = if inserted < burst { 0 } else { pops };
                calendar.schedule(now + span, inserted);
                let place = reference.partition_point(|&known| known > ((now + span).micros(), inserted));
                reference.insert(place, ((now + span).micros(), inserted));
                for _ in 0..pops {
                    let expected = reference.pop().map(|(time, event)| (SimTime::from_micros(time), event));
                    now = expected.map_or(now, |(time, _)| time);
                    prop_assert_eq!(calendar.pop_before(SimTime::NEVER), expected);
                }
                prop_assert_eq!(calendar.len(), reference.len());
            }
        }
    }
}
