//! Emergency supply: what an order in force asks pharmacies to hand out, with payment guaranteed.

use super::{Address, Decision};
use crate::random::Purpose;
use crate::units::{Share, Span};

/// The supply of an order in force, as a pharmacy sees it.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Emergency {
    /// Probability that the pharmacy follows the order; drawn once for each prescription and order.
    pub share: Share,
    /// Supply handed out; `None`: the whole prescription.
    pub supply: Option<Span>,
    /// Staff time to hand out a part; the whole prescription takes the manual procedure of [`super::OnTrust`].
    pub staff: Span,
    /// Number of the order, from 1.
    pub order: u8,
}

impl Emergency {
    /// Whether the order has something for this prescription: the pharmacy follows it, and a part is handed out only to who has had none.
    #[must_use]
    pub fn serves(&self, address: Address, tide_overs: u8) -> bool {
        let follows = || address.draw(Purpose::Emergency, u16::from(self.order)).chance(self.share.value());
        (self.supply.is_none() || tide_overs == 0) && follows()
    }

    /// What is done where it serves.
    #[must_use]
    pub fn decision(&self) -> Decision {
        match self.supply {
            None => Decision::Guaranteed,
            Some(_) => Decision::TideOver { order: self.order },
        }
    }
}
