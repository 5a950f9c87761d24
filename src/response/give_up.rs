//! Give up: the prescription is not filled.

use super::{Decision, Policy, View, Who};
use crate::random::Purpose;
use crate::units::Share;

/// `[downtime] give_up`.
#[derive(Clone, PartialEq, Debug)]
pub struct GiveUp {
    /// Probability, each time that a blocked patient has to decide, that he or she goes without.
    pub share: Share,
    /// Whom it is for.
    pub who: Who,
}

impl Policy for GiveUp {
    fn decide(&self, view: &View<'_>) -> Option<Decision> {
        let goes = || view.draw(Purpose::GiveUp, view.decisions()).chance(self.share.value());
        (self.who.includes(view) && goes()).then_some(Decision::GiveUp)
    }
}
