//! Each node out by itself: against outages run one by one, against arithmetic, and in any number of threads.

use core::sync::atomic::{AtomicBool, Ordering};

use rxoutage::experiment::{self, CriticalityResult, Listener, METRICS, Outcome, Pool, Progress, Unattended};
use rxoutage::report;
use rxoutage::scenario::{Harm, Needs};
use rxoutage::units::Span;

use crate::support::{load_shipped, load_text, run_shipped, tables_as_csv};

/// The town in normal service, small; without the study where it is to be compared with.
const SMALL: [&str; 2] = ["run.replications=3", "criticality.resolution=4 h"];

fn found(outcome: &Outcome) -> &CriticalityResult {
    outcome.criticality.as_ref().expect("asked for")
}

/// The rise of a metric by an outage that is written as an outage: the long way round.
fn by_hand(target: &str, lasts: Span) -> Vec<f64> {
    let metric = METRICS.iter().position(|known| known.name == "share_delayed_24h").expect("a metric");
    let outage = format!(
        "outage=[{{ id = \"o\", target = {{ {target} }}, at = \"5 d\", mode = \"hard_stop\", recovery_delay = \"{} min\", recovery = \"at_once\" }}]",
        lasts.seconds() / 60.0
    );
    let values = |sets: &[&str]| -> Vec<f64> {
        let outcome = run_shipped("switch-failover.toml", sets);
        outcome.values(0, 0, metric).map(|value| value.expect("measured")).collect()
    };
    let normal = values(&["run.replications=3", "outage=[]", "check=[]"]);
    let out = values(&["run.replications=3", &outage, "check=[]"]);
    out.iter().zip(normal).map(|(out, normal)| out - normal).collect()
}

#[test]
fn a_rise_is_that_of_an_outage_of_its_own() {
    let outcome = run_shipped("node-criticality.toml", &SMALL);
    let result = found(&outcome);
    assert_eq!(result.nodes.len(), 5);
    for (id, target) in
        [("north-switch", "clearinghouse = \"north-switch\""), ("e-prescribing", "prescribing_network = \"e-prescribing\"")]
    {
        let node = result.nodes.iter().find(|node| node.id == id).expect("a node");
        let rises: Vec<f64> = node.rises.iter().map(|rise| rise.expect("measured")).collect();
        assert_eq!(rises, by_hand(target, Span::DAY.scaled(3.0)), "{id}");
        // Brute force: what was found can be borne, and a little more cannot.
        let survival = node.survival.as_ref().expect("asked for");
        let (tolerance, resolution) = (0.01, Span::HOUR.scaled(4.0));
        for (index, time) in survival.times.iter().enumerate() {
            let Some(time) = *time else { continue };
            assert!(by_hand(target, time.max(Span::from_micros(60_000_000)))[index] <= tolerance, "{id} {time}");
            assert!(by_hand(target, time + resolution)[index] > tolerance, "{id} {time}");
        }
    }
    assert!(result.nodes.windows(2).all(|pair| pair[0].rise.expect("known").mean >= pair[1].rise.expect("known").mean));
    assert!(result.nodes.iter().all(|node| node.rank_low <= node.rank && node.rank <= node.rank_high));
    assert_eq!(result.nodes[0].exposure_index, Some(1.0));
}

/// One request a minute, no work, no line: who asks while the payer is out and more than a day before it is back waits for more than a day.
const CLOCKWORK: &str = "format = 1\nname = \"clockwork\"\n[run]\nhorizon = \"20 d\"\nfollow_up = \"5 d\"\nreplications = 2\n\
    [pharmacies.only]\nsites = 1\ninterarrival = \"1 min\"\nstaff = 1\nroutes = { direct = 1 }\n\
    [payers.large]\nshare = 0.75\n[payers.small]\nshare = 0.25\n[claims]\n\
    [criticality]\nat = \"5 d\"\nlasts = \"4 d\"\ntolerance = 0.05\nlongest = \"8 d\"\nresolution = \"1 h\"\n";

#[test]
fn clockwork_is_as_arithmetic_has_it() {
    let outcome = experiment::run(&load_text(CLOCKWORK).scenario, &Unattended);
    let result = found(&outcome);
    let [large, small] = result.nodes.as_slice() else { panic!("two payers") };
    assert_eq!((large.id.as_str(), small.id.as_str()), ("large", "small"));
    // Fifteen days are measured; those of four less one are late.
    for (node, share, days) in [(large, 0.75, 1.0 + 0.05 * 15.0 / 0.75), (small, 0.25, 1.0 + 0.05 * 15.0 / 0.25)] {
        let rise = node.rise.expect("measured").mean;
        assert!((rise - share * 3.0 / 15.0).abs() < 0.005, "{} {rise}", node.id);
        assert!((node.share_dependent - share).abs() < 1e-12);
        // Whether a prescription is for a payer is chance: a few in a hundred.
        let survives = node.survival.as_ref().and_then(|survival| survival.restricted_mean).expect("asked for").mean;
        assert!((survives - days).abs() < 0.15, "{} survives {survives} days, not {days}", node.id);
    }
    assert!((small.exposure_index.expect("harm") - 1.0 / 3.0).abs() < 0.02);
    assert_eq!((large.rank_low, large.rank_high, small.rank_low, small.rank_high), (1, 1, 2, 2));
}

