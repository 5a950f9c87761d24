//! Dispense on trust: fill now by a manual procedure, bill later.

use super::{Decision, Policy, View};
use crate::random::{Purpose, SpanLaw};
use crate::units::{Share, Span};

/// `[downtime] on_trust`.
#[derive(Clone, Debug)]
pub struct OnTrust {
    /// Share of blocked prescriptions that the pharmacy is willing to fill unpaid.
    pub share: Share,
    /// Staff time for the manual procedure, beside the usual work.
    pub extra: Span,
    /// Staff time to bill the claim once the route is back.
    pub rebill: Span,
    /// Time from a site's first blocked claim until its manual procedure is organised; drawn once for each site.
    pub lead_time: SpanLaw,
}

impl Policy for OnTrust {
    /// A prescription is either fit to be filled on trust or not: the draw is the same each time it is asked.
    fn decide(&self, view: &View) -> Option<Decision> {
        let willing = view.draw(Purpose::OnTrust, 0).chance(self.share.value());
        (view.trust_ready && willing).then_some(Decision::OnTrust)
    }
}
