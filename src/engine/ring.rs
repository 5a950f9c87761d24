//! A ring of buckets, each an unordered bag of entries.

use super::entry::Entry;

/// No chunk.
const NONE: u32 = u32::MAX;

/// A few entries of one bucket: neighbours in memory, so that filling and emptying a bucket runs along the cache lines.
#[derive(Clone, Copy, Debug)]
struct Chunk<E, const SIZE: usize> {
    next: u32,
    len: u32,
    entries: [Entry<E>; SIZE],
}

/// Buckets in a ring, their entries in chunks of `SIZE`. Memory grows to the largest number of entries ever held and is then reused.
#[derive(Clone, Debug)]
pub(super) struct Ring<E, const SIZE: usize> {
    /// First chunk of each bucket; a power of two of them.
    heads: Vec<u32>,
    /// One bit for each bucket that holds something.
    occupied: Vec<u64>,
    chunks: Vec<Chunk<E, SIZE>>,
    free: u32,
    len: usize,
}

impl<E: Copy, const SIZE: usize> Ring<E, SIZE> {
    pub(super) const fn new() -> Self {
        Self { heads: Vec::new(), occupied: Vec::new(), chunks: Vec::new(), free: NONE, len: 0 }
    }

    /// Number of buckets.
    #[inline]
    pub(super) fn buckets(&self) -> u64 {
        self.heads.len() as u64
    }

    #[inline]
    pub(super) fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Makes the ring empty with this many buckets, a power of two of at least 64.
    pub(super) fn reset(&mut self, buckets: usize) {
        self.heads.clear();
        self.heads.resize(buckets, NONE);
        self.occupied.clear();
        self.occupied.resize(buckets / 64, 0);
        self.chunks.clear();
        self.free = NONE;
        self.len = 0;
    }

    /// Adds an entry to a bucket, by its absolute number.
    #[inline]
    pub(super) fn push(&mut self, bucket: u64, entry: Entry<E>) {
        let index = (bucket & (self.buckets() - 1)) as usize;
        let head = self.heads[index];
        self.len += 1;
        if SIZE > 1 && head != NONE {
            let chunk = &mut self.chunks[head as usize];
            if let Some(place) = chunk.entries.get_mut(chunk.len as usize) {
                *place = entry;
                chunk.len += 1;
                return;
            }
        }
        self.occupied[index / 64] |= 1 << (index % 64);
        let fresh = if self.free == NONE {
            self.chunks.push(Chunk { entries: [entry; SIZE], len: 1, next: head });
            (self.chunks.len() - 1) as u32
        } else {
            let fresh = self.free;
            let chunk = &mut self.chunks[fresh as usize];
            self.free = chunk.next;
            chunk.entries[0] = entry;
            chunk.len = 1;
            chunk.next = head;
            fresh
        };
        self.heads[index] = fresh;
    }

    /// Empties a bucket, by its absolute number.
    #[inline]
    pub(super) fn take(&mut self, bucket: u64, mut receive: impl FnMut(Entry<E>)) {
        let index = (bucket & (self.buckets() - 1)) as usize;
        let mut head = self.heads[index];
        self.heads[index] = NONE;
        self.occupied[index / 64] &= !(1 << (index % 64));
        while head != NONE {
            let chunk = &mut self.chunks[head as usize];
            let len = if SIZE > 1 { chunk.len as usize } else { 1 };
            self.len -= len;
            for entry in &chunk.entries[..len] {
                receive(*entry);
            }
            let next = chunk.next;
            chunk.next = self.free;
            self.free = head;
            head = next;
        }
    }

    /// Shows the entries of a bucket, by its absolute number.
    pub(super) fn show(&self, bucket: u64, mut see: impl FnMut(&Entry<E>)) {
        let mut head = self.heads[(bucket & (self.buckets() - 1)) as usize];
        while head != NONE {
            let chunk = &self.chunks[head as usize];
            let len = if SIZE > 1 { chunk.len as usize } else { 1 };
            chunk.entries[..len].iter().for_each(&mut see);
            head = chunk.next;
        }
    }

    /// The first bucket after `bucket` that holds something, within one turn of the ring.
    #[inline]
    pub(super) fn next_occupied(&self, bucket: u64) -> Option<u64> {
        if self.len == 0 {
            return None;
        }
        let start = ((bucket + 1) & (self.buckets() - 1)) as usize;
        let words = self.occupied.len();
        // The first word from the start on, every other word, and the first again for what lies before the start.
        for step in 0..=words {
            let word = (start / 64 + step) & (words - 1);
            let mut bits = self.occupied[word];
            if step == 0 {
                bits &= u64::MAX << (start % 64);
            }
            if bits != 0 {
                let index = (word * 64) as u64 + u64::from(bits.trailing_zeros());
                return Some(bucket + 1 + (index.wrapping_sub(start as u64) & (self.buckets() - 1)));
            }
        }
        None
    }

    /// Memory held, in use or not.
    #[cfg(test)]
    pub(super) fn bytes(&self) -> usize {
        size_of::<u32>() * self.heads.capacity()
            + size_of::<u64>() * self.occupied.capacity()
            + size_of::<Chunk<E, SIZE>>() * self.chunks.capacity()
    }
}
