//! The calendar: what is scheduled, in the order in which it happens.

use super::STEPS;
use super::entry::Entry;
use super::front::{BAG, Front};
use super::heap::Heap;
use super::ring::Ring;
use crate::units::SimTime;

/// With more pending than this the calendar uses buckets; searching a bag is quicker below.
const SPREAD_ABOVE: usize = BAG;

/// With fewer pending than this it goes back to the bag.
const GATHER_BELOW: usize = 4;

/// Events that a narrow bucket should hold.
const PER_BUCKET: u64 = 3;

/// How many narrow buckets ahead events are looked at, once for each step.
const LOOK_AHEAD: [u64; STEPS] = [6, 4, 2];

/// The order numbers of ranked events lie above this.
const RANKED: u64 = 1 << 63;

/// The calendar measures itself at most this often, in events taken.
const MEASURE_EVERY: u64 = 4096;

/// The first measurement comes sooner: the first layout is a guess.
const FIRST_MEASURE: u64 = 256;

/// Entries of a chunk of a wide bucket: long enough for a wide bucket to be read along the cache lines.
const CHUNK: usize = 16;

/// Fewest and most wide buckets: the ends of all of them stay in the cache while entries are added at random.
const WIDE_BUCKETS: core::ops::RangeInclusive<usize> = 256..=1 << 11;

/// Fewest narrow buckets to a wide one, as a power of two.
const NARROW_BITS: u32 = 7;

