//! Addressed draws: random numbers found by what they are for.

use core::convert::Infallible;

use rand::TryRng;

use super::open_unit;
use super::philox::philox;
use super::stream::{Stream, StreamPurpose};

/// Bits of an address for the index within a purpose, and for the blocks of one draw.
const INDEX_BITS: u32 = 12;
/// Largest index, and largest block.
const INDEX_MASK: u16 = (1 << INDEX_BITS) - 1;

/// All the chance of one replication.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Chance {
    seed: u64,
    replication: u32,
}

/// What an addressed draw is for. The numbers are part of every address: new purposes take new ones, and none is used again.
#[repr(u8)]
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Purpose {
    /// Time from the request before to this one.
    Gap = 0,
    /// Drug class.
    Class = 1,
    /// Whether it is a new prescription or a refill.
    New = 2,
    /// Whether a new prescription comes on paper.
    Paper = 3,
    /// Payer.
    Payer = 4,
    /// How long the patient stays in line.
    Patience = 5,
    /// Staff time to enter it.
    Entry = 6,
    /// Staff time to fill and verify it.
    Fill = 7,
    /// Whether and why the payer rejects the claim.
    Reject = 8,
    /// Staff time to work a rejection.
    RejectStaff = 9,
    /// Time until an outside party has answered a rejection.
    RejectResponse = 10,
    /// Whether a rejection is resolved.
    RejectResolved = 11,
    /// Service time at a clearinghouse.
    SwitchService = 12,
    /// Latency of a clearinghouse.
    SwitchLatency = 13,
    /// Service time at a payer.
    PayerService = 14,
    /// Latency of a payer.
    PayerLatency = 15,
    /// Latency of a link.
    LinkLatency = 16,
    /// Service time at a prescribing network.
    PrescribingService = 17,
    /// Latency of a prescribing network.
    PrescribingLatency = 18,
    /// Whether a failing node turns the claim away.
    OutageReject = 19,
    /// Extra time in passage through a failing node.
    OutageLatency = 20,
    /// Spread of the pause before a further submission.
    RetryJitter = 21,
    /// Whether the pharmacy dispenses on trust.
    OnTrust = 22,
    /// Whether the patient goes without.
    GiveUp = 23,
    /// Time until the patient asks again.
    ReturnAfter = 24,
    /// How long the patient goes on coming back.
    WaitPatience = 25,
    /// Prescriptions per day of a site.
    Volume = 26,
    /// Time of a site until claims flow over its standby switch.
    Failover = 27,
    /// Time of a site until its manual procedure is organised.
    TrustLeadTime = 28,
    /// Time of a site until it is ready to be connected to another switch.
    RerouteLeadTime = 29,
    /// Supply in hand at the request.
    OnHand = 30,
    /// Price.
    Price = 31,
    /// Whether the patient pays cash.
    Cash = 32,
    /// Whether the patient is tided over.
    TideOver = 33,
    /// Whether the patient tries another pharmacy.
    Move = 34,
    /// Whether informed, whether for good, how long the way takes, and to which other pharmacy: indices 0 to 10 of each move, sixteen apart.
    MoveTo = 35,
    /// Whether the request comes from a patient who has left the pharmacy for good, and where it goes.
    Left = 36,
    /// Whether a pharmacy follows an order for emergency supply.
    Emergency = 37,
    /// Whether an order waives a rejection.
    Waived = 38,
    /// Whether a claim billed later is refused for good.
    RebillRefused = 39,
    /// Time from ready to picked up.
    PickUp = 40,
    /// Whether it is never picked up.
    Abandoned = 41,
    /// Whether the patient has a copay card.
    CopayCard = 42,
    /// What the patient would pay without the card.
    OutOfPocket = 43,
    /// What the patient does when the card cannot be used.
    PriceShock = 44,
    /// Time from adjudication to payment.
    PaymentLag = 45,
    /// Turn among claims that come to a service in the same microsecond.
    Turn = 46,
    /// Whether a failing link turns the claim away.
    LinkReject = 47,
    /// Extra time in passage over a failing link.
    LinkDelay = 48,
}

impl Chance {
    /// In place of an ordinal: what belongs to the site and not to one of its prescriptions.
    pub const SITE: u32 = u32::MAX;

    /// The chance of a replication.
    #[must_use]
    pub const fn new(seed: u64, replication: u32) -> Self {
        Self { seed, replication }
    }

    /// The seed.
    #[must_use]
    pub const fn seed(self) -> u64 {
        self.seed
    }

    /// The index of the replication.
    #[must_use]
    pub const fn replication(self) -> u32 {
        self.replication
    }

