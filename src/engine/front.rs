//! What leaves next: a few entries in a bag, or a heap where there are more.

use super::entry::Entry;
use super::heap::Heap;
use crate::units::SimTime;

/// Up to so many entries are searched through: quicker than keeping them in order, for the search branches on nothing.
pub(super) const BAG: usize = 12;

/// Entries that are due before all others.
#[derive(Clone, Debug)]
pub(super) struct Front<E> {
    entries: Heap<E>,
    /// Whether the entries are in heap order.
    heaped: bool,
}

impl<E: Copy> Front<E> {
    pub(super) const fn new() -> Self {
        Self { entries: Heap::new(), heaped: false }
    }

    #[inline]
    pub(super) fn is_empty(&self) -> bool {
        self.entries.len() == 0
    }

    pub(super) fn entries(&self) -> &[Entry<E>] {
        self.entries.entries()
    }

    pub(super) fn clear(&mut self) {
        self.entries.clear();
        self.heaped = false;
    }

    /// Takes everything, in no order.
    pub(super) fn drain_into(&mut self, all: &mut Vec<Entry<E>>) {
        self.entries.drain_into(all);
        self.heaped = false;
    }

    #[inline]
    pub(super) fn push(&mut self, entry: Entry<E>) {
        if self.heaped {
            self.entries.push(entry);
        } else {
            self.entries.append(entry);
            if self.entries.len() > BAG {
                self.entries.restore();
                self.heaped = true;
            }
        }
    }

    /// Takes the earliest entry if it is due before `end`.
    #[inline]
    pub(super) fn pop_before(&mut self, end: SimTime) -> Option<Entry<E>> {
        if self.heaped {
            if self.entries.first()?.time >= end {
                return None;
            }
            self.heaped = self.entries.len() > BAG / 2;
            self.entries.pop()
        } else {
            self.entries.take_least_before(end)
        }
    }

    /// Memory held, in use or not.
    #[cfg(test)]
    pub(super) fn bytes(&self) -> usize {
        self.entries.bytes()
    }
}
