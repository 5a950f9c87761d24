//! Every outage mode and in-flight rule on a D/D/1, worked out by hand: a request every 10 minutes, one clearinghouse that takes 4 minutes for
//! each claim, nothing else. The outage begins at minute 302, two minutes into the claim requested at 300, and lasts for half an hour.

use rxoutage::engine::{Calendar, run_until};
use rxoutage::random::Chance;
use rxoutage::sim::{Blueprint, Fact, Observer, World};
use rxoutage::stats::normal_quantile;
use rxoutage::units::{SimTime, Span};

use crate::support::{ALPHA, SEEDS, load_text};

/// Notes when each prescription was requested and ready \[min\].
#[derive(Default)]
struct Diary(Vec<(f64, f64)>);

impl Observer for Diary {
    fn ready(&mut self, fact: &Fact) {
        let minutes = |time: SimTime| time.since(SimTime::ZERO).minutes();
        self.0.push((minutes(fact.requested), minutes(fact.now)));
    }
}

/// Minutes of request and of ready, in order of request, of the requests from minute 300 to 350, with an outage of the switch.
fn ready_times(timeout: &str, rest: &str) -> Vec<(f64, f64)> {
    by_hand(timeout, "[[outage]]\ntarget = { clearinghouse = \"switch\" }", rest)
}

/// The same with what comes behind the payer, down to the target of the outage.
fn by_hand(timeout: &str, down_to_target: &str, rest: &str) -> Vec<(f64, f64)> {
    let text = format!(
        r#"
format = 1
name = "by-hand"
[run]
horizon = "10 h"
follow_up = "0 s"
replications = 1
[claims]
timeout = "{timeout}"
[pharmacies.counter]
sites = 1
interarrival = "10 min"
staff = 1
routes = {{ switch = 1.0 }}
[clearinghouses.switch]
servers = 1
service = "4 min"
[payers.payer]
share = 1.0
{down_to_target}
id = "outage"
at = "302 min"
{rest}
"#
    );
    diary_of(&text)
}

/// Minutes of request and of ready of a scenario text, of the requests from minute 300 to 350.
pub(crate) fn diary_of(text: &str) -> Vec<(f64, f64)> {
    let mut diary = diary(text, 1);
    diary.retain(|(requested, _)| (300.0..=350.0).contains(requested));
    diary
}

/// Minutes of request and of ready, in order of request, within ten hours.
fn diary(text: &str, seed: u64) -> Vec<(f64, f64)> {
    let loaded = load_text(text);
    let blueprint = Blueprint::new(&loaded.scenario);
    let chance = Chance::new(seed, 0);
    let mut world = World::new(&blueprint, Diary::default());
    let mut calendar = Calendar::new();
    world.reset(chance, blueprint.timeline(chance), &mut calendar);
    run_until(&mut world, &mut calendar, SimTime::ZERO + Span::HOUR.scaled(10.0));
    world.assert_consistent();
    let mut diary = core::mem::take(&mut world.observer_mut().0);
    diary.sort_by(|a, b| a.0.total_cmp(&b.0));
    diary
}

fn assert_ready(timeout: &str, rest: &str, expected: [f64; 6]) {
    let seen: Vec<f64> = ready_times(timeout, rest).into_iter().map(|(_, ready)| ready).collect();
    assert_eq!(seen, expected, "{rest}");
}

const HALF_HOUR: &str = "recovery_delay = \"30 min\"\nrecovery = \"at_once\"";

#[test]
fn frozen_work_goes_on_where_it_stopped() {
    let rest = format!("mode = \"hard_stop\"\nin_flight = \"frozen\"\narrivals = \"queue\"\n{HALF_HOUR}");
    assert_ready("none", &rest, [334.0, 338.0, 342.0, 346.0, 350.0, 354.0]);
    // Turned away instead of queued, claims rest at the pharmacy and come back together: the same times.
    let rest = format!("mode = \"hard_stop\"\nin_flight = \"frozen\"\narrivals = \"refuse\"\n{HALF_HOUR}");
    assert_ready("none", &rest, [334.0, 338.0, 342.0, 346.0, 350.0, 354.0]);
}

#[test]
fn resubmitted_work_starts_over_in_the_order_in_which_it_came_back() {
    let rest = format!("mode = \"hard_stop\"\nin_flight = \"resubmit\"\n{HALF_HOUR}");
    assert_ready("none", &rest, [336.0, 340.0, 344.0, 348.0, 352.0, 356.0]);
}

#[test]
fn lost_work_is_missed_only_at_its_time_out() {
    // The claim of 300 is missed at 320, when that of 310 already rests: 310 goes first.
    let rest = format!("mode = \"hard_stop\"\nin_flight = \"lost\"\n{HALF_HOUR}");
    assert_ready("20 min", &rest, [340.0, 336.0, 344.0, 348.0, 352.0, 356.0]);
}

