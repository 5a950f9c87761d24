//! The decision point: what is known when a claim cannot get through, and what can be decided.

use crate::random::{Chance, Draw, Purpose};
use crate::units::SimTime;

/// What is known at the decision point. Read-only.
#[derive(Clone, Copy, Debug)]
pub struct View {
    /// Now.
    pub now: SimTime,
    /// When the prescription was requested.
    pub requested: SimTime,
    /// Further submissions made already since the claim was first refused.
    pub retries: u16,
    /// How often the patient has come back already.
    pub returns: u16,
    /// Whether the pharmacy now has another route than the one on which the claim failed.
    pub other_route: bool,
    /// Whether the pharmacy's manual procedure is organised.
    pub trust_ready: bool,
    /// Chance of the replication.
    pub chance: Chance,
    /// Site, for draws.
    pub site: u32,
    /// Ordinal of the prescription at the site, for draws.
    pub ordinal: u32,
}

impl View {
    /// The draw of this prescription for a purpose, the `index`-th of its kind; after 4,096 of a kind they repeat.
    #[must_use]
    pub fn draw(&self, purpose: Purpose, index: u16) -> Draw {
        self.chance.draw(self.site, self.ordinal, purpose, index & 0xFFF)
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
    /// The patient comes back at this time, or is called when the route is back.
    ReturnAt(SimTime),
    /// The prescription is not filled.
    GiveUp,
}

/// A response to a blocked claim.
pub trait Policy {
    /// The decision, or `None` to pass the question on to the next response.
    fn decide(&self, view: &View) -> Option<Decision>;
}
