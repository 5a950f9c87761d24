//! Who gets service back when, worked out by hand: several pharmacies, a request of each every 10 minutes, one switch that takes some
//! minutes for each claim. The outage begins at minute 302.

use rxoutage::engine::{Calendar, run_until};
use rxoutage::experiment::{self, Unattended};
use rxoutage::random::Chance;
use rxoutage::sim::{Blueprint, Fact, Observer, World};
use rxoutage::units::{SimTime, Span};

use crate::support::{load_text, tally};

/// Notes site, and minutes of request and of ready.
#[derive(Default)]
struct Diary(Vec<(u32, f64, f64)>);

impl Observer for Diary {
    fn ready(&mut self, fact: &Fact) {
        let minutes = |time: SimTime| time.since(SimTime::ZERO).minutes();
        self.0.push((fact.site, minutes(fact.requested), minutes(fact.now)));
    }
}

/// Minutes of ready of what each site was asked for from minute 300 to 350, in order of request.
fn ready_times(pharmacies: &str, minutes: u32, rest: &str) -> Vec<Vec<f64>> {
    let text = format!(
        r#"
format = 1
name = "by-hand"
[run]
horizon = "20 h"
follow_up = "0 s"
replications = 1
[claims]
timeout = "none"
{pharmacies}
[clearinghouses.switch]
servers = 1
service = "{minutes} min"
depends_on = ["hosting"]
[platforms.hosting]
[payers.payer]
share = 1.0
{rest}
"#
    );
    let loaded = load_text(&text);
    let blueprint = Blueprint::new(&loaded.scenario);
    let chance = Chance::new(1, 0);
    let mut world = World::new(&blueprint, Diary::default());
    let mut calendar = Calendar::new();
    world.reset(chance, blueprint.timeline(chance), &mut calendar);
    run_until(&mut world, &mut calendar, SimTime::ZERO + Span::HOUR.scaled(20.0));
    world.assert_consistent();
    let mut diary = core::mem::take(&mut world.observer_mut().0);
    diary.sort_by(|a, b| (a.0, a.1).partial_cmp(&(b.0, b.1)).expect("numbers"));
    let of = |site| diary.iter().filter(|seen| seen.0 == site && (300.0..=350.0).contains(&seen.1)).map(|seen| seen.2).collect();
    (0..blueprint.sites()).map(of).collect()
}

fn pharmacy(id: &str, sites: u32, more: &str) -> String {
    format!("[pharmacies.{id}]\nsites = {sites}\ninterarrival = \"10 min\"\nstaff = 1\nroutes = {{ switch = 1.0 }}\n{more}\n")
}

fn outage(id: &str, target: &str, at: u32, recovery: &str) -> String {
    format!("[[outage]]\nid = \"{id}\"\ntarget = {{ {target} }}\nat = \"{at} min\"\nmode = \"hard_stop\"\n{recovery}\n")
}

#[test]
fn a_stage_serves_those_it_names_and_nobody_else() {
    let pharmacies = pharmacy("early", 1, "") + &pharmacy("late", 1, "");
    let stages = "recovery = [{ after = \"10 min\", who = { type = \"early\" } }, { after = \"30 min\" }]";
    let seen = ready_times(&pharmacies, 4, &outage("outage", "clearinghouse = \"switch\"", 302, stages));
    // From 312 on the early ones alone: 300, 310, then 320 and 330 as they come. At 332 the late ones bring four claims, behind the one in hand;
    // from 340 on both bring one every 10 minutes.
    assert_eq!(seen[0], [316.0, 320.0, 324.0, 334.0, 354.0, 362.0]);
    assert_eq!(seen[1], [338.0, 342.0, 346.0, 350.0, 358.0, 366.0]);
}

/// Who sends by a switch that forwards is named in no stage of the one behind it, and is served again with the last.
#[test]
fn whom_no_stage_names_is_served_again_with_the_last() {
    let far = pharmacy("far", 1, "").replace("switch", "relay");
    let relay = "[clearinghouses.relay]\nreaches = []\nforwards_to = [\"switch\"]\n";
    let seen = |stages: &str| {
        let rest = relay.to_owned() + &outage("outage", "clearinghouse = \"switch\"", 302, stages);
        ready_times(&(pharmacy("early", 1, "") + &far), 4, &rest)
    };
    // Two claims of 300 and two of 310 from 312 on, in turn; then both bring one every 10 minutes.
    let first = seen("recovery = [{ after = \"10 min\", who = { type = \"early\" } }]");
    assert_eq!(first[0], [316.0, 324.0, 332.0, 340.0, 348.0, 356.0]);
    assert_eq!(first[1], [320.0, 328.0, 336.0, 344.0, 352.0, 360.0]);
    let named =
        "recovery = [{ after = \"10 min\", who = { type = \"early\" } }, { after = \"30 min\", who = { type = \"far\" } }]";
    assert!(seen(named)[1][0] > 332.0, "who is named waits for that stage");
}

