//! A probability that depends on an amount of money.

use crate::units::{Money, Share};

/// Shares by band of price: ascending upper bounds, the last band open.
#[derive(Clone, PartialEq, Debug)]
pub struct Bands {
    /// Upper bound (exclusive) and share of each band but the last.
    pub below: Vec<(Money, Share)>,
    /// Share from the last bound on.
    pub rest: Share,
}

impl Bands {
    /// The same share at every price.
    #[must_use]
    pub const fn flat(share: Share) -> Self {
        Self { below: Vec::new(), rest: share }
    }

    /// The share at the price that `price` gives; it is not asked for where it does not matter.
    #[must_use]
    pub fn share(&self, price: impl FnOnce() -> Money) -> Share {
        if self.below.is_empty() {
            return self.rest;
        }
        let price = price();
        self.below.iter().find(|(limit, _)| price < *limit).map_or(self.rest, |(_, share)| *share)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bounds_belong_to_the_band_above() {
        let share = |value| Share::new(value).expect("a share");
        let usd = |value| Money::from_usd(value);
        let bands = Bands { below: vec![(usd(100.0), share(0.75)), (usd(1000.0), share(0.45))], rest: share(0.1) };
        for (price, expected) in [(0.0, 0.75), (99.99, 0.75), (100.0, 0.45), (999.99, 0.45), (1000.0, 0.1), (1e6, 0.1)] {
            assert_eq!(bands.share(|| usd(price)), share(expected), "{price}");
        }
        assert_eq!(Bands::flat(share(0.3)).share(|| unreachable!("not asked for")), share(0.3));
    }
}
