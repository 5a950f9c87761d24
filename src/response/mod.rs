//! What people do when a claim cannot get through.
//!
//! The decision point asks the responses in force one after the other; the first that answers decides. First what goes by itself (another
//! route, another try), then what people choose, in the order that the scenario gives. A new response is one file with its settings, its
//! [`Policy`] and its test, one line in the registry below, and one line where `[downtime]` is read.

mod attributes;
mod bands;
mod cash;
mod emergency;
mod failover;
mod give_up;
mod on_trust;
mod policy;
mod relocate;
mod retry;
mod tide_over;
mod wait;
mod who;

pub use attributes::{Address, Attributes, ClassAttributes};
pub use bands::Bands;
pub use cash::Cash;
pub use emergency::Emergency;
pub use failover::Failover;
pub use give_up::GiveUp;
pub use on_trust::OnTrust;
pub use policy::{Decision, Policy, View};
pub use relocate::Move;
pub use retry::Retry;
pub use tide_over::TideOver;
pub use wait::Wait;
pub use who::Who;

use crate::units::Rate;

/// Turns one list into the settings struct and the static dispatch.
macro_rules! registry {
    (
        automatic { $($(#[$auto_doc:meta])* $auto:ident: $auto_settings:ty),+ $(,)? }
        chosen { $($(#[$doc:meta])* $name:ident, $choice:ident, $key:literal: $settings:ty),+ $(,)? }
    ) => {
        /// `[downtime]`: the responses that are in force.
        #[derive(Clone, Debug, Default)]
        pub struct Downtime {
            $($(#[$auto_doc])* pub $auto: Option<$auto_settings>,)+
            $($(#[$doc])* pub $name: Option<$settings>,)+
            /// The order in which people's choices are asked for: each that is in force, once.
            pub order: Vec<Choice>,
            /// How fast a store submits what it holds once its route is back; `None`: all at once.
            pub resubmission: Option<Rate>,
        }

        /// A response that people choose.
        #[derive(Clone, Copy, PartialEq, Eq, Debug)]
        pub enum Choice { $($(#[$doc])* $choice,)+ }

        impl Choice {
            /// Every choice, in the usual order.
            pub const ALL: &'static [Self] = &[$(Self::$choice,)+];

            /// The key in the scenario.
            #[must_use]
            pub const fn key(self) -> &'static str {
                match self { $(Self::$choice => $key,)+ }
            }
        }

        impl Downtime {
            /// Asks each response in turn; `None` if none has an answer: the claim then rests until its route is back.
            #[must_use]
            pub fn decide(&self, view: &View<'_>) -> Option<Decision> {
                if let Some(decision) = self.decide_automatically(view) {
                    return Some(decision);
                }
                if let Some(order) = &view.emergency {
                    return Some(order.decision());
                }
                self.order.iter().find_map(|choice| match choice {
                    $(Choice::$choice => self.$name.as_ref().and_then(|policy| policy.decide(view)),)+
                })
            }

            /// What goes by itself, before people choose.
            #[must_use]
            pub fn decide_automatically(&self, view: &View<'_>) -> Option<Decision> {
                $(if let Some(decision) = self.$auto.as_ref().and_then(|policy| policy.decide(view)) {
                    return Some(decision);
                })+
                None
            }

            /// Every response, automatic or chosen, by the names that the guide uses.
            pub const RESPONSES: &'static [&'static str] = &[$(stringify!($auto),)+ $($key,)+];

            /// The names of those in force.
            pub fn names(&self) -> impl Iterator<Item = &'static str> {
                let in_force = [$(self.$auto.is_some(),)+ $(self.$name.is_some(),)+];
                Self::RESPONSES.iter().copied().zip(in_force).filter_map(|(name, in_force)| in_force.then_some(name))
            }

            /// Whether a choice is in force.
            #[must_use]
            pub fn has(&self, choice: Choice) -> bool {
                match choice { $(Choice::$choice => self.$name.is_some(),)+ }
            }
        }
    };
}

impl Downtime {
    /// Whether any response asks whether a prescription is new.
    #[must_use]
    pub fn asks_for_kind(&self) -> bool {
        self.whom().any(|(_, who)| who.new.is_some())
    }

    /// Whom each response that asks is for, with its key.
    pub fn whom(&self) -> impl Iterator<Item = (&'static str, &Who)> {
        let all = [
            ("on_trust", self.on_trust.as_ref().map(|response| &response.who)),
            ("tide_over", self.tide_over.as_ref().map(|response| &response.who)),
            ("cash", self.cash.as_ref().map(|response| &response.who)),
            ("move", self.relocate.as_ref().map(|response| &response.who)),
            ("give_up", self.give_up.as_ref().map(|response| &response.who)),
        ];
        all.into_iter().filter_map(|(key, who)| Some((key, who?)))
    }
}

registry! {
    automatic {
        /// Use the route that the pharmacy has by now; always in force.
        failover: Failover,
        /// Submit again soon.
        retry: Retry,
    }
    chosen {
        /// Fill now, bill later.
        on_trust, OnTrust, "on_trust": OnTrust,
        /// Hand out a few days' supply; the patient comes back for the rest.
        tide_over, TideOver, "tide_over": TideOver,
        /// The patient pays.
        cash, Cash, "cash": Cash,
        /// Go to another pharmacy.
        relocate, Move, "move": Move,
        /// Go without.
        give_up, GiveUp, "give_up": GiveUp,
        /// Come back another time.
        wait, Wait, "wait": Wait,
    }
}
