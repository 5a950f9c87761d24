//! Emergency supply: what an order in force asks pharmacies to hand out, with payment guaranteed.

use super::{Decision, Policy, View};
use crate::random::Purpose;
use crate::units::{Share, Span};

/// The supply of an order in force, as a pharmacy sees it.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Emergency {
    /// Probability that the pharmacy follows the order; drawn once for each prescription.
    pub share: Share,
    /// Supply handed out; `None`: the whole prescription.
    pub supply: Option<Span>,
    /// Staff time to hand out a part; the whole prescription takes the manual procedure of [`super::OnTrust`].
    pub staff: Span,
    /// Number of the order, from 1.
    pub order: u8,
}

impl Policy for Emergency {
    fn decide(&self, view: &View<'_>) -> Option<Decision> {
        if !view.draw(Purpose::Emergency, 0).chance(self.share.value()) {
            return None;
        }
        match self.supply {
            None => Some(Decision::Guaranteed),
            Some(_) if view.tide_overs == 0 => Some(Decision::TideOver { order: self.order }),
            Some(_) => None,
        }
    }
}
