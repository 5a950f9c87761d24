//! What reaches the patient: pick-up, supply in hand, time without supply, and copay cards, by hand. The shop is that of `story`.

use rxoutage::experiment::{self, Outcome, Unattended};

use crate::story::{ENDS, HIT, shop, story, twin_story};
use crate::support::{load_text, tally};

fn outcome(text: &str) -> Outcome {
    experiment::run(&load_text(text).scenario, &Unattended)
}

fn mean(outcome: &Outcome, metric: &str) -> f64 {
    tally(outcome, "all", metric).mean().unwrap_or_else(|| panic!("{metric} is not estimable"))
}

fn close(seen: f64, expected: f64) -> bool {
    (seen - expected).abs() <= 1e-12 * expected.abs().max(1.0)
}

/// The shop with a follow-up of two hours, 20 minutes of supply in hand at the request, and more.
fn supplied(more: &str) -> String {
    shop(
        &[("follow_up = \"0 s\"", "follow_up = \"2 h\"")],
        &format!("[drug_classes.any]\nshare = 1.0\non_hand = \"20 min\"\n{more}"),
    )
}

/// Ready at 362: 310 ran out at 330, and so on.
#[test]
fn the_gap_runs_from_run_out_to_ready() {
    let expected: Vec<String> = (0..6).map(|k: i32| format!("362 gap {}: {} min", 310 + 10 * k, (32 - 10 * k).max(0))).collect();
    assert_eq!(story(&supplied(""), HIT, &["gap"]), expected);
    assert_eq!(twin_story(&supplied(""), (310.0, 310.0), &["gap"]), ["310 gap 310: 0 min"]);
}

/// Half an hour after it is ready. In normal service the patient runs out 10 minutes before.
#[test]
fn the_gap_ends_with_the_pick_up() {
    let text = supplied("[pick_up]\nlag = \"30 min\"\n");
    assert_eq!(twin_story(&text, (310.0, 310.0), &["gap"]), ["310 gap 310: 10 min"]);
    let expected: Vec<String> = (0..6).map(|k| format!("362 gap {}: {} min", 310 + 10 * k, 62 - 10 * k)).collect();
    assert_eq!(story(&text, HIT, &["gap"]), expected);
    // What is never picked up leaves the patient without from run-out to the end of the follow-up, two hours after the request.
    let text = supplied("[pick_up]\nabandoned = 1.0\n");
    assert_eq!(story(&text, (310.0, 310.0), &["gap"]), ["362 gap 310: 100 min, never picked up"]);
}

/// Given up at 310, or never answered at all: the gap is counted to the end of the follow-up.
#[test]
fn who_is_never_supplied_counts_to_the_end_of_the_follow_up() {
    let text = supplied("[downtime]\ngive_up = { share = 1.0 }\n");
    assert_eq!(story(&text, (310.0, 310.0), &["gap"]), ["310 gap 310: 100 min"]);
    let text = supplied("").replace("recovery_delay = \"60 min\"\nrecovery = \"at_once\"", "recovery = \"never\"");
    let seen = story(&text, (310.0, 470.0), &["gap"]);
    // Told at the end of the run.
    assert_eq!(seen.len(), 17);
    assert!(seen.iter().all(|line| line.starts_with("600 gap") && line.ends_with(": 100 min")), "{seen:?}");
}

/// Nothing in hand for those who renew a prescription too late, for new ones, and where nothing is said.
#[test]
fn supply_in_hand_by_kind() {
    let gap = |class: &str, more: &str| {
        let text =
            shop(&[("follow_up = \"0 s\"", "follow_up = \"2 h\"")], &format!("[drug_classes.any]\nshare = 1.0\n{class}\n{more}"));
        story(&text, (310.0, 310.0), &["gap"])
    };
    let new = "[prescriptions]\nnew = 1.0\n";
    for (class, more, minutes) in [
        ("on_hand = \"20 min\"", "", 32),
        ("on_hand = \"20 min\"\nnone_on_hand = 1.0", "", 52),
        ("on_hand = \"20 min\"", new, 52),
        ("on_hand = \"20 min\"\non_hand_new = \"5 min\"", new, 47),
        ("on_hand_new = \"5 min\"", new, 47),
        ("on_hand = \"20 min\"\non_hand_new = \"5 min\"", "", 32),
    ] {
        assert_eq!(gap(class, more), [format!("362 gap 310: {minutes} min")], "{class} {more}");
    }
}

