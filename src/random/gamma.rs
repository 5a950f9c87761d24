//! Sampling of the standard gamma law.

use rand::Rng;

use super::uniform;
use crate::math;
use crate::stats::normal_quantile;

/// The gamma law with a shape and scale 1, ready to be sampled.
///
/// # Reference
/// Marsaglia & Tsang (2000), "A simple method for generating gamma variables", *ACM Transactions on Mathematical Software*
/// 26(3). The normal numbers come from the inverse cdf, so that most draws take two uniform numbers.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(super) struct StandardGamma {
    d: f64,
    c: f64,
    /// `1 / shape` if the shape is below 1: a gamma number of shape + 1 then shrinks by a uniform one to this power.
    boost: Option<f64>,
}

impl StandardGamma {
    pub(super) fn new(shape: f64) -> Self {
        let boost = (shape < 1.0).then_some(1.0 / shape);
        let d = if shape < 1.0 { shape + 1.0 } else { shape } - 1.0 / 3.0;
        Self { d, c: 1.0 / (9.0 * d).sqrt(), boost }
    }

    #[inline]
    pub(super) fn sample<R: Rng + ?Sized>(&self, rng: &mut R) -> f64 {
        let shrink = self.boost.map_or(1.0, |boost| math::pow(uniform(rng), boost));
        loop {
            let x = normal_quantile(uniform(rng));
            let root = 1.0 + self.c * x;
            if root <= 0.0 {
                continue;
            }
            let (v, square) = (root * root * root, x * x);
            let u = uniform(rng);
            // The squeeze spares the logarithms in nearly all cases.
            let accepted = u < 1.0 - 0.0331 * square * square || math::ln(u) < 0.5 * square + self.d * (1.0 - v + math::ln(v));
            if accepted {
                return self.d * v * shrink;
            }
        }
    }
}
