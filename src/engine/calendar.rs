//! The calendar: what is scheduled, in the order in which it happens.

use crate::units::SimTime;

/// Children of a node of the heap. Four keep the tree shallow and the children of a node together in the cache.
const ARITY: usize = 4;

/// Pending events, earliest first.
///
/// **Contract.** Events leave in order of time; events of the same time leave in the order in which they were scheduled (FIFO).
/// There is no cancelling: a model stamps its events and ignores those whose stamp is out of date.
///
/// # Cost
/// `schedule` and `pop_before` take O(log n) steps in the number of pending events. Nothing is allocated once the vector has grown to
/// the largest number that was ever pending; [`Calendar::clear`] keeps it.
///
/// # Reference
/// A d-ary heap (Johnson 1975, *Priority queues with update and finding minimum spanning trees*) on the pair (time, sequence number).
#[derive(Clone, Debug)]
pub struct Calendar<E> {
    heap: Vec<Entry<E>>,
    scheduled: u64,
    now: SimTime,
}

#[derive(Clone, Copy, Debug)]
struct Entry<E> {
    time: SimTime,
    sequence: u64,
    event: E,
}

impl<E> Entry<E> {
    /// Both parts in one number: one comparison instead of two.
    #[inline]
    fn key(&self) -> u128 {
        u128::from(self.time.micros()) << 64 | u128::from(self.sequence)
    }
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
        Self { heap: Vec::new(), scheduled: 0, now: SimTime::ZERO }
    }

    /// Number of pending events.
    #[must_use]
    pub fn len(&self) -> usize {
        self.heap.len()
    }

    /// Whether nothing is pending.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.heap.is_empty()
    }

    /// Forgets everything, also the time, but keeps the memory.
    pub fn clear(&mut self) {
        self.heap.clear();
        self.scheduled = 0;
        self.now = SimTime::ZERO;
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
        self.heap.push(entry);
        self.sift_up(self.heap.len() - 1, entry);
    }

    /// Takes the next event if it is due before `end`.
    #[inline]
    pub fn pop_before(&mut self, end: SimTime) -> Option<(SimTime, E)> {
        let first = *self.heap.first()?;
        if first.time >= end {
            return None;
        }
        let last = self.heap.pop()?;
        if !self.heap.is_empty() {
            self.sift_down(last);
        }
        self.now = first.time;
        Some((first.time, first.event))
    }

    #[inline]
    fn sift_up(&mut self, mut hole: usize, entry: Entry<E>) {
        let key = entry.key();
        while hole > 0 {
            let parent = (hole - 1) / ARITY;
            if self.heap[parent].key() <= key {
                break;
            }
            self.heap[hole] = self.heap[parent];
            hole = parent;
        }
        self.heap[hole] = entry;
    }

    #[inline]
    fn sift_down(&mut self, entry: Entry<E>) {
        let key = entry.key();
        let mut hole = 0;
        loop {
            let first_child = hole * ARITY + 1;
            let children = &self.heap[first_child.min(self.heap.len())..(first_child + ARITY).min(self.heap.len())];
            let mut least = None;
            let mut least_key = key;
            for (offset, child) in children.iter().enumerate() {
                let child_key = child.key();
                if child_key < least_key {
                    least_key = child_key;
                    least = Some(first_child + offset);
                }
            }
            let Some(child) = least else { break };
            self.heap[hole] = self.heap[child];
            hole = child;
        }
        self.heap[hole] = entry;
    }
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

    proptest! {
        /// Against a sorted vector, over increments that are uniform, tied, and bimodal (milliseconds and days).
        #[test]
        fn order_is_that_of_a_stable_sort(
            steps in prop::collection::vec((0u8..4, 0u64..1000, 0usize..4), 1..400)
        ) {
            let mut calendar = Calendar::new();
            let mut reference: Vec<(u64, u64)> = Vec::new();
            let mut now = SimTime::ZERO;
            let mut inserted = 0u64;
            for (kind, increment, pops) in steps {
                let span = match kind {
                    0 => Span::from_micros(increment),
                    1 => Span::ZERO,
                    2 => Span::from_micros(increment * 1000),
                    _ => Span::DAY.scaled(increment as f64 / 100.0),
                };
                calendar.schedule(now + span, inserted);
                reference.push(((now + span).micros(), inserted));
                inserted += 1;
                for _ in 0..pops {
                    reference.sort_unstable();
                    if reference.is_empty() {
                        prop_assert!(calendar.pop_before(SimTime::NEVER).is_none());
                    } else {
                        let (time, event) = reference.remove(0);
                        now = SimTime::from_micros(time);
                        prop_assert_eq!(calendar.pop_before(SimTime::NEVER), Some((now, event)));
                    }
                }
                prop_assert_eq!(calendar.len(), reference.len());
            }
        }
    }
}