/// Pending events, earliest first.
///
/// **Contract.** Events leave in order of time; events of the same time leave in the order in which they were scheduled (FIFO), before those that have a
/// rank ([`schedule_ranked`](Self::schedule_ranked)), which leave by it.
/// There is no cancelling: a model stamps its events and ignores those whose stamp is out of date.
///
/// Few events lie in a bag that is searched. When there are more, the bag holds those of the current stretch of time; the next
/// stretches are narrow buckets, the later ones wide buckets that are spread over narrow ones when their time comes, and what lies
/// beyond is in a heap. From time to time the calendar measures how close together events leave, and lays out its buckets anew if
/// they have become too wide or too narrow. The order does not depend on any of this: it is that of the key (time, sequence).
///
/// # Cost
/// `schedule` and `pop_before` take a constant time on average in the number of pending events as long as most of them lie within
/// the wide buckets, and O(log n) at worst. With millions pending the memory is still touched in few places at a time: a new event
/// goes to the end of one of at most 2,048 wide buckets, and only two wide buckets are spread out. Nothing is allocated once the
/// memory has grown to what was needed at most; [`Calendar::clear`] keeps it. Beyond the events themselves it takes at most half a
/// chunk of 16 for each wide bucket.
///
/// # Reference
/// A ladder queue of two rungs (Tang, Goh & Thng 2005, *Ladder queue: an O(1) priority queue structure for large-scale discrete
/// event simulation*) that measures itself as a calendar queue does (Brown 1988).
#[derive(Clone, Debug)]
pub struct Calendar<E> {
    /// Everything up to the end of the narrow bucket `current`.
    front: Front<E>,
    /// The narrow buckets after it, up to the beginning of the wide bucket `reached`.
    near: Ring<E, 1>,
    /// The wide buckets from `reached` on, one turn of the ring.
    wide: Ring<E, CHUNK>,
    /// Everything later.
    far: Heap<E>,
    /// Whether buckets are in use; all is in `front` otherwise.
    spread: bool,
    /// Narrow buckets are `2^shift` microseconds wide.
    shift: u32,
    /// Wide buckets are `2^narrow_bits` narrow ones wide.
    narrow_bits: u32,
    /// Number of a narrow bucket, counted from t = 0.
    current: u64,
    /// Number of a wide bucket, the second after the one of `current` or later.
    reached: u64,
    scheduled: u64,
    taken: u64,
    now: SimTime,
    /// The last measurement: events taken until then, when it was; and how many taken make the next one due.
    taken_before: u64,
    measured: SimTime,
    measure_at: u64,
    scratch: Vec<Entry<E>>,
    /// The narrow bucket from which events have been looked at ahead of time.
    looked_from: u64,
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
            front: Front::new(),
            near: Ring::new(),
            wide: Ring::new(),
            far: Heap::new(),
            spread: false,
            shift: 0,
            narrow_bits: 0,
            current: 0,
            reached: 2,
            scheduled: 0,
            taken: 0,
            now: SimTime::ZERO,
            taken_before: 0,
            measured: SimTime::ZERO,
            measure_at: FIRST_MEASURE,
            scratch: Vec::new(),
            looked_from: 0,
        }
    }

    /// Time of the event taken last; t = 0 before the first.
    #[must_use]
    #[inline]
    pub const fn now(&self) -> SimTime {
        self.now
    }

    /// Number of pending events.
    #[must_use]
    #[inline]
    pub fn len(&self) -> usize {
        (self.scheduled - self.taken) as usize
    }

    /// Whether nothing is pending.
    #[must_use]
    #[inline]
    pub fn is_empty(&self) -> bool {
        self.scheduled == self.taken
    }

    /// Forgets everything, also the time, but keeps the memory.
    pub fn clear(&mut self) {
        self.front.clear();
        self.far.clear();
        if self.spread {
            self.near.reset(self.near.buckets() as usize);
            self.wide.reset(self.wide.buckets() as usize);
        }
        self.spread = false;
        self.scheduled = 0;
        self.taken = 0;
        self.now = SimTime::ZERO;
        self.taken_before = 0;
        self.measured = SimTime::ZERO;
        self.measure_at = FIRST_MEASURE;
        self.looked_from = 0;
    }

    /// Adds an event.
    ///
    /// # Panics
    /// If `time` lies before the event handled last: time never goes back.
    #[inline]
    pub fn schedule(&mut self, time: SimTime, event: E) {
        self.add(time, self.scheduled, event);
    }

    /// Adds an event of which it is not the order of scheduling that counts: among events of the same time it comes after those of
    /// [`schedule`](Self::schedule), and by rank, the lowest first. Those of the same rank at the same time leave in an order that is
    /// always the same, but not defined.
    ///
    /// # Panics
    /// If `time` lies before the event handled last, or `rank` has more than 63 bits.
    #[inline]
    pub fn schedule_ranked(&mut self, time: SimTime, rank: u64, event: E) {
        assert!(rank < RANKED, "a rank has 63 bits: {rank}");
        self.add(time, RANKED | rank, event);
    }

    #[inline]
    fn add(&mut self, time: SimTime, sequence: u64, event: E) {
        assert!(time >= self.now, "an event was scheduled in the past: {time:?} at {:?}", self.now);
        self.scheduled += 1;
        if self.spread {
            self.place(Entry { time, sequence, event });
        } else {
            self.front.push(Entry { time, sequence, event });
            if self.front.entries().len() > SPREAD_ABOVE {
                self.spread_out();
            }
        }
    }

    /// Takes the next event if it is due before `end`.
    #[inline]
    pub fn pop_before(&mut self, end: SimTime) -> Option<(SimTime, E)> {
        if self.spread && self.front.is_empty() && !self.refill(end) {
            return None;
        }
        let first = self.front.pop_before(end)?;
        self.now = first.time;
        self.taken += 1;
        if self.spread && self.taken >= self.measure_at {
            self.measure();
        }
        Some((first.time, first.event))
    }

    /// Shows events that come soon to `see`, those of one narrow bucket after the other: each in so many steps, a few buckets apart, of which the last comes
    /// shortly before the event itself. Nothing where little is pending. An event may miss steps, as one that is scheduled later does or one behind a gap
    /// between events, and is shown again where the buckets have been laid out anew.
    #[inline]
    pub(super) fn look_ahead(&mut self, see: impl FnMut(E, usize)) {
        if self.spread && self.current != self.looked_from {
            self.show_ahead(see);
        }
    }

    #[inline(never)]
    fn show_ahead(&mut self, mut see: impl FnMut(E, usize)) {
        let end = self.reached << self.narrow_bits;
        for (step, distance) in LOOK_AHEAD.into_iter().enumerate() {
            let first = (self.looked_from + distance).max(self.current) + 1;
            for bucket in first..(self.current + distance + 1).min(end) {
                self.near.show(bucket, |entry| see(entry.event, step));
            }
        }
        self.looked_from = self.current;
    }

    /// Puts an entry where it belongs.
    #[inline]
    fn place(&mut self, entry: Entry<E>) {
        let narrow = entry.time.micros() >> self.shift;
        let wide = narrow >> self.narrow_bits;
        if wide < self.reached {
            if narrow <= self.current {
                self.front.push(entry);
            } else {
                self.near.push(narrow, entry);
            }
        } else if wide - self.reached < self.wide.buckets() {
            self.wide.push(wide, entry);
        } else {
            self.far.push(entry);
        }
    }

    /// Fills the empty front with the next narrow bucket that holds something and begins before `end`; false if there is none. It goes no farther: what is
    /// scheduled afterwards may still come before.
    fn refill(&mut self, end: SimTime) -> bool {
        if self.near.is_empty() && !self.jump(end) {
            return false;
        }
        let Some(next) = self.near.next_occupied(self.current) else { return false };
        if next << self.shift >= end.micros() {
            return false;
        }
        self.current = next;
        let front = &mut self.front;
        self.near.take(next, |entry| front.push(entry));
        let end = (next >> self.narrow_bits) + 2;
        if self.reached < end {
            self.reach(end);
        }
        true
    }

    /// Goes to just before the next wide bucket that holds something, when no narrow one does; false if none begins before `end`.
    #[inline(never)]
    fn jump(&mut self, end: SimTime) -> bool {
        let wide = self.wide.next_occupied(self.reached - 1);
        let far = self.far.first().map(|entry| self.wide_bucket(entry));
        let Some(next) = wide.into_iter().chain(far).min() else { return false };
        if next << self.narrow_bits << self.shift >= end.micros() {
            return false;
        }
        self.current = (next << self.narrow_bits) - 1;
        self.reached = next;
        self.reach(next + 2);
        true
    }

    /// Spreads the wide buckets before `end` over narrow ones.
    #[inline(never)]
    fn reach(&mut self, end: u64) {
        while self.reached < end {
            let (near, shift) = (&mut self.near, self.shift);
            self.wide.take(self.reached, |entry| near.push(entry.time.micros() >> shift, entry));
            self.reached += 1;
        }
        // The ring of wide buckets has turned: what it reaches now leaves the far heap.
        while self.far.first().is_some_and(|first| self.wide_bucket(first) < self.reached + self.wide.buckets()) {
            if let Some(entry) = self.far.pop() {
                self.place(entry);
            }
        }
    }

    fn wide_bucket(&self, entry: &Entry<E>) -> u64 {
        entry.time.micros() >> self.shift >> self.narrow_bits
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

    /// Measures how close together events leave, and lays the buckets out anew if that or the number of pending events has changed by
    /// a factor of four or so.
    #[cold]
    fn measure(&mut self) {
        let gap = self.now.since(self.measured).micros() / (self.taken - self.taken_before);
        self.measured = self.now;
        self.taken_before = self.taken;
        self.measure_at = self.taken + MEASURE_EVERY.max(2 * self.len() as u64);
        if self.len() < GATHER_BELOW {
            let mut all = core::mem::take(&mut self.scratch);
            self.collect(&mut all);
            self.spread = false;
            all.drain(..).for_each(|entry| self.front.push(entry));
            self.scratch = all;
            return;
        }
        let wide_buckets = wide_buckets_for(self.len()) as u64;
        if width_shift(gap).abs_diff(self.shift) >= 2
            || narrow_bits_for(self.len()).abs_diff(self.narrow_bits) >= 2
            || wide_buckets >= 4 * self.wide.buckets()
            || self.wide.buckets() >= 4 * wide_buckets
        {
            self.lay_out(gap);
        }
    }

    /// Lays everything out in buckets for events that leave `gap` microseconds apart.
    fn lay_out(&mut self, gap: u64) {
        let mut all = core::mem::take(&mut self.scratch);
        self.collect(&mut all);
        self.spread = true;
        self.shift = width_shift(gap);
        self.narrow_bits = narrow_bits_for(self.len());
        self.current = self.now.micros() >> self.shift;
        self.looked_from = 0;
        self.reached = (self.current >> self.narrow_bits) + 2;
        self.near.reset(2 << self.narrow_bits);
        self.wide.reset(wide_buckets_for(self.len()));
        all.drain(..).for_each(|entry| self.place(entry));
        self.scratch = all;
    }

    /// Takes everything out, in no order.
    fn collect(&mut self, all: &mut Vec<Entry<E>>) {
        self.front.drain_into(all);
        self.far.drain_into(all);
        while let Some(next) = self.near.next_occupied(self.current) {
            self.near.take(next, |entry| all.push(entry));
        }
        while let Some(next) = self.wide.next_occupied(self.reached - 1) {
            self.wide.take(next, |entry| all.push(entry));
        }
    }
}

