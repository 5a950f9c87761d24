//! Give up: the prescription is not filled.

use super::{Decision, Policy, View};
use crate::random::Purpose;
use crate::units::Share;

/// `[downtime] give_up`.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct GiveUp {
    /// Probability, each time that a blocked patient has to decide, that he or she goes without.
    pub share: Share,
}

impl Policy for GiveUp {
    fn decide(&self, view: &View) -> Option<Decision> {
        view.draw(Purpose::GiveUp, view.returns).chance(self.share.value()).then_some(Decision::GiveUp)
    }
}