/// A switch that reaches one payer itself and the other through a second switch; cards are billed to a third payer.
const FORWARDED: &str = "format = 1\nname = \"forwarded\"\n[run]\nhorizon = \"20 d\"\nfollow_up = \"5 d\"\nreplications = 2\n\
    [prescriptions]\nnew = 0.5\n\
    [pharmacies.a]\nsites = 2\nattributes = { chain = \"a\" }\ninterarrival = \"2 min\"\nstaff = 9\nroutes = { big = 0.5, small = 0.5 }\nprescribing = { erx = 1 }\n\
    [pharmacies.b]\nsites = 1\nattributes = { chain = \"b\" }\ninterarrival = \"1 min\"\nstaff = 9\nroutes = { big = 1 }\n\
    [prescribing_networks.erx]\n[clearinghouses.big]\nreaches = [\"one\", \"cards\"]\nforwards_to = [\"small\"]\n[clearinghouses.small]\n\
    [payers.one]\nshare = 0.6\n[payers.two]\nshare = 0.4\n[payers.cards]\nshare = 0\n\
    [claims]\n[copay]\nprocessor = \"cards\"\nshare = 0.25\nout_of_pocket = \"10 usd\"\nabandon = 0.5\nwait = 1\n\
    [report]\npayer = \"two\"\n\
    [criticality]\nat = \"5 d\"\nlasts = \"4 d\"\n";

#[test]
fn what_the_graph_says_follows_forwarding_cards_and_the_group() {
    let dependent = |group: &str| {
        let text = format!("{FORWARDED}group = \"{group}\"\n");
        let outcome = experiment::run(&load_text(&text).scenario, &Unattended);
        let nodes = found(&outcome).nodes.clone();
        move |id: &str| nodes.iter().find(|node| node.id == id).expect("a node").share_dependent
    };
    let near = |a: f64, b: f64| assert!((a - b).abs() < 1e-12, "{a} {b}");
    // Of a's prescriptions half go over each switch, and of those over the big one 40 % also over the small one; b's all go over the big one.
    let all = dependent("all");
    near(all("big"), 0.5 * 0.5 + 0.5);
    near(all("small"), 0.5 * (0.5 + 0.5 * 0.4) + 0.5 * 0.4);
    near(all("two"), 0.4);
    near(all("cards"), 0.25);
    near(all("erx"), 0.5 * 0.5);
    let (a, b, two) = (dependent("chain=a"), dependent("chain=b"), dependent("payer=two"));
    near(a("small"), 0.7);
    near(b("small"), 0.4);
    near(b("erx"), 0.0);
    near(two("small"), 1.0);
    near(two("one"), 0.0);
}

/// A network in which a metric of harm has no value would be said to bear nothing, or all.
#[test]
fn every_harm_has_a_value_with_a_node_out_and_without() {
    let text = CLOCKWORK
        .replace("replications = 2", "replications = 1")
        .replace("tolerance = 0.05\nlongest = \"8 d\"\nresolution = \"1 h\"\n", "");
    let study = load_text(&text).scenario;
    let variant = {
        let study = study.criticality.as_ref().expect("asked for");
        study.variant(&load_text(&text).scenario, &study.targets(&load_text(&text).scenario.network)[0].2, study.lasts)
    };
    let has = Needs::of(&variant);
    let harms = METRICS.iter().filter(|metric| metric.harm != Harm::No && metric.needs.met_by(has));
    let mut count = 0;
    for metric in harms {
        let outcome = experiment::run(&load_text(&format!("{text}metric = \"{}\"\n", metric.name)).scenario, &Unattended);
        for node in &found(&outcome).nodes {
            assert!(node.rises.iter().all(Option::is_some), "{} of {}", metric.name, node.id);
        }
        count += 1;
    }
    assert!(count > 20, "{count} metrics");
}

