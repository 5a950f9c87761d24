//! Memory asked for ahead of its use.

/// Asks for the line of the cache in which `place` begins, and does not wait for it: the misses of many such calls overlap, with one another and with the
/// work that comes between. It changes nothing, and does nothing on processors that have no such instruction.
#[inline]
pub fn fetch<T>(place: &T) {
    prefetch_index::prefetch_index(core::slice::from_ref(place), 0);
}
