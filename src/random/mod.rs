//! Chance: where random numbers come from, and the laws that shape them.
//!
//! Two kinds, so that common random numbers hold by construction:
//! - **addressed draws** ([`Chance::draw`]) for what belongs to a prescription or a site: a pure function of seed,
//!   replication, site, ordinal, purpose and index, whatever was drawn before and elsewhere. The same prescription meets the
//!   same chance in every design point and in its twin.
//! - **streams** ([`Chance::stream`]) for what belongs to a place or to the replication as a whole: sequences, one for each
//!   purpose and node. [`Spans`] draws from one a block at a time.
//!
//! A [`Law`] takes its numbers from either, or from any other generator of the `rand` crate. Values are part of the contract:
//! a test pins the first ones, and a change of them is a value-breaking release.
//!
//! # Example
//! ```
//! use rxoutage::random::{Chance, Law, Purpose, SpanLaw};
//! # fn main() -> Result<(), rxoutage::random::LawError> {
//! let chance = Chance::new(20_240_221, 0);
//! let fill = SpanLaw::new(Law::lognormal_mean_cv(300.0, 0.5)?);
//! let first = fill.sample(&mut chance.draw(17, 4, Purpose::Fill, 0));
//! assert_eq!(first, fill.sample(&mut chance.draw(17, 4, Purpose::Fill, 0)));
//! # Ok(())
//! # }
//! ```

mod categories;
mod chance;
mod gamma;
mod law;
mod law_error;
mod philox;
mod quantity;
mod spans;
mod stream;

#[cfg(test)]
mod fit;

pub use categories::Categories;
pub use chance::{Chance, Draw, Purpose};
pub use law::Law;
pub use law_error::LawError;
pub use quantity::{CountLaw, MoneyLaw, SpanLaw};
pub use spans::Spans;
pub use stream::{Stream, StreamPurpose};

/// A number in the open interval (0, 1) from 64 random bits: the middle of one of 2^52 equal parts.
///
/// A 53rd bit would round the last part's middle to 1, and a law would then ask for the logarithm of 0.
#[inline]
fn open_unit(word: u64) -> f64 {
    // The bits as those behind the point of a number from 1 to 2, less 1 but for half a part: exact, and no conversion.
    f64::from_bits(1.0_f64.to_bits() | word >> 12) - (1.0 - f64::EPSILON / 2.0)
}

/// The next number of a generator in the open interval (0, 1).
#[inline]
fn uniform<R: rand::Rng + ?Sized>(rng: &mut R) -> f64 {
    open_unit(rng.next_u64())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_uniform_is_never_0_or_1() {
        assert_eq!(open_unit(0), f64::EPSILON / 2.0);
        assert_eq!(open_unit(u64::MAX), 1.0 - f64::EPSILON / 2.0);
        assert!(open_unit(u64::MAX) < 1.0);
        for part in [1, 2, 3, 0x000f_0f0f_1234_5678, (1 << 51) - 1, 1 << 51, (1 << 52) - 2] {
            assert_eq!(open_unit(part << 12 | 0xfff), (part as f64 + 0.5) / (1_u64 << 52) as f64, "the middle of part {part}");
        }
    }
}
