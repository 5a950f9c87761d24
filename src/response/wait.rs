//! Wait and return: the patient comes back another time.

use super::{Decision, Policy, View};
use crate::random::{Purpose, SpanLaw};

/// `[downtime] wait`.
#[derive(Clone, Debug)]
pub struct Wait {
    /// Time until the patient asks again.
    pub return_after: SpanLaw,
    /// Time since the request after which the patient gives up instead of waiting on; `None`: never.
    pub patience: Option<SpanLaw>,
}

impl Policy for Wait {
    fn decide(&self, view: &View<'_>) -> Option<Decision> {
        let waited = view.now.since(view.requested);
        let patience = self.patience.map(|law| law.sample(&mut view.draw(Purpose::WaitPatience, 0)));
        if patience.is_some_and(|patience| waited >= patience) {
            return Some(Decision::GiveUp);
        }
        Some(Decision::ReturnAt(view.now + self.return_after.sample(&mut view.draw(Purpose::ReturnAfter, view.returns))))
    }
}
