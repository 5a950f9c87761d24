//! Whom a response is for: conditions on a prescription.

use super::View;
use crate::units::{Money, Span};

/// `who = { ... }`: all conditions must hold; none at all means everybody.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Who {
    /// Marked drug classes; `None`: every class.
    pub drug_class: Option<Vec<bool>>,
    /// Marked payers, as indices among the payers; `None`: every payer.
    pub payer: Option<Vec<bool>>,
    /// `Some(true)`: new prescriptions only; `Some(false)`: refills only, whose history the pharmacy knows.
    pub new: Option<bool>,
    /// Only patients who have less than this left.
    pub on_hand_below: Option<Span>,
    /// Only prescriptions cheaper than this.
    pub price_below: Option<Money>,
}

impl Who {
    /// Whether the prescription is meant. Conditions that need no draw come first.
    #[must_use]
    pub fn includes(&self, view: &View<'_>) -> bool {
        let marked = |marks: &Option<Vec<bool>>, index: usize| {
            marks.as_ref().is_none_or(|marks| marks.get(index).copied().unwrap_or(false))
        };
        marked(&self.drug_class, usize::from(view.address.class))
            && marked(&self.payer, usize::from(view.payer))
            && self.new.is_none_or(|new| new == view.is_new())
            && self.on_hand_below.is_none_or(|limit| view.on_hand() < limit)
            && self.price_below.is_none_or(|limit| view.price() < limit)
    }
}
