//! What a metric or series needs, and what a scenario has.

use super::Scenario;
use crate::units::Share;

/// A set of features of a scenario: what a metric needs, or what a scenario has.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Needs(u16);

impl Needs {
    /// Nothing: every scenario gives it.
    pub const NOTHING: Self = Self(0);
    /// A disruption, and so a twin.
    pub const TWIN: Self = Self(1);
    /// Supply in hand, for therapy gaps.
    pub const SUPPLY: Self = Self(1 << 1);
    /// Pick-up, which can fail.
    pub const PICK_UP: Self = Self(1 << 2);
    /// Prices, for receivables.
    pub const PRICES: Self = Self(1 << 3);
    /// Payment lags and reserves.
    pub const MONEY: Self = Self(1 << 4);
    /// Patients who pay.
    pub const CASH: Self = Self(1 << 5);
    /// Patients who are tided over.
    pub const TIDE_OVER: Self = Self(1 << 6);
    /// Patients who go elsewhere.
    pub const MOVE: Self = Self(1 << 7);
    /// Copay cards.
    pub const COPAY: Self = Self(1 << 8);
    /// Outages or attacks, with a first onset and an end.
    pub const OUTAGE: Self = Self(1 << 9);
    /// New prescriptions and refills.
    pub const KINDS: Self = Self(1 << 10);

    /// Both.
    #[must_use]
    pub const fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Whether everything in `self` is in `had`.
    #[must_use]
    pub const fn met_by(self, had: Self) -> bool {
        self.0 & !had.0 == 0
    }

    /// What is in `self` and not in `had`, in words.
    #[must_use]
    pub fn lacking(self, had: Self) -> Vec<&'static str> {
        let words = [
            (Self::TWIN, "disruption"),
            (Self::SUPPLY, "supply in hand"),
            (Self::PICK_UP, "pick-up"),
            (Self::PRICES, "prices"),
            (Self::MONEY, "payment lags and reserves"),
            (Self::CASH, "patients who pay cash"),
            (Self::TIDE_OVER, "patients who are tided over"),
            (Self::MOVE, "patients who go elsewhere"),
            (Self::COPAY, "copay cards"),
            (Self::OUTAGE, "outage"),
            (Self::KINDS, "new prescriptions beside refills"),
        ];
        let lacks = |need: Self| need.met_by(self) && !need.met_by(had);
        words.into_iter().filter(|(need, _)| lacks(*need)).map(|(_, words)| words).collect()
    }

    /// What a scenario has.
    #[must_use]
    pub fn of(scenario: &Scenario) -> Self {
        let attributes = &scenario.prescriptions.attributes;
        let downtime = &scenario.downtime;
        let supply_orders = scenario.orders.iter().filter_map(|order| order.actions.emergency_supply);
        let tide_over = downtime.tide_over.is_some() || supply_orders.into_iter().any(|order| order.supply.is_some());
        let features = [
            (scenario.is_disrupted(), Self::TWIN),
            (attributes.knows_supply(), Self::SUPPLY),
            (scenario.pick_up.is_some(), Self::PICK_UP),
            (attributes.knows_prices(), Self::PRICES),
            (scenario.money.is_some(), Self::MONEY),
            (downtime.cash.is_some(), Self::CASH),
            (tide_over, Self::TIDE_OVER),
            (downtime.relocate.is_some(), Self::MOVE),
            (scenario.copay.is_some(), Self::COPAY),
            (scenario.spells() > 0, Self::OUTAGE),
            (attributes.new > Share::NONE, Self::KINDS),
        ];
        features.into_iter().filter(|(has, _)| *has).fold(Self::NOTHING, |all, (_, feature)| all.and(feature))
    }
}
