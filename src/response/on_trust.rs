//! Dispense on trust: fill now by a manual procedure, bill later.

use super::{Bands, Decision, Policy, View, Who};
use crate::random::{Purpose, SpanLaw};
use crate::units::{Money, Share, Span};

/// `[downtime] on_trust`.
#[derive(Clone, Debug)]
pub struct OnTrust {
    /// Share of blocked prescriptions that the pharmacy is willing to fill unpaid, by price.
    pub share: Bands,
    /// Whom it is for.
    pub who: Who,
    /// Staff time for the manual procedure, beside the usual work.
    pub extra: Span,
    /// Staff time to bill the claim once the route is back.
    pub rebill: Span,
    /// Time from a site's first claim that finds its way shut, or has no further try left, until its manual procedure is organised; drawn once
    /// for each site.
    pub lead_time: SpanLaw,
    /// The most that a store hands out unpaid; `None`: there is no limit.
    pub credit: Option<Money>,
    /// Share of the claims billed later that the payer refuses for good: the store has lost the price.
    pub refused: Share,
}

impl Policy for OnTrust {
    /// A prescription is either fit to be filled on trust or not: the draw is the same each time it is asked.
    fn decide(&self, view: &View<'_>) -> Option<Decision> {
        let willing = || view.draw(Purpose::OnTrust, 0).chance(self.share.share(|| view.price()).value());
        let affordable = || self.credit.is_none() || view.price() <= view.credit;
        (view.trust_ready && self.who.includes(view) && willing() && affordable()).then_some(Decision::OnTrust)
    }
}
