//! Streams: long sequences of random numbers, one for each purpose and node.

use core::convert::Infallible;

use rand::{Rng, SeedableRng, TryRng};
use rand_chacha::ChaCha8Rng;
use rand_xoshiro::Xoshiro256PlusPlus;

use super::open_unit;

/// Bits of a stream's number for the node.
const NODE_BITS: u32 = 24;

/// What a stream is for. The numbers are part of every stream's address: new purposes take new ones, and none is used again.
#[repr(u8)]
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum StreamPurpose {
    /// Which site has which primary route.
    Routes = 0,
    /// Which site has a standby switch.
    Standby = 1,
    /// Which site has which prescribing network.
    Prescribing = 2,
    /// When an outage begins.
    Onset = 3,
    /// Whether an outage happens.
    Happens = 4,
    /// When recovery begins.
    RecoveryDelay = 5,
    /// When the stages of a recovery are reached.
    Stage = 6,
    /// Times to failure.
    Failure = 7,
    /// Times to repair.
    Repair = 8,
    /// Whatever a model of one's own draws: one written on [`engine`](crate::engine), with a node number for each of its sequences.
    Model = 9,
    /// Time from the trigger of an order until it is in force.
    OrderLeadTime = 20,
    /// Whether an attack gets in.
    AttackSucceeds = 32,
    /// When an attack begins.
    AttackEntry = 33,
    /// How long it goes undetected.
    AttackDetection = 34,
    /// How long it takes to get to a platform.
    AttackSpread = 35,
    /// Whether it gets to a platform.
    AttackReached = 36,
    /// Whether a platform that it has not reached is disconnected as a precaution.
    AttackIsolated = 37,
    /// How long such a platform stays disconnected.
    AttackReconnect = 38,
    /// How long a platform takes to be rebuilt.
    AttackRebuild = 39,
    /// When the stages of its recovery are reached.
    AttackStage = 40,
}

/// A sequence of random numbers: xoshiro256++ (Blackman & Vigna 2021, *ACM Transactions on Mathematical Software* 47(4)).
///
/// Its 256-bit state is the first output of `ChaCha8` (Bernstein 2008), keyed by the seed and the number of the cause, under a stream
/// number of its own:
/// streams do not overlap but by an accident of probability 2^-128 or so.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Stream(Xoshiro256PlusPlus);

impl Stream {
    pub(super) fn new(seed: u64, replication: u32, purpose: StreamPurpose, index: u32, node: u32) -> Self {
        debug_assert!(node >> NODE_BITS == 0, "a node takes {NODE_BITS} bits");
        let node = u64::from(node) & ((1 << NODE_BITS) - 1);
        let mut key = [0; 32];
        key[..8].copy_from_slice(&seed.to_le_bytes());
        key[8..12].copy_from_slice(&index.to_le_bytes());
        let mut source = ChaCha8Rng::from_seed(key);
        source.set_stream(u64::from(replication) << 32 | u64::from(purpose as u8) << NODE_BITS | node);
        let mut state = [0; 32];
        source.fill_bytes(&mut state);
        Self(Xoshiro256PlusPlus::from_seed(state))
    }

    /// The next number, evenly spread over the open interval (0, 1).
    #[inline]
    pub fn uniform(&mut self) -> f64 {
        open_unit(self.0.next_u64())
    }

    /// Whether something of probability `p` happens: true exactly if the next uniform number is below `p`.
    #[inline]
    pub fn chance(&mut self, p: f64) -> bool {
        self.uniform() < p
    }

    /// Puts numbers into a random order, each order being equally likely (Fisher-Yates).
    pub fn shuffle(&mut self, order: &mut [u32]) {
        for last in (1..order.len()).rev() {
            order.swap(last, self.below(last as u64 + 1) as usize);
        }
    }

    /// A whole number below `bound`, each equally likely: the multiplication method of Lemire (2019), *ACM Transactions on
    /// Modeling and Computer Simulation* 29(1).
    fn below(&mut self, bound: u64) -> u64 {
        // As many products in each part have to be refused as 2^64 is more than a multiple of `bound`.
        let refused = bound.wrapping_neg() % bound;
        loop {
            let product = u128::from(self.0.next_u64()) * u128::from(bound);
            if product as u64 >= refused {
                return (product >> 64) as u64;
            }
        }
    }
}

impl TryRng for Stream {
    type Error = Infallible;

    #[inline]
    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        Ok((self.0.next_u64() >> 32) as u32)
    }

    #[inline]
    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        Ok(self.0.next_u64())
    }

    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), Infallible> {
        self.0.fill_bytes(bytes);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::Chance;
    use crate::stats::{ks_critical, ks_statistic};

    #[test]
    fn first_values_are_pinned() {
        let mut stream = Chance::new(20_240_221, 7).stream(StreamPurpose::Failure, 5);
        assert_eq!([stream.next_u64(), stream.next_u64()], [0x2578_0014_c145_68da, 0xe9a3_c0e0_1820_8934]);
        let mut order = [0, 1, 2, 3, 4, 5, 6, 7];
        stream.shuffle(&mut order);
        assert_eq!(order, [5, 4, 2, 7, 3, 1, 0, 6]);
    }

    #[test]
    fn every_part_of_the_address_counts() {
        let stream = |seed, replication, purpose, node| Chance::new(seed, replication).stream(purpose, node);
        let streams = [
            stream(1, 2, StreamPurpose::Onset, 3),
            stream(2, 2, StreamPurpose::Onset, 3),
            stream(1, 3, StreamPurpose::Onset, 3),
            stream(1, 2, StreamPurpose::Stage, 3),
            stream(1, 2, StreamPurpose::Onset, 4),
        ];
        for (index, a) in streams.iter().enumerate() {
            assert!(streams[..index].iter().all(|b| a != b));
        }
        let second = Chance::new(1, 2).stream_of(StreamPurpose::Onset, 1, 3);
        assert!(streams.iter().all(|stream| *stream != second));
        assert_eq!(Chance::new(1, 2).stream_of(StreamPurpose::Onset, 0, 3), streams[0]);
    }

    /// Alpha 1e-3, numbers fixed by the address.
    #[test]
    fn first_numbers_of_neighbouring_streams_are_uniform() {
        let mut sample: Vec<f64> =
            (0..20_000).map(|node| Chance::new(1, 0).stream(StreamPurpose::Failure, node).uniform()).collect();
        sample.sort_unstable_by(f64::total_cmp);
        assert!(ks_statistic(&sample, |x| x) < ks_critical(sample.len(), 1e-3));
    }

    /// Chi-square with 23 degrees of freedom over all orders of four, alpha 1e-3.
    #[test]
    fn every_order_is_equally_likely() {
        let mut stream = Chance::new(1, 0).stream(StreamPurpose::Routes, 0);
        let mut counts = std::collections::BTreeMap::new();
        let n = 24_000;
        for _ in 0..n {
            let mut order = [0, 1, 2, 3];
            stream.shuffle(&mut order);
            *counts.entry(order).or_insert(0_u32) += 1;
        }
        assert_eq!(counts.len(), 24);
        let expected = f64::from(n) / 24.0;
        let chi_square: f64 =
            counts.values().map(|&count| (f64::from(count) - expected) * (f64::from(count) - expected) / expected).sum();
        assert!(chi_square < 49.728, "{chi_square}");
    }
}
