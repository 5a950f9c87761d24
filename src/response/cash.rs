//! Cash: the patient pays the price, and no claim is made.

use super::{Bands, Decision, Policy, View, Who};
use crate::random::Purpose;

/// `[downtime.cash]`.
#[derive(Clone, Debug)]
pub struct Cash {
    /// Probability that the patient is willing to pay, by price; drawn once for each prescription.
    pub share: Bands,
    /// Whom it is for.
    pub who: Who,
}

impl Policy for Cash {
    fn decide(&self, view: &View<'_>) -> Option<Decision> {
        let willing = || view.draw(Purpose::Cash, 0).chance(self.share.share(|| view.price()).value());
        (self.who.includes(view) && willing()).then_some(Decision::Cash)
    }
}
