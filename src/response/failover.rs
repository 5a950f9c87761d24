//! Fail over: use the route that the pharmacy has by now.

use super::{Decision, Policy, View};

/// Submits over the standby switch once the site has failed over (or over the primary one, once it is back). It has no settings of its
/// own: which sites hold a standby, and how long failing over takes, is said with the pharmacies.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Failover;

impl Policy for Failover {
    fn decide(&self, view: &View<'_>) -> Option<Decision> {
        view.other_route.then_some(Decision::Submit)
    }
}