/// Buckets `2^shift` wide hold [`PER_BUCKET`] events on average.
fn width_shift(gap: u64) -> u32 {
    (gap * PER_BUCKET).max(1).ilog2()
}

/// About as many narrow buckets to a wide one as there are wide buckets in use: what is spread out at a time, and the ends of the
/// wide buckets, then take equal parts of the cache.
fn narrow_bits_for(len: usize) -> u32 {
    len.next_power_of_two().ilog2().div_ceil(2).max(NARROW_BITS)
}

/// Enough for one turn of the ring to hold nearly everything.
fn wide_buckets_for(len: usize) -> usize {
    len.next_power_of_two().clamp(*WIDE_BUCKETS.start(), *WIDE_BUCKETS.end())
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
    fn ranked_events_come_by_rank_after_the_others() {
        let mut calendar = Calendar::new();
        let time = |event: u64| SimTime::from_micros(event % 3);
        for event in 0..100 {
            if event % 2 == 0 {
                calendar.schedule(time(event), event);
            } else {
                calendar.schedule_ranked(time(event), 1_000 - event, event);
            }
        }
        let mut expected: Vec<u64> = (0..100).collect();
        expected.sort_by_key(|&event| (time(event), event % 2, if event % 2 == 0 { event } else { 1_000 - event }));
        let order: Vec<u64> = core::iter::from_fn(|| calendar.pop_before(SimTime::NEVER).map(|(_, event)| event)).collect();
        assert_eq!(order, expected);
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

    /// With many pending in clusters and far apart: several turns of the ring of wide buckets, jumps over empty ones, and more beyond its reach.
    #[test]
    fn order_survives_clusters_and_gaps() {
        let mut chance = crate::random::Chance::new(8, 0).stream(crate::random::StreamPurpose::Onset, 0);
        let mut calendar = Calendar::new();
        let mut heap = std::collections::BinaryHeap::new();
        let mut now = SimTime::ZERO;
        for inserted in 0..120_000u64 {
            let far = 10f64.powi((chance.uniform() * 15.0) as i32);
            let time = now + Span::from_micros((far * (chance.uniform() * 4.0).floor()) as u64);
            calendar.schedule(time, inserted);
            heap.push(std::cmp::Reverse((time.micros(), inserted)));
            for _ in 0..if inserted < 30_000 { 0 } else { 1 + usize::from(inserted > 80_000) } {
                let expected = heap.pop().map(|std::cmp::Reverse((time, event))| (SimTime::from_micros(time), event));
                now = expected.map_or(now, |(time, _)| time);
                assert_eq!(calendar.pop_before(SimTime::NEVER), expected);
            }
        }
    }

    /// Vectors grow by doubling, and laying out anew takes everything out once: so much, and no more than a chunk for each wide bucket beside it.
    #[test]
    fn memory_follows_what_is_pending() {
        for (pending, spread) in [(100u64, 1.0), (1_000, 1e9), (50_000, 1e2), (50_000, 1e6), (50_000, 1e12)] {
            let mut chance = crate::random::Chance::new(9, 0).stream(crate::random::StreamPurpose::Onset, 0);
            let mut calendar = Calendar::new();
            let mut ahead = |now: SimTime| now + Span::from_micros((chance.uniform() * spread) as u64);
            (0..pending).for_each(|event| calendar.schedule(ahead(SimTime::ZERO), event));
            for _ in 0..4 * pending {
                let (now, event) = calendar.pop_before(SimTime::NEVER).expect("pending");
                calendar.schedule(ahead(now), event);
            }
            let bytes = calendar.front.bytes()
                + calendar.near.bytes()
                + calendar.wide.bytes()
                + calendar.far.bytes()
                + calendar.scratch.capacity() * size_of::<Entry<u64>>();
            let chunks = wide_buckets_for(pending as usize) * CHUNK * size_of::<Entry<u64>>();
            let most = 5 * pending as usize * size_of::<Entry<u64>>() + chunks + (1 << 14);
            assert!(bytes <= most, "{bytes} bytes for {pending} within {spread} us, at most {most}");
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
