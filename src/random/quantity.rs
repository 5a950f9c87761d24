//! Laws of quantities: a law of plain numbers, and what the numbers are.

use rand::Rng;

use super::Law;
use crate::units::{Money, Span};

/// Numbers drawn together.
const AT_A_TIME: usize = 32;

/// The law of a length of time; the law beneath is in seconds.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct SpanLaw(Law);

impl SpanLaw {
    /// The law whose numbers are seconds.
    #[must_use]
    pub const fn new(seconds: Law) -> Self {
        Self(seconds)
    }

    /// Always this span.
    #[must_use]
    pub fn constant(span: Span) -> Self {
        Self(Law::seconds(span))
    }

    /// A span under this law, rounded to the nearest microsecond.
    #[inline]
    pub fn sample<R: Rng + ?Sized>(&self, rng: &mut R) -> Span {
        Span::from_seconds(self.0.sample(rng))
    }

    /// Spans under this law: those of as many calls of [`sample`](Self::sample).
    pub fn fill<R: Rng + ?Sized>(&self, rng: &mut R, spans: &mut [Span]) {
        let mut seconds = [0.0; AT_A_TIME];
        for spans in spans.chunks_mut(AT_A_TIME) {
            let seconds = &mut seconds[..spans.len()];
            self.0.fill(rng, seconds);
            Span::fill_from_seconds(spans, seconds);
        }
    }

    /// Spans under this law from generators of their own, one for each: those of [`sample`](Self::sample) on each.
    pub fn fill_from<R: Rng>(&self, mut generators: impl Iterator<Item = R>, spans: &mut [Span]) {
        let mut seconds = [0.0; AT_A_TIME];
        for spans in spans.chunks_mut(AT_A_TIME) {
            let seconds = &mut seconds[..spans.len()];
            self.0.fill_from(generators.by_ref(), seconds);
            Span::fill_from_seconds(spans, seconds);
        }
    }

    /// Mean span.
    #[must_use]
    pub fn mean(&self) -> Span {
        Span::from_seconds(self.0.mean())
    }

    /// No time is less; see [`Law::minimum`].
    #[must_use]
    pub fn minimum(&self) -> Span {
        Span::from_seconds(self.0.minimum())
    }

    /// The quantile of `p` in \[0, 1), by halving the cdf: for estimates and messages, not for chance.
    ///
    /// # Reference
    /// Markov's inequality bounds it: no more than `1 - p` of a law that is never negative lies above its mean over `1 - p`.
    #[must_use]
    pub fn quantile(&self, p: f64) -> Span {
        let (mut low, mut high) = (0.0, self.mean().seconds() / (1.0 - p));
        for _ in 0..60 {
            let middle = f64::midpoint(low, high);
            if self.0.cdf(middle) < p {
                low = middle;
            } else {
                high = middle;
            }
        }
        Span::from_seconds(high)
    }

    /// The law of the number of seconds.
    #[must_use]
    pub const fn law(&self) -> &Law {
        &self.0
    }
}

impl From<Law> for SpanLaw {
    fn from(seconds: Law) -> Self {
        Self(seconds)
    }
}

/// The law of a count or a rate, such as prescriptions per day; numbers are not rounded.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct CountLaw(Law);

impl CountLaw {
    /// The law whose numbers are counts.
    #[must_use]
    pub const fn new(counts: Law) -> Self {
        Self(counts)
    }

    /// A count under this law.
    #[inline]
    pub fn sample<R: Rng + ?Sized>(&self, rng: &mut R) -> f64 {
        self.0.sample(rng)
    }

    /// Mean count.
    #[must_use]
    pub fn mean(&self) -> f64 {
        self.0.mean()
    }

    /// The law of the count.
    #[must_use]
    pub const fn law(&self) -> &Law {
        &self.0
    }
}

impl From<Law> for CountLaw {
    fn from(counts: Law) -> Self {
        Self(counts)
    }
}

/// The law of an amount of money; the law beneath is in dollars.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct MoneyLaw(Law);

impl MoneyLaw {
    /// The law whose numbers are dollars.
    #[must_use]
    pub const fn new(usd: Law) -> Self {
        Self(usd)
    }

    /// An amount under this law, rounded to the nearest cent.
    #[inline]
    pub fn sample<R: Rng + ?Sized>(&self, rng: &mut R) -> Money {
        Money::from_usd(self.0.sample(rng))
    }

    /// Mean amount.
    #[must_use]
    pub fn mean(&self) -> Money {
        Money::from_usd(self.0.mean())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::{Chance, LawError, Purpose};

    #[test]
    fn a_constant_span_is_itself() {
        let mut draw = Chance::new(1, 0).draw(0, 0, Purpose::Fill, 0);
        for span in [Span::ZERO, Span::from_micros(1), Span::from_micros(333_333), Span::DAY.scaled(400.0)] {
            let law = SpanLaw::constant(span);
            assert_eq!((law.sample(&mut draw), law.mean()), (span, span));
            assert_eq!(law.law().kind(), "constant");
        }
    }

    #[test]
    fn quantiles_by_halving() -> Result<(), LawError> {
        let quantile = |law: Law, p| SpanLaw::new(law).quantile(p).seconds();
        assert_eq!((quantile(Law::constant(3.0)?, 0.5), quantile(Law::constant(0.0)?, 0.9)), (3.0, 0.0));
        assert!((quantile(Law::lognormal_median_p99(1.0, 5.0)?, 0.99) - 5.0).abs() < 1e-5);
        assert!((quantile(Law::exponential(2.0)?, 0.5) - 2.0 * core::f64::consts::LN_2).abs() < 1e-5);
        Ok(())
    }

    #[test]
    fn the_unit_is_the_second() -> Result<(), LawError> {
        let minutes = SpanLaw::from(Law::exponential(120.0)?);
        assert_eq!(minutes.mean(), Span::MINUTE + Span::MINUTE);
        let counts = CountLaw::new(Law::constant(2.5)?);
        assert_eq!(counts.sample(&mut Chance::new(1, 0).draw(0, 0, Purpose::Volume, 0)), counts.mean());
        Ok(())
    }
}
