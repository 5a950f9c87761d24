//! A prescription on its way, and the pool that holds those on their way.

use crate::engine::fetch;
use crate::units::{SimTime, Span};

/// No slot, no station, no site.
pub(crate) const NONE: u32 = u32::MAX;

/// Answers of payers after which nobody tries any more. So many submissions have draws of their own: what was drawn alike again and again would never end.
pub(crate) const MOST_ANSWERS: u16 = 1_023;

/// Where a prescription is on its way.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Stage {
    /// In the prescribing network.
    Prescribing,
    /// Staff enter it, or it waits in line for that.
    Entry,
    /// Its claim is out: at a station, between two, or lost.
    Claim,
    /// Staff work a rejection, or it waits in line for that.
    RejectWork,
    /// Prescriber or plan are asked.
    RejectResponse,
    /// Staff fill and verify it, or it waits in line for that.
    Fill,
    /// Between two submissions.
    Pause,
    /// The patient looks for another pharmacy.
    Search,
    /// On the way to another pharmacy.
    Travel,
    /// Staff hand out a part to tide the patient over, or it waits in line for that.
    TideOver,
    /// Held at the pharmacy until the route is back or the patient returns.
    Held,
    /// Dispensed; staff bill it, or it waits in line for that.
    Rebill,
    /// Nowhere: the slot is free.
    Free,
}

/// What a prescription does at the station where it is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Phase {
    /// It is at no station.
    Elsewhere,
    /// It waits in line.
    InLine,
    /// It is served.
    InService,
    /// It has been served and is on its way to the next hop.
    InPassage,
}

/// The state of one prescription: all that a waiting prescription costs.
#[derive(Clone, Copy, Debug)]
#[repr(C, align(128))]
pub(crate) struct Prescription {
    // What is asked for at most events, in one line of the cache.
    pub(crate) requested: SimTime,
    /// When service began or its speed last changed; in passage, when the claim reaches the next hop; held, since when.
    pub(crate) since: SimTime,
    /// Work left at normal speed, as of `since`.
    pub(crate) work_left: Span,
    /// Where it is to be filled.
    pub(crate) site: u32,
    /// Where it was requested.
    pub(crate) home: u32,
    /// Number of the prescription at its home: with the home, its identity in run and twin.
    pub(crate) ordinal: u32,
    /// Changes whenever what is scheduled for it becomes void.
    pub(crate) stamp: u32,
    /// Where it is: a station, or [`NONE`].
    pub(crate) station: u32,
    /// Neighbours in the line, the serving list, the held list or the list of free slots; what the head of a list has before it means nothing.
    pub(crate) previous: u32,
    pub(crate) next: u32,
    /// Report cell.
    pub(crate) cell: u32,
    /// Index of the payer among the payers.
    pub(crate) payer: u16,
    pub(crate) stage: Stage,
    pub(crate) phase: Phase,
    pub(crate) class: u8,
    /// Waiting line at the station where it waits, counted from the station's first.
    pub(crate) level: u8,
    /// Services that the last submission has passed so far.
    pub(crate) hop: u8,
    /// A time-out is scheduled for the last submission.
    pub(crate) time_out_armed: bool,

    // The rest, in the next.
    /// When the claim was submitted last.
    pub(crate) submitted: SimTime,
    /// Work of entry, drawn at the request.
    pub(crate) work_ahead: Span,
    /// From the run-out of what the patient had at the request to that of the last part handed out \[s\].
    pub(crate) tided_over: u32,
    /// Time without supply before the last part was handed out \[s\].
    pub(crate) lacked: u32,
    /// Stamp of the last submission.
    pub(crate) claim_stamp: u32,
    /// Clearinghouse (station) of the last submission, [`NONE`] for a direct connection.
    pub(crate) via: u32,
    pub(crate) submissions: u16,
    pub(crate) retries: u16,
    pub(crate) returns: u16,
    /// Kind of the last rejection.
    pub(crate) reject: u8,
    /// Answers of payers so far, up to [`MOST_ANSWERS`]: refused and withdrawn submissions do not count, so that the n-th answer meets the same
    /// chance in the twin.
    pub(crate) answers: u16,
    /// New, and no refill of one on file.
    pub(crate) is_new: bool,
    /// Staff have billed what was dispensed on trust.
    pub(crate) billed: bool,
    /// Filled on trust: dispensed before its claim was paid.
    pub(crate) on_trust: bool,
    /// Dispensed: only its claim is still open.
    pub(crate) dispensed: bool,
    /// Payment is guaranteed by an order.
    pub(crate) guaranteed: bool,
    /// The patient pays the price: there is no claim.
    pub(crate) cash: bool,
    /// The claim that is out is the second one, for the copay card.
    pub(crate) secondary: bool,
    /// The copay card could not be used at the first try.
    pub(crate) card_blocked: bool,
    /// The way of the claim was closed when a part was asked for.
    pub(crate) was_shut: bool,
    /// Nobody waits for this claim any more; it only takes up the services' time.
    pub(crate) lingering: bool,
    /// The patient will not come back to the pharmacy that he or she is just leaving.
    pub(crate) leaves: bool,
    /// Whether it is never picked up once it is ready; nothing, as long as nobody has asked.
    pub(crate) is_abandoned: Option<bool>,
    /// Times that the patient has been tided over.
    pub(crate) tide_overs: u8,
    /// Number of the order that asked for the part handed out last; 0: the pharmacy's own decision.
    pub(crate) order: u8,
    /// Times that the patient has gone to another pharmacy with it.
    pub(crate) moves: u8,
}

