//! What happens to each prescription of a small scenario, in words that can be worked out by hand.

use rxoutage::disruption::Timeline;
use rxoutage::engine::{Calendar, run_until};
use rxoutage::random::Chance;
use rxoutage::sim::{Blueprint, Fact, Observer, Supply, World};
use rxoutage::units::{Money, SimTime};

use crate::support::load_text;

/// How prescriptions end.
pub(crate) const ENDS: &[&str] = &["ready", "gave up"];

/// A scenario of one kind of shop, one switch and one payer, where only what a test adds takes time: a request every 10 minutes, each ready at
/// the instant of its request, but for an outage of the switch from minute 302 to minute 362, which the requests of 310 to 360 meet.
pub(crate) const SHOP: &str = r#"
format = 1
name = "by-hand"
[run]
horizon = "10 h"
follow_up = "0 s"
replications = 1
[claims]
timeout = "none"
[pharmacies.shop]
sites = 1
interarrival = "10 min"
staff = 1
routes = { switch = 1.0 }
[clearinghouses.switch]
[payers.plan]
share = 1.0
[[outage]]
id = "stop"
target = { clearinghouse = "switch" }
at = "302 min"
mode = "hard_stop"
recovery_delay = "60 min"
recovery = "at_once"
"#;

/// [`SHOP`] with some of its text replaced and tables added behind.
pub(crate) fn shop(changes: &[(&str, &str)], more: &str) -> String {
    let mut text = SHOP.to_owned();
    for (old, new) in changes {
        assert!(text.contains(old), "there is no `{old}`");
        text = text.replacen(old, new, 1);
    }
    format!("{text}{more}")
}

/// Writes down what it is told: minute, what, minute of the request (and its site, if that is not the first; and its drug class, if there are
/// several), and the site if it is not where it was requested.
#[derive(Default)]
struct Scribe {
    notes: Vec<(f64, &'static str, String)>,
    classes: Vec<String>,
}

fn minutes(time: SimTime) -> f64 {
    time.since(SimTime::ZERO).minutes()
}

impl Scribe {
    fn note(&mut self, what: &'static str, fact: &Fact, more: &str) {
        let home = if fact.home == 0 { String::new() } else { format!("/{}", fact.home) };
        let class = match self.classes.len() {
            0 | 1 => String::new(),
            count => format!(" ({})", self.classes[fact.cell as usize % count]),
        };
        let place = if fact.site == fact.home { String::new() } else { format!(" at site {}", fact.site) };
        let line = format!("{} {what} {}{home}{class}{place}{more}", minutes(fact.now), minutes(fact.requested));
        self.notes.push((minutes(fact.requested), what, line));
    }
}

impl Observer for Scribe {
    fn requested(&mut self, fact: &Fact) {
        self.note("requested", fact, "");
    }
    fn ready(&mut self, fact: &Fact) {
        let how = match (fact.on_trust, fact.cash, fact.standby) {
            (true, ..) => " on trust",
            (_, true, _) => " for cash",
            (.., true) => " over the second switch",
            _ => "",
        };
        self.note("ready", fact, how);
    }
    fn gave_up(&mut self, fact: &Fact) {
        self.note("gave up", fact, "");
    }
    fn claim_submitted(&mut self, fact: &Fact, first: bool) {
        self.note("submitted", fact, if first { "" } else { " again" });
    }
    fn claim_adjudicated(&mut self, fact: &Fact) {
        self.note("adjudicated", fact, "");
    }
    fn unsettled(&mut self, fact: &Fact, price: Money, begins: bool) {
        self.note(if begins { "owed" } else { "settled" }, fact, &format!(": {} usd", price.usd()));
    }
    fn supplied(&mut self, fact: &Fact, supply: Supply) {
        let abandoned = if supply.abandoned { ", never picked up" } else { "" };
        self.note("gap", fact, &format!(": {} min{abandoned}", supply.gap.minutes()));
    }
    fn paid(&mut self, site: u32, at: SimTime, amount: Money) {
        self.notes.push((minutes(at), "paid", format!("{} paid {} usd to site {site}", minutes(at), amount.usd())));
    }
    fn written_off(&mut self, fact: &Fact, price: Money) {
        self.note("written off", fact, &format!(": {} usd", price.usd()));
    }
    fn copay_claim(&mut self, fact: &Fact, through: bool) {
        self.note("card", fact, if through { " used" } else { " blocked" });
    }
    fn tided_over(&mut self, fact: &Fact) {
        self.note("tided over", fact, "");
    }
    fn moved(&mut self, fact: &Fact) {
        self.note("moved", fact, "");
    }
    fn order_began(&mut self, now: SimTime, order: u32) {
        self.notes.push((minutes(now), "order", format!("{} order {order} began", minutes(now))));
    }
}

/// What is told of the requests (orders, payments) from minute `from` to minute `to`, in the order in which it happened; `kinds` are the first
/// words to keep.
fn tell(text: &str, disrupted: bool, (from, to): (f64, f64), kinds: &[&str]) -> (Vec<String>, u32) {
    let loaded = load_text(text);
    let blueprint = Blueprint::new(&loaded.scenario);
    let chance = Chance::new(loaded.scenario.run.seed, 0);
    let classes = loaded.scenario.prescriptions.classes.iter().map(|class| class.id.clone()).collect();
    let mut world = World::new(&blueprint, Scribe { classes, ..Scribe::default() });
    let mut calendar = Calendar::new();
    let timeline = if disrupted { blueprint.timeline(chance) } else { Timeline::default() };
    world.reset(chance, timeline, &mut calendar);
    let horizon = SimTime::ZERO + loaded.scenario.run.horizon;
    run_until(&mut world, &mut calendar, horizon);
    world.close(horizon);
    world.assert_consistent();
    let notes = core::mem::take(&mut world.observer_mut().notes);
    let kept = notes.into_iter().filter(|(at, kind, _)| (from..=to).contains(at) && kinds.contains(kind));
    (kept.map(|(.., line)| line).collect(), world.prescriptions_on_their_way())
}

/// The story of the run.
pub(crate) fn story(text: &str, window: (f64, f64), kinds: &[&str]) -> Vec<String> {
    tell(text, true, window, kinds).0
}

/// The story of the twin.
pub(crate) fn twin_story(text: &str, window: (f64, f64), kinds: &[&str]) -> Vec<String> {
    tell(text, false, window, kinds).0
}

/// What is still on its way at the end of the run: prescriptions, unpaid bills, claims for which nobody waits.
pub(crate) fn left_over(text: &str) -> u32 {
    tell(text, true, (0.0, 0.0), &[]).1
}

/// The request that a line is about: its minute, and its site.
pub(crate) fn request_of(line: &str) -> &str {
    let mut numbers = line.split(' ').skip(1).filter(|word| word.starts_with(|letter: char| letter.is_ascii_digit()));
    numbers.next().unwrap_or_else(|| panic!("no request in `{line}`"))
}

/// The minute at which a line happened.
pub(crate) fn minute_of(line: &str) -> f64 {
    line.split(' ').next().and_then(|word| word.parse().ok()).unwrap_or_else(|| panic!("no time in `{line}`"))
}

/// Minutes of the requests that meet the outage of [`SHOP`].
pub(crate) const HIT: (f64, f64) = (310.0, 360.0);
