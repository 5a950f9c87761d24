//! What a scenario says, valid by construction: every id resolved, every share in range, every law well formed.

use super::{Criticality, ValidationTarget};
use crate::disruption::{Attack, Failure, Outage, Target};
use crate::network::Network;
use crate::random::{MoneyLaw, SpanLaw};
use crate::response::{Attributes, Bands, Downtime};
use crate::units::{CivilTime, Money, Share, Span};

/// A whole scenario, immutable once built.
#[derive(Clone, Debug)]
pub struct Scenario {
    /// Short name: begins with a letter, then lower-case letters, digits and hyphens.
    pub name: String,
    /// Title for people.
    pub title: String,
    /// What the scenario is about; may be empty.
    pub description: String,
    /// How it is run.
    pub run: RunSettings,
    /// Pharmacies, services, platforms and links.
    pub network: Network,
    /// What kinds of prescriptions there are.
    pub prescriptions: Prescriptions,
    /// Staff work at the pharmacy.
    pub work: Work,
    /// How claims are submitted; `None` where no payer is declared: prescriptions then need no claim.
    pub claims: Option<Claims>,
    /// Rejections by payers, each kind with its remedy; the shares sum to at most 1.
    pub rejects: Vec<Reject>,
    /// What people do when a claim cannot get through.
    pub downtime: Downtime,
    /// How what is ready reaches the patient; `None`: at once.
    pub pick_up: Option<PickUp>,
    /// Secondary claims of patients with a copay card.
    pub copay: Option<Copay>,
    /// When payers pay, and what stores have put by; `None`: money is not followed.
    pub money: Option<Finance>,
    /// Orders and playbooks.
    pub orders: Vec<Order>,
    /// For which groups beside the usual ones results are reported.
    pub report: ReportSettings,
    /// Planned outages.
    pub outages: Vec<Outage>,
    /// Random failures.
    pub failures: Vec<Failure>,
    /// What the results must fulfil.
    pub checks: Vec<Check>,
    /// Attacks.
    pub attacks: Vec<Attack>,
    /// What could be invested in; the values of those in force are in their places.
    pub precautions: Vec<Precaution>,
    /// What was observed, and what the model has to give.
    pub targets: Vec<ValidationTarget>,
    /// Whether each node is to be taken out by itself, beside the run itself.
    pub criticality: Option<Criticality>,
}

impl Scenario {
    /// Whether anything is disrupted, so that a twin is run.
    #[must_use]
    pub fn is_disrupted(&self) -> bool {
        self.disruptions().next().is_some()
    }

    /// Every disruption with its id and what it hits, in the order of [`Timeline::spans`](crate::disruption::Timeline::spans): outages,
    /// attacks, failures.
    pub fn disruptions(&self) -> impl Iterator<Item = (&str, &Target)> {
        let outages = self.outages.iter().map(|outage| (outage.id.as_str(), &outage.target));
        let attacks = self.attacks.iter().map(|attack| (attack.id.as_str(), &attack.target));
        let failures = self.failures.iter().map(|failure| (failure.id.as_str(), &failure.target));
        outages.chain(attacks).chain(failures)
    }

    /// How many of the disruptions have one onset and one end, from which recovery can be counted: outages and attacks, which come first.
    #[must_use]
    pub fn spells(&self) -> usize {
        self.outages.len() + self.attacks.len()
    }
}

/// `[run]`.
#[derive(Clone, Debug)]
pub struct RunSettings {
    /// Local civil time at t = 0: sets the weekday and the hour.
    pub start: CivilTime,
    /// Prescriptions requested before this time after t = 0 are not measured.
    pub warm_up: Span,
    /// End of the run after t = 0.
    pub horizon: Span,
    /// Prescriptions requested later than this before the horizon are not measured, so that each measured one has at least
    /// this long to be filled.
    pub follow_up: Span,
    /// One site in `1 / scale` is simulated, and shared capacity is scaled alike.
    pub scale: f64,
    /// How many replications.
    pub replications: Replications,
    /// Seed of all chance, below 2^63.
    pub seed: u64,
    /// Confidence level of the intervals.
    pub confidence: Share,
    /// Step of the grid of `timeline.csv`.
    pub timeline_step: Span,
}

