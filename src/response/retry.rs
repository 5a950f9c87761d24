//! Try again soon: what the pharmacy's software does by itself.

use super::{Decision, Policy, View};
use crate::random::Purpose;
use crate::units::{Share, Span};

/// No pause grows longer than this: a route that is back would not be noticed.
const LONGEST_PAUSE: Span = Span::DAY;

/// `[downtime] retry`: further submissions of a claim that was refused or not answered.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Retry {
    /// Submissions after the first, before people decide what to do.
    pub attempts: u32,
    /// Pause before the first further submission.
    pub backoff: Span,
    /// Each pause is this many times the one before, up to a day.
    pub factor: f64,
    /// Each pause is multiplied by a number drawn evenly from `1 - jitter` to `1 + jitter`.
    pub jitter: Share,
    /// Further submissions that a pharmacy allows itself for each first one, saved up to [`Retry::MOST_SAVED`]; `None`: any number.
    pub budget: Option<f64>,
}

impl Retry {
    /// The most further submissions that a pharmacy saves up, and what it begins with.
    pub const MOST_SAVED: f64 = 10.0;
}

impl Policy for Retry {
    fn decide(&self, view: &View<'_>) -> Option<Decision> {
        if u32::from(view.retries) >= self.attempts || !view.may_retry {
            return None;
        }
        let growth = (0..view.retries).fold(1.0, |growth, _| growth * self.factor);
        let place = view.draw(Purpose::RetryJitter, view.retries).uniform();
        let spread = 1.0 + self.jitter.value() * (2.0 * place - 1.0);
        Some(Decision::SubmitAt(view.now + self.backoff.scaled(growth * spread).min(LONGEST_PAUSE)))
    }
}