/// A part for an hour is handed out at 332, when 310 has been without supply for 17 minutes (from 315): it makes up for none of them. The rest
/// comes at 362, when the part still lasts. 330, helped at 332 too (the staff take two minutes for each), had run out at 335: no gap.
#[test]
fn a_part_makes_up_for_no_gap_that_has_passed() {
    let text = |supply: &str| {
        shop(
            &[("follow_up = \"0 s\"", "follow_up = \"2 h\"")],
            &format!(
                "[drug_classes.any]\nshare = 1.0\non_hand = \"5 min\"\n[downtime]\nwait = {{ return_after = \"20 min\" }}\n\
                 [[order]]\nid = \"order\"\nat = \"325 min\"\nemergency_supply = {{ share = 1.0, supply = \"{supply}\", extra_minutes = 2 }}\n"
            ),
        )
    };
    assert_eq!(story(&text("1 h"), (310.0, 310.0), &["tided over", "gap"]), ["332 tided over 310", "362 gap 310: 17 min"]);
    // It lasts to 342: another 20 minutes without until 362.
    assert_eq!(story(&text("10 min"), (310.0, 310.0), &["tided over", "gap"]), ["332 tided over 310", "362 gap 310: 37 min"]);
    // 330 gets it at 334 (behind 310), before it has run out: its part adds to what is left.
    assert_eq!(story(&text("10 min"), (330.0, 330.0), &["tided over", "gap"]), ["334 tided over 330", "362 gap 330: 17 min"]);
    assert_eq!(story(&text("1 h"), (330.0, 330.0), &["tided over", "gap"]), ["334 tided over 330", "362 gap 330: 0 min"]);
}

/// One request a day, at noon of the run's days, an outage from day 10.5 to 20.5, two days in hand, two doses a day. Measured are the requests of
/// days 1 to 20. Those of days 11 to 18 run out on days 13 to 20 and wait for 7.5, 6.5, ... 0.5 days: 32 days in all.
#[test]
fn the_metrics_of_harm() {
    let changes = [
        ("horizon = \"10 h\"", "horizon = \"30 d\""),
        ("follow_up = \"0 s\"", "follow_up = \"9.5 d\""),
        ("interarrival = \"10 min\"", "interarrival = \"1 d\""),
        ("at = \"302 min\"", "at = \"10.5 d\""),
        ("\"60 min\"", "\"10 d\""),
    ];
    let class = "[drug_classes.any]\nshare = 1.0\non_hand = \"2 d\"\ndoses_per_day = 2\n";
    let seen = outcome(&shop(&changes, class));
    for (metric, expected) in [
        ("requested", 20.0),
        ("therapy_gap_mean_days", 32.0 / 20.0),
        ("missed_doses_per_100", 320.0),
        ("share_past_run_out", 8.0 / 20.0),
        ("share_past_run_out_1d", 7.0 / 20.0),
        ("share_past_run_out_3d", 5.0 / 20.0),
        ("share_past_run_out_7d", 1.0 / 20.0),
        ("excess_therapy_gap_mean_days", 32.0 / 20.0),
        ("excess_missed_doses_per_100", 320.0),
        ("excess_share_past_run_out_3d", 5.0 / 20.0),
    ] {
        assert!(close(mean(&seen, metric), expected), "{metric}: {}", mean(&seen, metric));
    }
    // Never restored: the requests of days 11 to 20 are without supply for the last 7.5 of their 9.5 days.
    let never = [changes.as_slice(), &[("recovery_delay = \"10 d\"\nrecovery = \"at_once\"", "recovery = \"never\"")]].concat();
    let seen = outcome(&shop(&never, class));
    assert!(close(mean(&seen, "therapy_gap_mean_days"), 75.0 / 20.0));
    assert!(close(mean(&seen, "share_past_run_out_3d"), 10.0 / 20.0) && close(mean(&seen, "share_past_run_out_7d"), 10.0 / 20.0));
    // A part for three days, handed out at the request, is three days less for each.
    let tide = format!("{class}[downtime.tide_over]\nshare = 1.0\nsupply = \"3 d\"\nextra_minutes = 0\n");
    let seen = outcome(&shop(&never, &tide));
    assert!(close(mean(&seen, "therapy_gap_mean_days"), 45.0 / 20.0));
    assert!(close(mean(&seen, "share_tided_over"), 10.0 / 20.0), "those never filled are counted too");
    // All that is ready is picked up after a day: a day more for each of the nine that have nothing left by then, but for the first, whose
    // follow-up is over. Or by nobody: without it for 7.5 of 9.5 days each.
    let seen = outcome(&shop(&changes, &format!("{class}[pick_up]\nlag = \"1 d\"\n")));
    assert!(close(mean(&seen, "therapy_gap_mean_days"), (7.5 + 7.5 + 6.5 + 5.5 + 4.5 + 3.5 + 2.5 + 1.5 + 0.5) / 20.0));
    let seen = outcome(&shop(&changes, &format!("{class}[pick_up]\nabandoned = 1.0\n")));
    assert!(close(mean(&seen, "therapy_gap_mean_days"), 7.5) && close(mean(&seen, "share_abandoned"), 1.0));
    assert!(close(mean(&seen, "excess_share_abandoned"), 0.0));
}

/// The shop with a copay card for everybody, whose processor is down instead of the switch.
fn cards(settings: &str, more: &str) -> String {
    shop(
        &[("clearinghouse = \"switch\"", "payer = \"cards\"")],
        &format!("[payers.cards]\nshare = 0.0\n[copay]\nprocessor = \"cards\"\nshare = 1.0\n{settings}\n{more}"),
    )
}