/// An order that slows everybody down is no harm of any node, whichever way the harm is measured.
#[test]
fn what_an_order_does_is_not_laid_to_the_nodes() {
    let order = "[[order]]\nid = \"slow\"\nat = \"4 d\"\nlasts = \"6 d\"\nstaff = 0.2\n";
    let text = CLOCKWORK
        .replace(
            "[criticality]",
            &format!("[work]\nfill = \"50 s\"\n{order}[clearinghouses.main]\n[clearinghouses.idle]\n[criticality]"),
        )
        .replace(
            "routes = { direct = 1 }",
            "routes = { main = 1 }\nstandby = { share = 1.0, to = [\"idle\"], failover = \"1 h\" }",
        );
    let rise = |metric: &str| {
        let text = format!("{text}metric = \"{metric}\"\n");
        let outcome = experiment::run(&load_text(&text).scenario, &Unattended);
        let node = found(&outcome).nodes.iter().find(|node| node.id == "idle").expect("a node").clone();
        (node.rise.expect("measured").mean, outcome.estimate(0, 0, "share_delayed_24h").expect("measured").mean)
    };
    for metric in ["share_delayed_24h", "excess_share_delayed_24h"] {
        let (idle, delayed) = rise(metric);
        assert_eq!(idle, 0.0, "{metric}");
        assert!(delayed > 0.1, "the order delays {delayed}");
    }
}

#[test]
fn page_chart_and_terminal_name_the_most_critical_node() {
    let outcome = run_shipped("node-criticality.toml", &["run.replications=2", "criticality.resolution=1 d"]);
    let summary = report::summary(&outcome, "results");
    assert!(summary.contains("\nMost critical nodes") && summary.contains("\n  e-prescribing (prescribing net"), "{summary}");
    assert!(summary.lines().all(|line| line.chars().count() <= 100), "{summary}");
    let figures = report::figures(&outcome);
    let figure = figures.iter().find(|figure| figure.name == "criticality").expect("a chart");
    assert!(figure.spec.title.starts_with("e-prescribing out for 72 h does most harm: 1"), "{}", figure.spec.title);
    assert_eq!(figure.rows.len(), 5);
    let provenance = report::Provenance { version: "0".into(), scenario_hash: "0".into(), command: "run".into() };
    let page = report::html(&outcome, &figures, &provenance);
    for words in
        ["Which node matters most", "Time to survive", "<th scope=\"row\">public <span class=\"small\">payer</span></th>"]
    {
        assert!(page.contains(words), "{words}");
    }
}

#[test]
fn more_can_be_borne_for_longer_and_all_of_it_for_ever() {
    let survives = |tolerance: f64| {
        let text = CLOCKWORK.replace("tolerance = 0.05", &format!("tolerance = {tolerance}"));
        let outcome = experiment::run(&load_text(&text).scenario, &Unattended);
        let times: Vec<Vec<Option<Span>>> =
            found(&outcome).nodes.iter().map(|node| node.survival.as_ref().expect("asked for").times.clone()).collect();
        times
    };
    let (strict, lenient) = (survives(0.02), survives(0.08));
    assert!(strict.iter().flatten().zip(lenient.iter().flatten()).all(|(a, b)| b.is_none() || a < b), "{strict:?} {lenient:?}");
    assert!(survives(0.9).iter().flatten().all(Option::is_none), "eight days of fifteen are less");
}

/// Stops a run once so many replications and looks at nodes are over.
#[derive(Default)]
struct StopsAfter(u32, AtomicBool);

impl Listener for StopsAfter {
    fn progress(&self, progress: Progress) {
        self.1.fetch_or(progress.finished >= self.0, Ordering::Relaxed);
    }

    fn stop(&self, _at_once: u64) -> bool {
        self.1.load(Ordering::Relaxed)
    }
}

#[test]
fn a_study_that_is_stopped_is_left_out_and_said_to_be() {
    let scenario = load_shipped("node-criticality.toml", &SMALL).scenario;
    let outcome = experiment::run(&scenario, &StopsAfter(5, AtomicBool::default()));
    assert!(outcome.interrupted && outcome.criticality_stopped && outcome.criticality.is_none());
    assert_eq!(outcome.points[0].replications.len(), 3);
    let summary = report::summary(&outcome, "results").split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(summary.contains("3 of 3 replications are finished, and the study of criticality is left out"), "{summary}");
    let whole = run_shipped("switch-failover.toml", &["run.replications=2"]);
    assert!(!whole.criticality_stopped, "nothing was asked for");
}

#[test]
fn the_same_bytes_in_any_number_of_threads_and_beside_the_run_itself() {
    let tables = |threads, more: &[&str]| {
        let scenario = load_shipped("node-criticality.toml", &[&SMALL[..], more].concat()).scenario;
        let outcome = Pool::new(threads).expect("threads").run(&scenario, &Unattended);
        tables_as_csv(&outcome)
    };
    let one = tables(1, &[]);
    assert!(one == tables(2, &[]));
    let off = tables(2, &["criticality.enabled=false"]);
    assert!(off == one[..one.len() - 1] && one[one.len() - 1].0 == "criticality.csv");
}
