//! Move: the patient takes the prescription to another pharmacy.

use super::{Decision, Policy, View, Who};
use crate::network::GroupId;
use crate::random::{Purpose, SpanLaw};
use crate::units::Share;

/// `[downtime.move]` (a keyword in Rust, hence the name of the file).
#[derive(Clone, Debug)]
pub struct Move {
    /// Probability, each time that a blocked patient has to decide, that he or she tries another pharmacy.
    pub share: Share,
    /// Whom it is for.
    pub who: Who,
    /// Time until the patient stands at the other counter.
    pub travel: SpanLaw,
    /// Groups of pharmacies that patients go to; each of their sites is as likely as the others.
    pub to: Vec<GroupId>,
    /// Share of the moving patients who have asked first, and go to a pharmacy whose claims get through, if any of a few has one.
    pub informed: Share,
    /// Share of the moving patients who do not come back: their later prescriptions are requested at another pharmacy.
    pub permanent: Share,
    /// Prescriptions that one patient fills in a year: how many patients stand behind a pharmacy's demand.
    pub fills_per_year: f64,
}

/// Nobody goes to more pharmacies than this with one prescription.
const MOST_MOVES: u8 = 3;

impl Policy for Move {
    fn decide(&self, view: &View<'_>) -> Option<Decision> {
        let goes = || view.draw(Purpose::Move, view.decisions()).chance(self.share.value());
        (view.elsewhere && view.moves < MOST_MOVES && self.who.includes(view) && goes()).then_some(Decision::Move)
    }
}