const _: () = assert!(size_of::<Prescription>() <= 128, "a waiting prescription costs two lines of the cache");

impl Prescription {
    const EMPTY: Self = Self {
        requested: SimTime::ZERO,
        submitted: SimTime::ZERO,
        since: SimTime::ZERO,
        work_left: Span::ZERO,
        work_ahead: Span::ZERO,
        site: NONE,
        home: NONE,
        ordinal: 0,
        tided_over: 0,
        lacked: 0,
        stamp: 0,
        claim_stamp: 0,
        station: NONE,
        via: NONE,
        previous: NONE,
        next: NONE,
        cell: 0,
        submissions: 0,
        retries: 0,
        returns: 0,
        payer: 0,
        stage: Stage::Free,
        class: 0,
        reject: 0,
        answers: 0,
        is_new: false,
        billed: false,
        hop: 0,
        phase: Phase::Elsewhere,
        on_trust: false,
        dispensed: false,
        time_out_armed: false,
        guaranteed: false,
        cash: false,
        secondary: false,
        card_blocked: false,
        was_shut: false,
        lingering: false,
        leaves: false,
        is_abandoned: None,
        level: 0,
        tide_overs: 0,
        order: 0,
        moves: 0,
    };

    /// Whether a patient waits for it: neither a free slot, nor dispensed, nor a claim that lingers.
    pub(crate) fn is_waiting(&self) -> bool {
        self.stage != Stage::Free && !self.dispensed && !self.lingering
    }

    /// From the run-out of what the patient had at the request to that of the last part handed out.
    pub(crate) fn tided_over(&self) -> Span {
        Span::from_seconds(f64::from(self.tided_over))
    }
}

/// Prescriptions by slot, with a list of free slots: memory follows what is unfinished, not what has passed.
#[derive(Debug)]
pub(crate) struct Pool {
    slots: Vec<Prescription>,
    free: u32,
    live: u32,
}

impl Default for Pool {
    fn default() -> Self {
        Self { slots: Vec::new(), free: NONE, live: 0 }
    }
}

impl Pool {
    /// From so many slots on (128 MiB) it grows fourfold: what is reserved and not yet used takes no memory on most systems, but what is moved takes it twice.
    const MANY: usize = 1 << 20;

    pub(crate) fn clear(&mut self) {
        self.slots.clear();
        self.free = NONE;
        self.live = 0;
    }

    /// Number of slots, free ones included.
    pub(crate) fn len(&self) -> u32 {
        self.slots.len() as u32
    }

    /// Asks for the memory of a prescription, both lines; in place of one that is not there for that of the first, without a branch.
    #[inline]
    pub(crate) fn fetch(&self, slot: u32) {
        let slot = if slot < self.len() { slot } else { 0 };
        if let Some(prescription) = self.slots.get(slot as usize) {
            fetch(prescription);
            fetch(&prescription.submitted);
        }
    }

    /// Prescriptions on their way, dispensed but unpaid ones included.
    pub(crate) fn live(&self) -> u32 {
        self.live
    }

    /// A fresh slot. The stamp goes on from the slot's last use, so that events of an earlier prescription stay void.
    #[inline]
    pub(crate) fn take(&mut self) -> u32 {
        self.live += 1;
        if self.free == NONE {
            if self.slots.len() == self.slots.capacity() && self.slots.len() >= Self::MANY {
                self.grow();
            }
            self.slots.push(Prescription::EMPTY);
            return (self.slots.len() - 1) as u32;
        }
        let slot = self.free;
        let stamp = self[slot].stamp;
        self.free = self[slot].next;
        self[slot] = Prescription { stamp, ..Prescription::EMPTY };
        slot
    }

    /// Bytes that are taken at once when it next grows, if an eighth of it or less is left until then: what is there is moved.
    pub(crate) fn soon_at_once(&self) -> u64 {
        let (len, room) = (self.slots.len(), self.slots.capacity());
        if len >= Self::MANY && len >= room / 8 * 7 { (len * size_of::<Prescription>()) as u64 } else { 0 }
    }

    /// Makes room for many more, or for as many as the system grants: it may refuse more than the machine has, used or not.
    #[cold]
    fn grow(&mut self) {
        let len = self.slots.len();
        let _granted = [3 * len, len, len / 4, len / 16].into_iter().any(|more| self.slots.try_reserve_exact(more).is_ok());
    }