    /// The draw of prescription `ordinal` at `site` for a purpose, the `index`-th of its kind (below 4,096).
    ///
    /// No two addresses coincide: seed, replication, site, ordinal, purpose and index have bits of their own in the key and the
    /// counter of the generator.
    ///
    /// # Panics
    /// In debug builds if `index` is 4,096 or more; otherwise its upper bits are dropped.
    ///
    /// # Cost
    /// Nothing until the first number is asked for; then ten multiplications for every two numbers.
    #[must_use]
    #[inline]
    pub fn draw(self, site: u32, ordinal: u32, purpose: Purpose, index: u16) -> Draw {
        debug_assert!(index <= INDEX_MASK, "an index takes {INDEX_BITS} bits");
        let place = u64::from(self.replication) << 32 | u64::from(site);
        let what = u64::from(purpose as u8) << (2 * INDEX_BITS) | u64::from(index & INDEX_MASK) << INDEX_BITS;
        Draw { key: self.seed, counter: [place, u64::from(ordinal) << 32 | what], words: [0; 2], left: 0 }
    }

    /// Several draws of a prescription with their first numbers found already, by purpose and index: those of as many calls of
    /// [`Chance::draw`].
    ///
    /// # Cost
    /// Less than one by one, if most of them are used: none waits for another, so that a processor works on several at a time.
    #[must_use]
    #[inline]
    pub fn draws<const N: usize>(self, site: u32, ordinal: u32, what: [(Purpose, u16); N]) -> [Draw; N] {
        what.map(|(purpose, index)| self.draw(site, ordinal, purpose, index).begun())
    }

    /// The first uniform numbers of several draws of a prescription, where no more is asked for: [`Draw::uniform`] of as many calls of [`Chance::draw`].
    ///
    /// # Cost
    /// As [`Chance::draws`], without what a draw keeps for its later numbers.
    #[must_use]
    #[inline]
    pub fn uniforms<const N: usize>(self, site: u32, ordinal: u32, what: [(Purpose, u16); N]) -> [f64; N] {
        let mut numbers = [0.0; N];
        for (number, (purpose, index)) in numbers.iter_mut().zip(what) {
            *number = self.draw(site, ordinal, purpose, index).uniform();
        }
        numbers
    }

    /// The stream of a node (a number below 2^24) for a purpose, from its beginning.
    ///
    /// # Panics
    /// In debug builds if `node` is 2^24 or more; otherwise its upper bits are dropped.
    #[must_use]
    pub fn stream(self, purpose: StreamPurpose, node: u32) -> Stream {
        self.stream_of(purpose, 0, node)
    }

    /// The stream of a node for the `index`-th of several causes with one purpose: of the first the same as [`Chance::stream`].
    ///
    /// # Panics
    /// As [`Chance::stream`].
    #[must_use]
    pub fn stream_of(self, purpose: StreamPurpose, index: u32, node: u32) -> Stream {
        Stream::new(self.seed, self.replication, purpose, index, node)
    }
}

/// One addressed draw: a short sequence of random numbers, usually one or two.
///
/// It is a generator of the `rand` crate, so that every law takes its numbers from it. One draw has 4,096 blocks of two words
/// before it repeats; no law asks for more than some dozens.
#[derive(Clone, Debug)]
pub struct Draw {
    key: u64,
    /// Address; the lowest [`INDEX_BITS`] of the second word count the blocks.
    counter: [u64; 2],
    /// The words of the last block, and how many of them are not used yet.
    words: [u64; 2],
    left: u32,
}

impl Draw {
    /// The same from another block on, below 4,096: for several of one address.
    #[must_use]
    #[inline]
    pub fn from_block(mut self, block: u16) -> Self {
        debug_assert!(self.left == 0 && block <= INDEX_MASK, "nothing has been drawn yet");
        self.counter[1] |= u64::from(block & INDEX_MASK);
        self
    }

    /// The next number, evenly spread over the open interval (0, 1).
    #[inline]
    pub fn uniform(&mut self) -> f64 {
        open_unit(self.word())
    }

    /// Whether something of probability `p` happens: true exactly if the next uniform number is below `p`, so that what happens
    /// at one `p` also happens at every larger one.
    #[inline]
    pub fn chance(&mut self, p: f64) -> bool {
        self.uniform() < p
    }

    #[inline]
    fn word(&mut self) -> u64 {
        if self.left == 0 {
            self.words = self.block();
            self.left = 2;
        }
        self.left -= 1;
        if self.left == 1 { self.words[0] } else { self.words[1] }
    }

    /// The same, its first two words found before they are asked for.
    #[inline]
    fn begun(mut self) -> Self {
        self.words = self.block();
        self.left = 2;
        self
    }

    /// The two words of the next block.
    #[inline]
    fn block(&mut self) -> [u64; 2] {
        let words = philox(self.counter, self.key);
        let [_, address] = &mut self.counter;
        let block = u64::from(INDEX_MASK);
        *address = *address & !block | (*address + 1) & block;
        words
    }
}

