//! What people do when a claim cannot get through.
//!
//! The decision point asks the responses in force one after the other; the first that answers decides. A new response is one file with its
//! settings, its [`Policy`] and its test, one line in the registry below, and one line where `[downtime]` is read.

mod failover;
mod give_up;
mod on_trust;
mod policy;
mod retry;
mod wait;

pub use failover::Failover;
pub use give_up::GiveUp;
pub use on_trust::OnTrust;
pub use policy::{Decision, Policy, View};
pub use retry::Retry;
pub use wait::Wait;

/// Turns one list into the settings struct and the static dispatch, in the order in which the responses are asked.
macro_rules! registry {
    ($($(#[$doc:meta])* $name:ident: $settings:ty),+ $(,)?) => {
        /// `[downtime]`: the responses that are in force.
        #[derive(Clone, Debug, Default)]
        pub struct Downtime {
            $($(#[$doc])* pub $name: Option<$settings>,)+
        }

        impl Downtime {
            /// Asks each response in turn; `None` if none has an answer: the claim then rests until its route is back.
            #[must_use]
            pub fn decide(&self, view: &View) -> Option<Decision> {
                $(if let Some(decision) = self.$name.as_ref().and_then(|policy| policy.decide(view)) {
                    return Some(decision);
                })+
                None
            }
        }
    };
}

registry! {
    /// Use the route that the pharmacy has by now; always in force.
    failover: Failover,
    /// Submit again soon.
    retry: Retry,
    /// Fill now, bill later.
    on_trust: OnTrust,
    /// Go without.
    give_up: GiveUp,
    /// Come back another time.
    wait: Wait,
}