    #[inline]
    pub(crate) fn give_back(&mut self, slot: u32) {
        let free = self.free;
        let prescription = &mut self[slot];
        debug_assert!(prescription.stage != Stage::Free, "a slot is given back once");
        prescription.stage = Stage::Free;
        prescription.stamp = prescription.stamp.wrapping_add(1);
        prescription.next = free;
        self.free = slot;
        self.live -= 1;
    }

    /// Every slot that is in use, for checks.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &Prescription> {
        self.slots.iter().filter(|prescription| prescription.stage != Stage::Free)
    }
}

impl core::ops::Index<u32> for Pool {
    type Output = Prescription;
    #[inline]
    fn index(&self, slot: u32) -> &Prescription {
        &self.slots[slot as usize]
    }
}

impl core::ops::IndexMut<u32> for Pool {
    #[inline]
    fn index_mut(&mut self, slot: u32) -> &mut Prescription {
        &mut self.slots[slot as usize]
    }
}

/// A list through the pool: waiting line, serving list or held list. Taking one out of the middle costs the same as the first.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct List {
    head: u32,
    tail: u32,
}

impl List {
    pub(crate) const EMPTY: Self = Self { head: NONE, tail: NONE };

    #[inline]
    pub(crate) fn is_empty(self) -> bool {
        self.head == NONE
    }

    #[inline]
    pub(crate) fn head(self) -> u32 {
        self.head
    }

    #[inline]
    pub(crate) fn tail(self) -> u32 {
        self.tail
    }

    /// How many are in the list, for checks.
    ///
    /// # Panics
    /// If its links do not lead back the way they lead on, or its tail is not the last.
    pub(crate) fn assert_linked(self, pool: &Pool) -> u32 {
        let (mut count, mut last, mut slot) = (0, NONE, self.head);
        while slot != NONE {
            assert!(
                last == NONE || pool[slot].previous == last,
                "behind slot {last} comes slot {slot}, which has another before it"
            );
            count += 1;
            last = slot;
            slot = pool[slot].next;
        }
        assert_eq!(self.tail, last, "the tail of a list is its last");
        count
    }

    #[inline]
    pub(crate) fn push_back(&mut self, pool: &mut Pool, slot: u32) {
        pool[slot].previous = self.tail;
        pool[slot].next = NONE;
        if self.tail == NONE {
            self.head = slot;
        } else {
            pool[self.tail].next = slot;
        }
        self.tail = slot;
    }

    #[inline]
    pub(crate) fn push_front(&mut self, pool: &mut Pool, slot: u32) {
        pool[slot].next = self.head;
        if self.head == NONE {
            self.tail = slot;
        } else {
            pool[self.head].previous = slot;
        }
        self.head = slot;
    }

    /// Puts `other`, which is in no list, into the place of `slot`.
    pub(crate) fn replace(&mut self, pool: &mut Pool, slot: u32, other: u32) {
        let (previous, next) = (pool[slot].previous, pool[slot].next);
        pool[other].previous = previous;
        pool[other].next = next;
        if self.head == slot {
            self.head = other;
        } else {
            debug_assert_eq!(pool[previous].next, slot, "the slot is in this list");
            pool[previous].next = other;
        }
        if next == NONE {
            self.tail = other;
        } else {
            pool[next].previous = other;
        }
    }

    #[inline]
    pub(crate) fn remove(&mut self, pool: &mut Pool, slot: u32) {
        let (previous, next) = (pool[slot].previous, pool[slot].next);
        if self.head == slot {
            // The memory of the next one is left alone: as the head it has none before it, whatever it says.
            self.head = next;
            if next == NONE {
                self.tail = NONE;
            }
            return;
        }
        debug_assert_eq!(pool[previous].next, slot, "the slot is in this list");
        pool[previous].next = next;
        if next == NONE {
            debug_assert_eq!(self.tail, slot, "the slot is in this list");
            self.tail = previous;
        } else {
            pool[next].previous = previous;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_large_pool_tells_before_it_is_moved() {
        let mut pool = Pool::default();
        while pool.slots.len() < Pool::MANY {
            pool.take();
        }
        let full = pool.slots.capacity();
        while pool.slots.len() < full {
            pool.take();
        }
        assert_eq!(pool.soon_at_once(), (full * size_of::<Prescription>()) as u64);
        pool.take();
        assert!(pool.slots.capacity() >= 4 * full, "fourfold, if there is memory");
        assert_eq!(pool.soon_at_once(), 0);
        pool.clear();
        assert_eq!(pool.soon_at_once(), 0);
    }

    #[test]
    #[should_panic(expected = "which has another before it")]
    fn a_link_that_does_not_lead_back_is_noticed() {
        let (mut pool, mut list) = (Pool::default(), List::EMPTY);
        for _ in 0..3 {
            let slot = pool.take();
            list.push_back(&mut pool, slot);
        }
        assert_eq!(list.assert_linked(&pool), 3, "a sound list passes");
        pool[2].previous = 0;
        list.assert_linked(&pool);
    }
}