#[test]
fn draining_finishes_what_is_inside() {
    let rest = format!("mode = \"drain\"\n{HALF_HOUR}");
    assert_ready("none", &rest, [304.0, 336.0, 340.0, 344.0, 348.0, 354.0]);
}

#[test]
fn half_the_capacity_doubles_the_work_left() {
    let rest = format!("mode = {{ degrade = {{ capacity = 0.5 }} }}\n{HALF_HOUR}");
    assert_ready("none", &rest, [306.0, 318.0, 328.0, 335.0, 344.0, 354.0]);
}

#[test]
fn latency_is_added_behind_the_service() {
    let rest = format!("mode = {{ latency = {{ add = \"3 min\" }} }}\n{HALF_HOUR}");
    assert_ready("none", &rest, [307.0, 317.0, 327.0, 334.0, 344.0, 354.0]);
}

#[test]
fn rejected_claims_are_tried_again_after_a_rest() {
    let rest = format!("mode = {{ reject = {{ probability = 1.0 }} }}\n{HALF_HOUR}");
    assert_ready("none", &rest, [304.0, 344.0, 339.0, 352.0, 348.0, 356.0]);
}

#[test]
fn a_ramp_does_the_work_of_a_straight_line() {
    // Speed x / 10 from minute 312 on: the two minutes left are done after sqrt(2 x 2 x 10) minutes, up to a step of the ramp.
    let rest = "mode = \"hard_stop\"\nin_flight = \"frozen\"\narrivals = \"queue\"\n\
                recovery = { ramp = { start = \"10 min\", end = \"20 min\" } }";
    let seen = ready_times("none", rest)[0].1;
    assert!((seen - (312.0 + 40.0f64.sqrt())).abs() < 0.1, "{seen}");
}

#[test]
fn stages_open_for_those_they_name_and_slow_service_stays_slow() {
    let rest = "mode = \"hard_stop\"\nin_flight = \"frozen\"\n\
                recovery = [{ after = \"10 min\", capacity = 0.5, who = { type = \"counter\" } }, { after = \"30 min\", who = { type = \"counter\" } }]";
    // From 312 half speed: 300 done at 316; 310, held since 310 and let go at 312, from 316 to 324; 320 from 324 to 332; 330 at full speed.
    assert_ready("none", rest, [316.0, 324.0, 332.0, 336.0, 344.0, 354.0]);
    // Nobody named: served from the first stage on.
    let rest = "mode = \"hard_stop\"\nin_flight = \"frozen\"\nrecovery = [{ after = \"30 min\" }]";
    assert_ready("none", rest, [334.0, 338.0, 342.0, 346.0, 350.0, 354.0]);
}

/// Minutes of ready at a counter with 4 minutes of work for each request, one every 10 minutes; its outage begins at minute 302.
fn counter_ready_times(rest: &str) -> Vec<f64> {
    let text = format!(
        r#"
format = 1
name = "counter"
[run]
horizon = "10 h"
follow_up = "0 s"
replications = 1
[work]
entry = "4 min"
[pharmacies.counter]
sites = 1
interarrival = "10 min"
staff = 1
[[outage]]
id = "outage"
target = {{ pharmacy = "counter" }}
at = "302 min"
{rest}
"#
    );
    diary_of(&text).into_iter().map(|(_, ready)| ready).collect()
}

#[test]
fn a_pharmacy_stops_drains_and_slows_down() {
    let frozen = format!("mode = \"hard_stop\"\nin_flight = \"frozen\"\n{HALF_HOUR}");
    assert_eq!(counter_ready_times(&frozen), [334.0, 338.0, 342.0, 346.0, 350.0, 354.0]);
    // The work in hand starts over, first in line as it was.
    let over = format!("mode = \"hard_stop\"\nin_flight = \"resubmit\"\n{HALF_HOUR}");
    assert_eq!(counter_ready_times(&over), [336.0, 340.0, 344.0, 348.0, 352.0, 356.0]);
    let drained = format!("mode = \"drain\"\n{HALF_HOUR}");
    assert_eq!(counter_ready_times(&drained), [304.0, 336.0, 340.0, 344.0, 348.0, 354.0]);
    let slow = format!("mode = {{ degrade = {{ capacity = 0.5 }} }}\n{HALF_HOUR}");
    assert_eq!(counter_ready_times(&slow), [306.0, 318.0, 328.0, 335.0, 344.0, 354.0]);
}