/// How many replications are run.
#[derive(Clone, Debug)]
pub enum Replications {
    /// This many.
    Fixed(u32),
    /// Until the half-width of a metric's interval is small enough.
    Until {
        /// Name of the metric.
        metric: String,
        /// Key of the report group.
        group: String,
        /// Half-width that suffices, as a share of the mean.
        half_width: Share,
        /// Stop here at the latest.
        max: u32,
    },
}

impl Replications {
    /// The largest number that is run.
    #[must_use]
    pub fn at_most(&self) -> u32 {
        match self {
            Self::Fixed(number) => *number,
            Self::Until { max, .. } => *max,
        }
    }
}

/// `[prescriptions]` and `[drug_classes]`.
#[derive(Clone, Debug)]
pub struct Prescriptions {
    /// Share of the new ones that come on paper, not through a prescribing network.
    pub paper: Share,
    /// How long a patient stays in line before staff begin; `None`: for ever.
    pub patience: Option<SpanLaw>,
    /// Drug classes; the shares sum to 1.
    pub classes: Vec<DrugClass>,
    /// What prescriptions bring with them: whether they are new, prices, supply in hand; by class in the same order.
    pub attributes: Attributes,
}

impl Prescriptions {
    /// Share of the prescriptions that come through a prescribing network, where the pharmacy has one: new, and not on paper.
    #[must_use]
    pub fn electronic(&self) -> f64 {
        self.attributes.new.value() * (1.0 - self.paper.value())
    }
}

/// One of `[drug_classes]`.
#[derive(Clone, Debug)]
pub struct DrugClass {
    /// Unique id.
    pub id: String,
    /// Share of prescriptions.
    pub share: Share,
    /// Place in line: 0 is served first, equals in order of arrival.
    pub priority: u8,
}

/// `[work]`: staff time; `None` switches a stage off.
#[derive(Clone, Debug)]
pub struct Work {
    /// Entering a prescription.
    pub entry: Option<SpanLaw>,
    /// Filling and verifying it.
    pub fill: Option<SpanLaw>,
}

/// `[claims]`.
#[derive(Clone, Copy, Debug)]
pub struct Claims {
    /// How long the pharmacy waits for an answer; `None`: for ever.
    pub timeout: Option<Span>,
    /// How long a claim that nobody decides about rests before it is submitted again, if its route is open.
    pub resubmit_after: Span,
    /// Whether a claim whose sender no longer waits stays in the lines of the services and takes up their time, its answer unheard.
    pub lingers: bool,
}

/// `[pick_up]`.
#[derive(Clone, Copy, Debug)]
pub struct PickUp {
    /// Time from ready to picked up.
    pub lag: SpanLaw,
    /// Time until a patient with nothing left picks up what is ready, if that is sooner; `None`: running out hurries nobody.
    pub lag_when_out: Option<SpanLaw>,
    /// Share that is never picked up.
    pub abandoned: Share,
}

/// `[copay]`: a manufacturer's copay card is billed as a second claim, to a processor of its own.
#[derive(Clone, Debug)]
pub struct Copay {
    /// The processor, as an index among the payers.
    pub processor: u16,
    /// Share of prescriptions with a card.
    pub share: Share,
    /// What the patient would have to pay without the card.
    pub out_of_pocket: MoneyLaw,
    /// Probability that the patient will not pay that, by amount.
    pub abandon: Bands,
    /// Share of those who will not pay who come back later rather than go without.
    pub wait: Share,
}

/// `[report]`: for which groups beside the usual ones results are reported.
#[derive(Clone, Debug, Default)]
pub struct ReportSettings {
    /// Marks of the payers whose prescriptions are a group, by place among the payers; empty: none is.
    pub payers: Vec<bool>,
}

/// `[money]`.
#[derive(Clone, Debug)]
pub struct Finance {
    /// Marked pharmacy groups, which live on what payers and patients pay.
    pub groups: Vec<bool>,
    /// Time from adjudication to payment.
    pub payment_lag: SpanLaw,
    /// What a store has put by for days when less comes in than usual.
    pub reserve: Money,
}

