//! What belongs to a prescription from the first and is seldom asked for.

use crate::random::{Chance, Draw, MoneyLaw, Purpose, SpanLaw};
use crate::units::{Money, Share, SimTime, Span};

/// The laws of what a prescription brings with it. Nothing is stored with the prescription: draws are addressed, so that asking twice, or
/// in the twin, gives the same, and a scenario that does not ask pays nothing.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Attributes {
    /// Share that are new and so come from a prescriber; the rest are refills on file.
    pub new: Share,
    /// By drug class.
    pub classes: Vec<ClassAttributes>,
}

/// What a drug class says about its prescriptions.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct ClassAttributes {
    /// Price of a prescription.
    pub price: Option<MoneyLaw>,
    /// Supply in hand when a refill is requested; `None`: not said.
    pub on_hand: Option<SpanLaw>,
    /// Share of refills with nothing left at the request.
    pub none_on_hand: Share,
    /// Supply in hand when a new prescription is requested: none, unless it renews one.
    pub on_hand_new: Option<SpanLaw>,
    /// Doses a day, for missed doses.
    pub doses_per_day: f64,
}

/// One prescription, as the address of its draws.
#[derive(Clone, Copy, Debug)]
pub struct Address {
    /// Chance of the replication.
    pub chance: Chance,
    /// Site where it was requested.
    pub home: u32,
    /// Number of the prescription at that site.
    pub ordinal: u32,
    /// Drug class.
    pub class: u8,
    /// Whether it is new: neither a refill nor asked for again.
    pub is_new: bool,
}

impl Address {
    /// The draw of this prescription for a purpose, the `index`-th of its kind; after 4,096 of a kind they repeat.
    #[must_use]
    #[inline]
    pub fn draw(&self, purpose: Purpose, index: u16) -> Draw {
        self.chance.draw(self.home, self.ordinal, purpose, index & 0xFFF)
    }
}

impl Attributes {
    /// Whether results about supply in hand (therapy gaps, missed doses) can be given.
    #[must_use]
    pub fn knows_supply(&self) -> bool {
        self.classes.iter().any(|class| class.on_hand.is_some() || class.on_hand_new.is_some())
    }

    /// Whether every prescription has a price.
    #[must_use]
    pub fn knows_prices(&self) -> bool {
        !self.classes.is_empty() && self.classes.iter().all(|class| class.price.is_some())
    }

    /// Whether it is a new prescription (`true`) or a refill of one that the pharmacy has filled before, by the uniform number for that; where either is
    /// certain, none is asked for.
    #[must_use]
    #[inline]
    pub fn is_new(&self, number: impl FnOnce() -> f64) -> bool {
        self.new > Share::NONE && number() < self.new.value()
    }

    /// Supply that the patient has in hand at the request.
    #[must_use]
    pub fn on_hand(&self, of: Address) -> Span {
        self.on_hand_by(of, of.draw(Purpose::OnHand, 0), of.draw(Purpose::OnHand, 1))
    }

    /// The same, by the draws for how much and for whether nothing is left.
    #[inline]
    pub(crate) fn on_hand_by(&self, of: Address, mut much: Draw, mut nothing: Draw) -> Span {
        let class = &self.classes[usize::from(of.class)];
        if class.on_hand.is_none() && class.on_hand_new.is_none() {
            return Span::ZERO;
        }
        if of.is_new {
            return class.on_hand_new.map_or(Span::ZERO, |law| law.sample(&mut much));
        }
        if class.none_on_hand > Share::NONE && nothing.chance(class.none_on_hand.value()) {
            return Span::ZERO;
        }
        class.on_hand.map_or(Span::ZERO, |law| law.sample(&mut much))
    }

    /// Its price; nothing, where the scenario gives none.
    #[must_use]
    pub fn price(&self, of: Address) -> Money {
        self.price_by(of, of.draw(Purpose::Price, 0))
    }

    /// The same, by the draw for it.
    #[inline]
    pub(crate) fn price_by(&self, of: Address, mut draw: Draw) -> Money {
        let law = self.classes[usize::from(of.class)].price;
        law.map_or(Money::ZERO, |law| law.sample(&mut draw))
    }

    /// When the patient runs out, if nothing more is handed out.
    #[must_use]
    pub fn run_out(&self, of: Address, requested: SimTime) -> SimTime {
        requested + self.on_hand(of)
    }
}