#[test]
fn two_causes_hold_a_station_down_until_both_are_gone() {
    let rest = format!(
        "mode = \"hard_stop\"\nin_flight = \"frozen\"\narrivals = \"queue\"\n{HALF_HOUR}\n\
         [[outage]]\nid = \"second\"\ntarget = {{ clearinghouse = \"switch\" }}\nat = \"312 min\"\n\
         mode = \"hard_stop\"\nin_flight = \"frozen\"\narrivals = \"queue\"\n{HALF_HOUR}"
    );
    // Up again at 342: two minutes left of the claim of 300.
    assert_ready("none", &rest, [344.0, 348.0, 352.0, 356.0, 360.0, 364.0]);
}

#[test]
fn what_drained_comes_back_by_the_ramp_and_by_the_stage() {
    // Emptied at 304; from 312 on speed x / 10: the 4 minutes of 310 are done after sqrt(2 x 4 x 10) minutes.
    let rest = "mode = \"drain\"\nrecovery = { ramp = { start = \"10 min\", end = \"20 min\" } }";
    let seen = ready_times("none", rest)[1].1;
    assert!((seen - (312.0 + 80.0f64.sqrt())).abs() < 0.1, "{seen}");
    // At half speed from 312 to 332: 310 until 320, 320 until 328, one minute of 330 by 332.
    let rest = "mode = \"drain\"\nrecovery = [{ after = \"10 min\", capacity = 0.5 }, { after = \"30 min\" }]";
    assert_ready("none", rest, [304.0, 320.0, 328.0, 335.0, 344.0, 354.0]);
    // A stage of a degraded service is a share of the normal capacity, not of what was missing.
    let rest =
        "mode = { degrade = { capacity = 0.9 } }\nrecovery = [{ after = \"0 s\", capacity = 0.5 }, { after = \"30 min\" }]";
    assert_ready("none", rest, [306.0, 318.0, 328.0, 335.0, 344.0, 354.0]);
}

/// A switch comes back for one chain on day 3 and for the other on day 8: each clears its own backlog from its own day on, and all from the last.
#[test]
fn a_backlog_is_cleared_from_the_end_of_what_hit_the_group() {
    let group = |id: &str, route: &str| {
        format!("[pharmacies.{id}]\nsites = 1\ninterarrival = \"10 min\"\nstaff = 1\nroutes = {{ {route} = 1.0 }}\n")
    };
    let text = format!(
        r#"
format = 1
name = "two-stages"
[run]
horizon = "14 d"
follow_up = "0 s"
replications = 1
[claims]
timeout = "none"
{}{}{}[clearinghouses.switch]
servers = 1
service = "2 min"
[clearinghouses.other]
[payers.payer]
share = 1.0
[[outage]]
id = "outage"
target = {{ clearinghouse = "switch" }}
at = "2 d"
mode = "hard_stop"
recovery = [{{ after = "1 d", who = {{ type = "early" }} }}, {{ after = "6 d" }}]
"#,
        group("early", "switch"),
        group("late", "switch"),
        group("spared", "other"),
    );
    let outcome = rxoutage::experiment::run(&load_text(&text).scenario, &rxoutage::experiment::Unattended);
    let cleared = |group: &str| {
        let group = outcome.group(group).unwrap_or_else(|| panic!("no group {group}"));
        outcome.estimate(0, group, "backlog_clear_days").expect("cleared").mean
    };
    // 144 claims of the early ones at 2 minutes, one more for each 10 minutes: 6 h. On the grid of an hour, and within 1 % of a day's requests.
    assert!((cleared("type=early") - 0.25).abs() <= 1.0 / 24.0, "{}", cleared("type=early"));
    // 864 claims of the late ones; those of the early ones come between: 2 x 864 / (1 - 0.4) minutes are 2 days.
    assert!((cleared("type=late") - 2.0).abs() <= 1.0 / 24.0, "{}", cleared("type=late"));
    assert_eq!(cleared("all"), cleared("type=late"), "the last stage is the end for all");
    assert_eq!(cleared("type=spared"), 0.0);
}

/// Minutes of ready with a minute of latency on the link to the payer, on which the outage is.
fn link_ready_times(rest: &str) -> Vec<f64> {
    let link = "[[link]]\nfrom = \"switch\"\nto = \"payer\"\nlatency = \"1 min\"\n\
                [[outage]]\ntarget = { link = { from = \"switch\", to = \"payer\" } }";
    by_hand("none", link, rest).into_iter().map(|(_, ready)| ready).collect()
}

#[test]
fn a_link_delays_turns_away_and_stops() {
    let late = link_ready_times(&format!("mode = {{ latency = {{ add = \"3 min\" }} }}\n{HALF_HOUR}"));
    assert_eq!(late, [308.0, 318.0, 328.0, 335.0, 345.0, 355.0]);
    // Served by the switch in vain, the claims of 300, 310 and 320 rest until the link is back, and go before that of 340.
    let stopped = link_ready_times(&format!("mode = \"hard_stop\"\n{HALF_HOUR}"));
    assert_eq!(stopped, [339.0, 343.0, 347.0, 335.0, 351.0, 355.0]);
    // Turned away, they do not know when it is back, and try again a quarter of an hour later: 310 at 329, then 300 at 338 and 320 at 342, behind 340.
    let refused = link_ready_times(&format!("mode = {{ reject = {{ probability = 1.0 }} }}\n{HALF_HOUR}"));
    assert_eq!(refused, [343.0, 334.0, 351.0, 338.0, 347.0, 355.0]);
}

