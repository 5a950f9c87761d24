//! Tide over: some days' supply now, the rest at a second visit.

use super::{Decision, Policy, View, Who};
use crate::random::Purpose;
use crate::units::{Share, Span};

/// `[downtime.tide_over]`.
#[derive(Clone, Debug)]
pub struct TideOver {
    /// Probability that a few days' supply is handed out; drawn once for each prescription.
    pub share: Share,
    /// Supply handed out.
    pub supply: Span,
    /// Staff time for it.
    pub staff: Span,
    /// How often one patient is tided over at most.
    pub times: u8,
    /// Whom it is for.
    pub who: Who,
}

impl Policy for TideOver {
    fn decide(&self, view: &View<'_>) -> Option<Decision> {
        let given = || view.draw(Purpose::TideOver, 0).chance(self.share.value());
        (view.tide_overs < self.times && self.who.includes(view) && given()).then_some(Decision::TideOver { order: 0 })
    }
}
