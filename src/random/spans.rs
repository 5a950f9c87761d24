//! Spans from a stream, drawn some at a time.

use super::{SpanLaw, Stream};
use crate::units::Span;

/// Spans drawn at a time.
const BLOCK: usize = 32;

/// A sequence of spans under one law, from a stream of its own: interarrival times, times to failure.
///
/// The spans are those of [`SpanLaw::sample`] on the same stream, one after the other. They are drawn a block at a time, as the
/// logarithms behind most laws are had quicker together, and a model does not wait for them.
///
/// # Example
/// ```
/// use rxoutage::random::{Chance, Law, SpanLaw, Spans, StreamPurpose};
/// # fn main() -> Result<(), rxoutage::random::LawError> {
/// let (law, chance) = (SpanLaw::new(Law::exponential(20.0)?), Chance::new(1, 0));
/// let mut stream = chance.stream(StreamPurpose::Model, 0);
/// let mut gaps = Spans::new(law, stream.clone());
/// assert_eq!([gaps.draw(), gaps.draw()], [law.sample(&mut stream), law.sample(&mut stream)]);
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct Spans {
    law: SpanLaw,
    stream: Stream,
    block: [Span; BLOCK],
    used: usize,
}

impl Spans {
    /// The spans of a law from the numbers of a stream.
    #[must_use]
    pub const fn new(law: SpanLaw, stream: Stream) -> Self {
        Self { law, stream, block: [Span::ZERO; BLOCK], used: BLOCK }
    }

    /// The next span.
    #[inline]
    pub fn draw(&mut self) -> Span {
        if self.used == BLOCK {
            self.refill();
        }
        let span = self.block[self.used];
        self.used += 1;
        span
    }

    #[inline(never)]
    fn refill(&mut self) {
        self.law.fill(&mut self.stream, &mut self.block);
        self.used = 0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::{Chance, Law, StreamPurpose};

    #[test]
    fn a_block_holds_what_would_have_been_drawn_one_by_one() {
        let laws = [
            Law::constant(3.0),
            Law::exponential(240.0),
            Law::erlang(3, 60.0),
            Law::gamma(60.0, 30.0),
            Law::lognormal_mean_cv(300.0, 0.5),
            Law::hyperexponential(60.0, 2.0),
        ];
        for (law, node) in laws.into_iter().zip(0..) {
            let law = SpanLaw::new(law.expect("valid"));
            let mut stream = Chance::new(5, 3).stream(StreamPurpose::Model, node);
            let mut spans = Spans::new(law, stream.clone());
            for _ in 0..10 * BLOCK + 7 {
                assert_eq!(spans.draw(), law.sample(&mut stream));
            }
        }
    }
}