/// Of the claims that a failing switch, the failing link behind it and the failing payer each let through with probability one half, one in eight is answered
/// at the first try: what a link draws is its own. Two-sided at error level [`ALPHA`] for each seed, by the normal limit of the binomial; draws shared
/// between link and payer would let one in four through, which must not pass.
#[test]
fn a_failing_link_draws_by_itself() {
    let outage = |id: &str, target: &str| {
        format!(
            "[[outage]]\nid = \"{id}\"\ntarget = {{ {target} }}\nat = \"0 s\"\nmode = {{ reject = {{ probability = 0.5 }} }}\n\
             recovery_delay = \"10 h\"\nrecovery = \"at_once\"\n"
        )
    };
    let outages = outage("switch", "clearinghouse = \"switch\"")
        + &outage("link", "link = { from = \"switch\", to = \"payer\" }")
        + &outage("payer", "payer = \"payer\"");
    let text = format!(
        r#"
format = 1
name = "by-chance"
[run]
horizon = "10 h"
follow_up = "0 s"
replications = 1
[claims]
timeout = "none"
resubmit_after = "1 d"
[pharmacies.counter]
sites = 1
interarrival = "5 s"
staff = 1
routes = {{ switch = 1.0 }}
[clearinghouses.switch]
latency = "1 s"
[payers.payer]
share = 1.0
latency = "1 s"
[[link]]
from = "switch"
to = "payer"
latency = "1 s"
{outages}
"#
    );
    let z = normal_quantile(1.0 - ALPHA / 2.0);
    for seed in SEEDS {
        // One every 5 s in 10 h; all but the last few have been answered by the end, or never will be.
        let (requested, answered) = (7_200.0, diary(&text, seed).len() as f64);
        let agrees = |share: f64| (answered - requested * share).abs() < z * (requested * share * (1.0 - share)).sqrt();
        assert!(agrees(0.125), "seed {seed}: {answered}");
        assert!(!agrees(0.25), "seed {seed}: {answered}");
    }
}

/// The 95 % quantile of the delay, in hours, where nothing takes time but what `rest` adds; some 6,000 prescriptions.
fn late(rest: &str, route: &str) -> f64 {
    let text = format!(
        "format = 1\nname = \"late\"\n[run]\nhorizon = \"25 d\"\nfollow_up = \"4 d\"\nreplications = 1\n[claims]\ntimeout = \"none\"\n\
         [pharmacies.shop]\nsites = 1\ninterarrival = \"5 min\"\nstaff = 1\nroutes = {{ {route} = 1.0 }}\n\
         [payers.payer]\nshare = 1.0\n{rest}"
    );
    let outcome = rxoutage::experiment::run(&load_text(&text).scenario, &rxoutage::experiment::Unattended);
    outcome.estimate(0, 0, "delay_p95_hours").expect("measured").mean
}

/// Times that add up are drawn each by itself: the 95 % quantile of the sum of two and of six exponential times of an hour is that of the Erlang law, 4.744
/// and 10.513 h, within 6 standard errors of a quantile of 6,000 independent delays (error level below 1e-8). Drawn alike, two together would give
/// 5.99 h, and six of which the fifth and sixth repeat the first two 11.98 h: both are beyond the bounds.
#[test]
fn latencies_that_add_up_are_drawn_each_by_itself() {
    let hour = "latency = { exponential = { mean = \"1 h\" } }\n";
    let outage = |id: &str| {
        format!(
            "[[outage]]\nid = \"{id}\"\ntarget = {{ payer = \"payer\" }}\nat = \"0 s\"\nrecovery = \"never\"\n\
             mode = {{ latency = {{ add = {{ exponential = {{ mean = \"1 h\" }} }} }} }}\n"
        )
    };
    let two = late(&format!("{}{}", outage("one"), outage("two")), "direct");
    assert!((two - 4.744).abs() < 0.42, "{two}");
    let mut chain = String::new();
    for link in 1..=6 {
        let forwards = if link < 6 { format!("reaches = []\nforwards_to = [\"s{}\"]\n", link + 1) } else { String::new() };
        let _ = core::fmt::Write::write_fmt(&mut chain, format_args!("[clearinghouses.s{link}]\n{hour}{forwards}"));
    }
    let six = late(&chain, "s1");
    assert!((six - 10.513).abs() < 0.59, "{six}");
}
