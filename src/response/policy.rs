//! The decision point: what is known when a claim cannot get through, and what can be decided.

use super::{Address, Attributes};
use crate::random::{Draw, Purpose};
use crate::units::{Money, SimTime, Span};

/// What is known at the decision point. Read-only.
#[derive(Clone, Copy, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "independent facts")]
pub struct View<'a> {
    /// Now.
    pub now: SimTime,
    /// When the prescription was requested.
    pub requested: SimTime,
    /// Further submissions made already since the claim was first refused.
    pub retries: u16,
    /// Whether the pharmacy's budget of retries allows one more.
    pub may_retry: bool,
    /// How often the patient has come back already.
    pub returns: u16,
    /// Whether the pharmacy now has another route than the one on which the claim failed.
    pub other_route: bool,
    /// Whether the pharmacy's manual procedure is organised.
    pub trust_ready: bool,
    /// What the pharmacy may still hand out unpaid.
    pub credit: Money,
    /// What an order in force has the pharmacy hand out for this prescription, with payment guaranteed.
    pub emergency: Option<super::Emergency>,
    /// How often the patient has been tided over.
    pub tide_overs: u8,
    /// Supply that has been handed out meanwhile to tide the patient over.
    pub tided_over: Span,
    /// How often the patient has gone to another pharmacy with it.
    pub moves: u8,
    /// Whether there is another pharmacy to go to, as far as the patient knows.
    pub elsewhere: bool,
    /// Payer, as an index among the payers.
    pub payer: u16,
    /// The address of its draws.
    pub address: Address,
    /// What can be asked about it.
    pub attributes: &'a Attributes,
}

impl View<'_> {
    /// The draw of this prescription for a purpose, the `index`-th of its kind; after 4,096 of a kind they repeat.
    #[must_use]
    pub fn draw(&self, purpose: Purpose, index: u16) -> Draw {
        self.address.draw(purpose, index)
    }

    /// How often the patient has had to decide before: at each return, and at each other pharmacy.
    #[must_use]
    pub fn decisions(&self) -> u16 {
        self.returns.saturating_add(u16::from(self.moves))
    }

    /// Whether it is a new prescription, or one that has been taken to a pharmacy that does not know the patient.
    #[must_use]
    pub fn is_new(&self) -> bool {
        self.moves > 0 || self.address.is_new
    }

    /// Supply that the patient has left now.
    #[must_use]
    pub fn on_hand(&self) -> Span {
        (self.attributes.run_out(self.address, self.requested) + self.tided_over).since(self.now)
    }

    /// Its price.
    #[must_use]
    pub fn price(&self) -> Money {
        self.attributes.price(self.address)
    }
}

/// What is done.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Decision {
    /// Submit again at once.
    Submit,
    /// Submit again at this time.
    SubmitAt(SimTime),
    /// Fill now by the manual procedure; the claim follows when the route is back.
    OnTrust,
    /// The same, with payment guaranteed: it does not count against the pharmacy's credit.
    Guaranteed,
    /// Hand out some days' supply; the patient comes back for the rest.
    TideOver {
        /// Number of the order that asks for it, from 1; 0: the pharmacy's own decision.
        order: u8,
    },
    /// The patient pays; no claim is made.
    Cash,
    /// The patient takes it to another pharmacy.
    Move,
    /// The patient comes back at this time, or is called when the route is back.
    ReturnAt(SimTime),
    /// The prescription is not filled.
    GiveUp,
}

/// A response to a blocked claim.
pub trait Policy {
    /// The decision, or `None` to pass the question on to the next response.
    fn decide(&self, view: &View<'_>) -> Option<Decision>;
}
