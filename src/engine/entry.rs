//! What the calendar stores.

use crate::units::SimTime;

/// A scheduled event with the key that orders it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Entry<E> {
    pub(super) time: SimTime,
    /// Number of the event in the order of scheduling: equal times leave in this order.
    pub(super) sequence: u64,
    pub(super) event: E,
}

impl<E> Entry<E> {
    /// Both parts in one number: one comparison instead of two.
    #[inline]
    pub(super) fn key(&self) -> u128 {
        u128::from(self.time.micros()) << 64 | u128::from(self.sequence)
    }
}
