//! A heap of calendar entries with four children to a node.

use super::entry::Entry;
use crate::units::SimTime;

/// Children of a node. Four keep the tree shallow and the children of a node together in the cache.
const ARITY: usize = 4;

/// Entries, the earliest on top (Johnson 1975, *Priority queues with update and finding minimum spanning trees*).
#[derive(Clone, Debug)]
pub(super) struct Heap<E> {
    entries: Vec<Entry<E>>,
}

impl<E: Copy> Heap<E> {
    pub(super) const fn new() -> Self {
        Self { entries: Vec::new() }
    }

    #[inline]
    pub(super) fn len(&self) -> usize {
        self.entries.len()
    }

    #[inline]
    pub(super) fn first(&self) -> Option<&Entry<E>> {
        self.entries.first()
    }

    pub(super) fn entries(&self) -> &[Entry<E>] {
        &self.entries
    }

    pub(super) fn clear(&mut self) {
        self.entries.clear();
    }

    /// Takes everything, in no order.
    pub(super) fn drain_into(&mut self, all: &mut Vec<Entry<E>>) {
        all.append(&mut self.entries);
    }

    #[inline]
    pub(super) fn push(&mut self, entry: Entry<E>) {
        self.entries.push(entry);
        let key = entry.key();
        let mut hole = self.entries.len() - 1;
        while hole > 0 {
            let parent = (hole - 1) / ARITY;
            if self.entries[parent].key() <= key {
                break;
            }
            self.entries[hole] = self.entries[parent];
            hole = parent;
        }
        self.entries[hole] = entry;
    }

    /// Adds an entry without keeping the order: see [`restore`](Self::restore).
    #[inline]
    pub(super) fn append(&mut self, entry: Entry<E>) {
        self.entries.push(entry);
    }

    /// Puts entries that lie in any order into heap order.
    #[cold]
    pub(super) fn restore(&mut self) {
        for start in (0..self.entries.len().div_ceil(ARITY)).rev() {
            let entry = self.entries[start];
            self.sift_down(start, entry);
        }
    }

    /// Takes the earliest of entries that lie in any order, if it is due before `end`.
    #[inline]
    pub(super) fn take_least_before(&mut self, end: SimTime) -> Option<Entry<E>> {
        let (mut least, mut least_key) = (0, self.entries.first()?.key());
        for (index, entry) in self.entries.iter().enumerate().skip(1) {
            let key = entry.key();
            let earlier = key < least_key;
            least = if earlier { index } else { least };
            least_key = if earlier { key } else { least_key };
        }
        (self.entries[least].time < end).then(|| self.entries.swap_remove(least))
    }

    #[inline]
    pub(super) fn pop(&mut self) -> Option<Entry<E>> {
        let first = *self.entries.first()?;
        let last = self.entries.pop()?;
        if !self.entries.is_empty() {
            self.sift_down(0, last);
        }
        Some(first)
    }

    #[inline]
    fn sift_down(&mut self, mut hole: usize, entry: Entry<E>) {
        let key = entry.key();
        let length = self.entries.len();
        loop {
            let child = hole * ARITY + 1;
            if child >= length {
                break;
            }
            let children = &self.entries[child..(child + ARITY).min(length)];
            let (mut least, mut least_key) = (0, children[0].key());
            for (offset, child) in children.iter().enumerate().skip(1) {
                let child_key = child.key();
                if child_key < least_key {
                    (least, least_key) = (offset, child_key);
                }
            }
            if least_key >= key {
                break;
            }
            self.entries[hole] = children[least];
            hole = child + least;
        }
        self.entries[hole] = entry;
    }

    /// Memory held, in use or not.
    #[cfg(test)]
    pub(super) fn bytes(&self) -> usize {
        size_of::<Entry<E>>() * self.entries.capacity()
    }
}