/// Two platforms beneath one switch fail at times of their own, and each as if there were no other.
#[test]
fn platforms_fail_on_their_own() {
    let causes = |target: &str| {
        let text = format!(
            "format = 1\nname = \"two\"\n[run]\nhorizon = \"100 d\"\nreplications = 1\n{}[clearinghouses.switch]\n\
             depends_on = [\"hosting\", \"identity\"]\n[platforms.hosting]\n[platforms.identity]\n[payers.payer]\nshare = 1.0\n\
             [[failure]]\nid = \"breaks\"\ntarget = {{ platform = {target} }}\n\
             time_to_failure = {{ exponential = {{ mean = \"9 d\" }} }}\ntime_to_repair = {{ exponential = {{ mean = \"1 d\" }} }}\n",
            pharmacy("shop", 1, "")
        );
        let loaded = load_text(&text);
        let timeline = Blueprint::new(&loaded.scenario).timeline(Chance::new(1, 0));
        let of = |cause| timeline.effects.iter().filter(|effect| effect.cause == cause).map(|effect| effect.time).collect();
        (0..2).map(of).filter(|times: &Vec<SimTime>| !times.is_empty()).collect::<Vec<_>>()
    };
    let both = causes("[\"hosting\", \"identity\"]");
    assert_eq!(both.len(), 2);
    assert_ne!(both[0], both[1]);
    assert_eq!(causes("\"hosting\""), [both[0].clone()]);
    assert_eq!(causes("\"identity\""), [both[1].clone()]);
}

#[test]
fn a_platform_and_a_cause_of_its_own_hold_a_switch_down_together() {
    let down = |platform_first: bool| {
        let queue = "in_flight = \"frozen\"\narrivals = \"queue\"\nrecovery_delay = \"30 min\"\nrecovery = \"at_once\"";
        let (platform, own) = if platform_first { (302, 312) } else { (312, 302) };
        let rest =
            outage("below", "platform = \"hosting\"", platform, queue) + &outage("own", "clearinghouse = \"switch\"", own, queue);
        ready_times(&pharmacy("shop", 1, ""), 4, &rest).remove(0)
    };
    // Down from 302 to 342, whichever ends first: two minutes are left of the claim of 300.
    assert_eq!(down(true), [344.0, 348.0, 352.0, 356.0, 360.0, 364.0]);
    assert_eq!(down(false), down(true));
}

const REROUTE: &str = "reroute = { to = [\"other\"], lead_time = \"10 min\" }";
const OTHER: &str = "[clearinghouses.other]\nonboarding = \"6 stores/h\"\n";

#[test]
fn a_switch_connects_new_stores_one_after_the_other() {
    let rest = OTHER.to_owned() + &outage("outage", "clearinghouse = \"switch\"", 302, "recovery = \"never\"");
    let seen = ready_times(&pharmacy("shop", 3, REROUTE), 3, &rest);
    // All notice at 302 and are ready to be connected at 312; one every ten minutes is.
    assert_eq!(seen[0], [312.0, 312.0, 320.0, 330.0, 340.0, 350.0]);
    assert_eq!(seen[1], [322.0, 322.0, 322.0, 330.0, 340.0, 350.0]);
    assert_eq!(seen[2], [332.0, 332.0, 332.0, 332.0, 340.0, 350.0]);
}

#[test]
fn who_is_still_signing_up_when_the_switch_reopens_goes_back_to_it() {
    let back = "recovery_delay = \"20 min\"\nrecovery = \"at_once\"";
    let rest = OTHER.to_owned() + &outage("outage", "clearinghouse = \"switch\"", 302, back);
    let seen = ready_times(&pharmacy("shop", 3, REROUTE), 3, &rest);
    // The first is connected from 312 to 322. At 322 the switch is back before the second is connected: its three claims and the three of the
    // third wait there, oldest first in turn, 3 minutes each, and at 330, 340 and 350 one of everybody comes behind them.
    assert_eq!(seen[0], [312.0, 312.0, 320.0, 343.0, 352.0, 361.0]);
    assert_eq!(seen[1], [325.0, 331.0, 337.0, 346.0, 355.0, 364.0]);
    assert_eq!(seen[2], [328.0, 334.0, 340.0, 349.0, 358.0, 367.0]);
    // A second outage begins anew: ready at 712, and connected then, for what was not used of the first has passed.
    let again = rest + &outage("again", "clearinghouse = \"switch\"", 702, "recovery = \"never\"");
    assert_eq!(ready_times(&pharmacy("shop", 3, REROUTE), 3, &again), seen);
}

/// Two groups that differ in nothing but their place in the file have the same results, up to chance: what they hold is one line.
#[test]
fn nobody_is_served_first_for_a_place_in_the_file() {
    let group =
        |id: &str| format!("[pharmacies.{id}]\nsites = 10\nprescriptions_per_day = 100\nstaff = 4\nroutes = {{ sw = 1.0 }}\n");
    let text = format!(
        r#"
format = 1
name = "order-of-groups"
[run]
warm_up = "1 d"
horizon = "10 d"
follow_up = "3 d"
replications = 4
timeline_step = "1 h"
[work]
fill = "1 min"
[claims]
timeout = "30 s"
{}{}
[clearinghouses.sw]
capacity = "20 claims/s"
[payers.p]
share = 1.0
[[outage]]
id = "o"
target = {{ clearinghouse = "sw" }}
at = "4 d"
mode = "hard_stop"
recovery_delay = "1 d"
recovery = "at_once"
[downtime]
wait = {{ return_after = "12 h" }}
"#,
        group("first"),
        group("second")
    );
    let outcome = experiment::run(&load_text(&text).scenario, &Unattended);
    let late = |group| tally(&outcome, group, "share_delayed_24h").mean().expect("a mean");
    let (first, second) = (late("type=first"), late("type=second"));
    assert!(first > 0.0 && second > 0.0, "both meet the line");
    assert!((first / second - 1.0).abs() < 0.15, "{first} and {second}");
}