impl TryRng for Draw {
    type Error = Infallible;

    #[inline]
    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        // The upper half, as the upper bits are those that `uniform` uses.
        Ok((self.word() >> 32) as u32)
    }

    #[inline]
    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        Ok(self.word())
    }

    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), Infallible> {
        for chunk in bytes.chunks_mut(8) {
            chunk.copy_from_slice(&self.word().to_le_bytes()[..chunk.len()]);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use rand::Rng;

    use super::*;
    use crate::stats::{Tally, ks_critical, ks_statistic, z_critical};

    #[test]
    fn first_values_are_pinned() {
        let mut draw = Chance::new(20_240_221, 7).draw(3, 12, Purpose::Fill, 1);
        let words = [draw.next_u64(), draw.next_u64(), draw.next_u64()];
        assert_eq!(words, [0xa72a_15c9_9199_572f, 0xa3ee_3dd3_73fd_88e5, 0xbee0_325d_fbdb_04f4]);
        let mut bytes = [0; 12];
        Chance::new(20_240_221, 7).draw(3, 12, Purpose::Fill, 1).fill_bytes(&mut bytes);
        assert_eq!(bytes[..8], words[0].to_le_bytes());
        assert_eq!(bytes[8..], words[1].to_le_bytes()[..4]);
    }

    #[test]
    fn draws_together_are_those_one_by_one() {
        let chance = Chance::new(3, 1);
        let what = [(Purpose::Class, 0), (Purpose::OnHand, 1), (Purpose::Fill, 4_095)];
        for (mut draw, (purpose, index)) in chance.draws(7, 9, what).into_iter().zip(what) {
            let mut alone = chance.draw(7, 9, purpose, index);
            assert_eq!(chance.uniforms(7, 9, [(purpose, index)]), [alone.clone().uniform()]);
            for _ in 0..5 {
                assert_eq!(draw.next_u64(), alone.next_u64());
            }
        }
    }

    #[test]
    fn every_part_of_the_address_counts() {
        let chance = |seed, replication| Chance::new(seed, replication);
        let mut draws = [
            chance(1, 2).draw(3, 4, Purpose::New, 5),
            chance(2, 2).draw(3, 4, Purpose::New, 5),
            chance(1, 3).draw(3, 4, Purpose::New, 5),
            chance(1, 2).draw(4, 4, Purpose::New, 5),
            chance(1, 2).draw(3, 5, Purpose::New, 5),
            chance(1, 2).draw(3, Chance::SITE, Purpose::New, 5),
            chance(1, 2).draw(3, 4, Purpose::Paper, 5),
            chance(1, 2).draw(3, 4, Purpose::New, 6),
        ];
        let count = draws.len();
        let words: BTreeSet<u64> =
            draws.iter_mut().flat_map(|draw| [draw.next_u64(), draw.next_u64(), draw.next_u64()]).collect();
        assert_eq!(words.len(), 3 * count);
    }

    #[test]
    fn blocks_do_not_run_into_the_next_index() {
        let chance = Chance::new(1, 0);
        let mut draw = chance.draw(0, 0, Purpose::Gap, 0);
        let first = draw.next_u64();
        let next = chance.draw(0, 0, Purpose::Gap, 1).next_u64();
        let rest: Vec<u64> = (1..2 * 4096).map(|_| draw.next_u64()).collect();
        assert!(!rest.contains(&first) && !rest.contains(&next));
        assert_eq!(draw.next_u64(), first, "the blocks begin anew");
    }

    #[test]
    fn what_happens_at_a_probability_happens_at_every_larger_one() {
        for ordinal in 0..1000 {
            let happens = |p| Chance::new(5, 0).draw(0, ordinal, Purpose::OnTrust, 0).chance(p);
            assert!(!happens(0.0) && happens(1.0));
            assert!(!happens(0.3) || happens(0.31));
        }
    }

    /// Alpha 1e-3 for each of the two tests; the numbers are fixed by the address.
    #[test]
    fn neighbouring_addresses_are_uniform_and_uncorrelated() {
        let chance = Chance::new(1, 0);
        let n = 100_000;
        let mut sample: Vec<f64> = (0..n).map(|ordinal| chance.draw(2, ordinal, Purpose::Class, 0).uniform()).collect();
        let products: Tally = sample.windows(2).map(|pair| 12.0 * (pair[0] - 0.5) * (pair[1] - 0.5)).collect();
        let z = products.mean().expect("not empty") / products.standard_error().expect("not empty");
        assert!(z.abs() < z_critical(1e-3), "z {z}");
        sample.sort_unstable_by(f64::total_cmp);
        assert!(ks_statistic(&sample, |x| x) < ks_critical(sample.len(), 1e-3));
    }
}