/// One `[[order]]`: something that is decided and then in force for a time.
#[derive(Clone, Debug)]
pub struct Order {
    /// Unique id.
    pub id: String,
    /// Marked pharmacy groups that it is for.
    pub groups: Vec<bool>,
    /// Marked payers whose prescriptions it is for; `None`: all.
    pub payers: Option<Vec<bool>>,
    /// What sets it off.
    pub trigger: Trigger,
    /// Time from the trigger until it is in force.
    pub lead_time: SpanLaw,
    /// How long it is in force; `None`: to the end of the run.
    pub lasts: Option<Span>,
    /// What it does, at least one thing.
    pub actions: Actions,
}

/// What sets an order off.
#[derive(Clone, Debug)]
pub enum Trigger {
    /// A time after the start of the run.
    At(Span),
    /// The onset of an outage or attack, and a delay.
    After {
        /// Index in the order of [`Scenario::disruptions`].
        spell: usize,
        /// Time from its onset.
        delay: Span,
    },
    /// As many prescriptions held back at the pharmacies concerned as they are asked for in this time.
    Backlog(Span),
    /// This share of the prescriptions of the last 24 h at the pharmacies concerned has been waiting for more than 24 h.
    ShareDelayed(Share),
}

impl Trigger {
    /// What can set an order off, by the names that the guide uses.
    pub const NAMES: [&'static str; 4] = ["time", "after", "backlog", "share_delayed"];

    /// Its name.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        let [time, after, backlog, share_delayed] = Self::NAMES;
        match self {
            Self::At(_) => time,
            Self::After { .. } => after,
            Self::Backlog(_) => backlog,
            Self::ShareDelayed(_) => share_delayed,
        }
    }
}

/// What an order does while it is in force.
#[derive(Clone, Debug, Default)]
pub struct Actions {
    /// Pharmacies hand out supply with payment guaranteed.
    pub emergency_supply: Option<crate::response::Emergency>,
    /// Rejections of the marked kinds are waived with this probability.
    pub waive: Option<(Vec<bool>, Share)>,
    /// Each store is paid this much a week in advance.
    pub interim_payment: Option<Money>,
    /// Staff work this many times as fast: overtime and borrowed hands.
    pub staff: Option<f64>,
    /// Marked drug classes are served before all others, those in line by then included.
    pub prioritise: Option<Vec<bool>>,
}

impl Actions {
    /// What an order can do, by the keys of the scenario.
    pub const NAMES: [&'static str; 5] = ["emergency_supply", "waive", "interim_payment", "staff", "prioritise"];

    /// The names of what this one does.
    pub fn names(&self) -> impl Iterator<Item = &'static str> {
        let Self { emergency_supply, waive, interim_payment, staff, prioritise } = self;
        let given =
            [emergency_supply.is_some(), waive.is_some(), interim_payment.is_some(), staff.is_some(), prioritise.is_some()];
        Self::NAMES.into_iter().zip(given).filter_map(|(name, given)| given.then_some(name))
    }
}

/// One of `[rejects]`: a reason why payers refuse a claim, and its remedy.
#[derive(Clone, Debug)]
pub struct Reject {
    /// Unique id.
    pub id: String,
    /// Share of adjudicated submissions that are refused for this reason.
    pub share: Share,
    /// Staff time to work it; `None`: none.
    pub staff: Option<SpanLaw>,
    /// Time until an outside party (prescriber, plan) has answered; `None`: nobody is asked.
    pub response: Option<SpanLaw>,
    /// Share that is resolved and submitted again; the rest gives up.
    pub resolved: Share,
}

/// One `[[check]]`.
#[derive(Clone, Debug)]
pub struct Check {
    /// Name of the metric.
    pub metric: String,
    /// Key of the report group.
    pub group: String,
    /// The mean over replications must be below this.
    pub below: Option<f64>,
    /// The mean over replications must be above this.
    pub above: Option<f64>,
}

/// One `[[precaution]]`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Precaution {
    /// Unique id.
    pub id: String,
    /// Title for people.
    pub title: String,
    /// Whether it is in force.
    pub in_force: bool,
    /// What it costs each year.
    pub cost_per_year: Money,
    /// What it sets when it is in force: key path and value as TOML text.
    pub set: Vec<(String, String)>,
}