/// Blocked, the patient pays what the card would have covered, or goes without, or comes back, by what it is.
#[test]
fn copay_cards() {
    let bands = |amount: &str, wait: &str| {
        format!(
            "out_of_pocket = \"{amount} usd\"\nabandon = [{{ below = \"50 usd\", share = 0.0 }}, {{ share = 1.0 }}]\nwait = {wait}"
        )
    };
    let of = |text: &str| story(text, (310.0, 310.0), &["ready", "gave up", "card", "adjudicated"]);
    let waits = "[downtime]\nwait = { return_after = \"20 min\" }\n";
    let pays = cards(&bands("49.99", "0.0"), "");
    assert_eq!(of(&pays), ["310 adjudicated 310", "310 card 310 blocked", "310 ready 310"]);
    assert_eq!(twin_story(&pays, (310.0, 310.0), &["card", "ready"]), ["310 card 310 used", "310 ready 310"]);
    assert_eq!(of(&cards(&bands("50", "0.0"), "")), ["310 adjudicated 310", "310 card 310 blocked", "310 gave up 310"]);
    // Back at 330 and 350, called at 362. Told once: what could not get through at the first try does not count as through later.
    let back = cards(&bands("50", "1.0"), waits);
    assert_eq!(of(&back), ["310 adjudicated 310", "310 card 310 blocked", "362 ready 310"]);
    assert_eq!(story(&back, (310.0, 310.0), &["submitted"]).len(), 5, "once to the payer, four times for the card");
    // Without `wait` the claim rests until the way is open.
    assert_eq!(of(&cards(&bands("50", "1.0"), "")), ["310 adjudicated 310", "310 card 310 blocked", "362 ready 310"]);
    // Six of 59 requests.
    let seen = outcome(&back);
    assert!(close(mean(&seen, "copay_blocked_share"), 6.0 / 59.0), "{}", mean(&seen, "copay_blocked_share"));
    // A response to a blocked claim is none to a blocked card.
    let cash =
        cards(&bands("50", "0.0"), "[downtime]\ncash = { share = 1.0 }\n[drug_classes.any]\nshare = 1.0\nprice = \"60 usd\"\n");
    assert_eq!(story(&cash, HIT, ENDS).iter().filter(|line| line.contains("gave up")).count(), 6);
}

/// The switch is down too until 340: who has come back for that is blocked at the card for the first time then, and it counts.
#[test]
fn a_card_that_is_blocked_after_other_troubles_counts() {
    let text = cards(
        "out_of_pocket = \"10 usd\"\nabandon = 0.0",
        "[downtime]\nwait = { return_after = \"12 min\" }\n\
         [[outage]]\nid = \"switch-too\"\ntarget = { clearinghouse = \"switch\" }\nat = \"302 min\"\nmode = \"hard_stop\"\n\
         recovery_delay = \"30 min\"\nrecovery = \"at_once\"\n",
    );
    assert_eq!(story(&text, (310.0, 310.0), &["card", "ready"]), ["332 card 310 blocked", "332 ready 310"]);
}

/// The shop is paid when the sale is settled; for what the patient leaves behind it is not.
#[test]
fn nobody_pays_for_what_is_not_dispensed() {
    let money = "[drug_classes.any]\nshare = 1.0\nprice = \"60 usd\"\n[money]\npayment_lag = \"0 s\"\nreserve = \"0 usd\"\n";
    let paid = |text: &str, window| story(text, window, &["paid"]).len();
    let card = |abandon: &str| cards(&format!("out_of_pocket = \"50 usd\"\nabandon = {abandon}"), money);
    assert_eq!((paid(&card("0.0"), HIT), paid(&card("1.0"), HIT)), (6, 0));
    let shelf = shop(&[], &format!("{money}[pick_up]\nabandoned = 1.0\n"));
    assert_eq!(paid(&shelf, (0.0, 600.0)), 0);
    let trust = "[downtime.on_trust]\nshare = 1.0\nextra_minutes = 3\nrebill_minutes = 2\ncredit = \"60 usd\"\n";
    let shelf = shop(&[], &format!("{money}[pick_up]\nabandoned = 1.0\n{trust}"));
    // Put back, it is owed by nobody, and the credit is free for the next.
    assert_eq!(story(&shelf, HIT, &["owed"]), [""; 0]);
    assert_eq!(story(&shelf, HIT, ENDS).iter().filter(|line| line.ends_with("on trust")).count(), 6);
    // Cash is paid at the pick-up, or not at all.
    let cash = |pick_up: &str| {
        story(&shop(&[], &format!("{money}[downtime]\ncash = {{ share = 1.0 }}\n[pick_up]\n{pick_up}\n")), HIT, &["paid"])
    };
    assert_eq!(cash("lag = \"15 min\"")[..2], ["325 paid 60 usd to site 0", "335 paid 60 usd to site 0"]);
    assert_eq!(cash("abandoned = 1.0"), [""; 0]);
}
