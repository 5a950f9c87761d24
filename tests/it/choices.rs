//! Who is asked, in which order, and what the others draw: the decision point, worked out by hand. The shop is that of `story`.

use std::collections::BTreeSet;

use crate::story::{ENDS, HIT, request_of, shop, story, twin_story};
use crate::support::{load_text, tally};
use rxoutage::experiment::{self, Unattended};

/// Each choice as it would decide for certain, and what then becomes of the request of 310.
const CHOICES: [(&str, &str, &str); 5] = [
    ("on_trust", "on_trust = { share = 1.0, extra_minutes = 3, rebill_minutes = 2 }", "313 ready 310 on trust"),
    ("tide_over", "tide_over = { share = 1.0, supply = \"2 h\", extra_minutes = 4 }", "314 tided over 310"),
    ("cash", "cash = { share = 1.0 }", "310 ready 310 for cash"),
    ("give_up", "give_up = { share = 1.0 }", "310 gave up 310"),
    ("wait", "wait = { return_after = \"20 min\" }", "330 submitted 310 again"),
];

fn first_of(text: &str) -> String {
    let lines = story(text, (310.0, 310.0), &["ready", "gave up", "tided over", "submitted"]);
    lines[1].clone()
}

#[test]
fn who_is_named_first_decides() {
    for (first, first_settings, outcome) in CHOICES {
        assert_eq!(first_of(&shop(&[], &format!("[downtime]\n{first_settings}\n"))), outcome);
        // `wait` always has an answer, and so stands last.
        for (second, second_settings, _) in CHOICES.iter().filter(|(second, ..)| *second != first && first != "wait") {
            let text = format!("[downtime]\norder = [\"{first}\", \"{second}\"]\n{first_settings}\n{second_settings}\n");
            assert_eq!(first_of(&shop(&[], &text)), outcome, "{first} before {second}");
        }
    }
    // The usual order, each of them switched off by a share of 0 in turn.
    let all: Vec<String> = CHOICES.iter().map(|(_, settings, _)| (*settings).to_owned()).collect();
    for (off, (_, _, outcome)) in CHOICES.iter().enumerate() {
        let settings: Vec<String> = all.iter().take(off).map(|settings| settings.replace("share = 1.0", "share = 0.0")).collect();
        let text = format!("[downtime]\n{}\n{}\n", settings.join("\n"), all[off..].join("\n"));
        assert_eq!(first_of(&shop(&[], &text)), *outcome);
    }
}

/// Retries come first, whatever people would do.
#[test]
fn retries_come_before_choices() {
    let text = shop(&[], "[downtime]\nretry = { attempts = 2, backoff = \"1 min\", factor = 1.0 }\ngive_up = { share = 1.0 }\n");
    assert_eq!(story(&text, (310.0, 310.0), ENDS), ["312 gave up 310"]);
    // The further submissions belong to the prescription, not to the visit.
    let text = shop(&[], "[downtime]\nretry = { attempts = 1, backoff = \"1 min\" }\nwait = { return_after = \"20 min\" }\n");
    let expected = [
        "310 submitted 310",
        "311 submitted 310 again",
        "331 submitted 310 again",
        "351 submitted 310 again",
        "362 submitted 310 again",
    ];
    assert_eq!(story(&text, (310.0, 310.0), &["submitted"]), expected);
}

/// Each condition, met and not met, on the first request of the outage.
#[test]
fn conditions() {
    let on_trust = |who: &str, more: &str| {
        let trust = format!(
            "[downtime.on_trust]\nshare = 1.0\nextra_minutes = 3\nrebill_minutes = 2\nwho = {{ {who} }}\n\
             [drug_classes.any]\nshare = 1.0\nprice = \"50 usd\"\non_hand = \"20 min\"\non_hand_new = \"40 min\"\n{more}"
        );
        first_of(&shop(&[], &trust)) == "313 ready 310 on trust"
    };
    for (who, more, met) in [
        ("drug_class = \"any\"", "", true),
        ("payer = \"plan\"", "", true),
        ("kind = \"refill\"", "", true),
        ("kind = \"new\"", "[prescriptions]\nnew = 0.000001\n", false),
        ("kind = \"refill\"", "[prescriptions]\nnew = 0.999999\n", false),
        ("kind = \"new\"", "[prescriptions]\nnew = 1.0\n", true),
        ("on_hand_below = \"20 min\"", "", false),
        ("on_hand_below = \"21 min\"", "", true),
        ("on_hand_below = \"40 min\"", "[prescriptions]\nnew = 1.0\n", false),
        ("on_hand_below = \"41 min\"", "[prescriptions]\nnew = 1.0\n", true),
        ("price_below = \"50 usd\"", "", false),
        ("price_below = \"50.01 usd\"", "", true),
        // All of them have to hold.
        ("price_below = \"50.01 usd\", kind = \"refill\", payer = \"plan\"", "", true),
        ("price_below = \"50 usd\", kind = \"refill\", payer = \"plan\"", "", false),
        ("price_below = \"50.01 usd\", kind = \"new\", payer = \"plan\"", "[prescriptions]\nnew = 0.000001\n", false),
    ] {
        assert_eq!(on_trust(who, more), met, "{who} {more}");
    }
}

/// With 20 minutes in hand at 310 and a visit every ten: 20 left at 310, 10 at 320, nothing at 330.
#[test]
fn supply_in_hand_runs_down_while_the_patient_waits() {
    let text = shop(
        &[],
        "[drug_classes.any]\nshare = 1.0\non_hand = \"20 min\"\n[downtime]\nwait = { return_after = \"10 min\" }\n\
         cash = { share = 1.0, who = { on_hand_below = \"10 min\" } }\n",
    );
    assert_eq!(story(&text, (310.0, 310.0), ENDS), ["330 ready 310 for cash"]);
}

/// Two payers with a shop each, two drug classes: those meant are served, and nobody else.
#[test]
fn conditions_on_payer_and_drug_class() {
    let other = "[pharmacies.other]\nsites = 1\ninterarrival = \"10 min\"\nstaff = 1\nroutes = { switch = 1.0 }\npayers = { second = 1.0 }\n\
                 [payers.second]\nshare = 0.0\n";
    let text = shop(&[], &format!("{other}[downtime]\ncash = {{ share = 1.0, who = {{ payer = \"second\" }} }}\n"));
    assert_eq!(story(&text, (310.0, 310.0), ENDS), ["310 ready 310/1 for cash", "362 ready 310"]);

    let text = shop(
        &[
            ("horizon = \"10 h\"", "horizon = \"1 h\""),
            ("at = \"302 min\"", "at = \"0 min\""),
            ("interarrival = \"10 min\"", "interarrival = \"1 s\""),
        ],
        "[drug_classes.acute]\nshare = 0.3\n[drug_classes.maintenance]\nshare = 0.7\n\
         [downtime]\ncash = { share = 1.0, who = { drug_class = [\"acute\"] } }\n",
    );
    let outcome = experiment::run(&load_text(&text).scenario, &Unattended);
    let share = |group: &str| tally(&outcome, group, "share_cash").mean();
    assert_eq!((share("drug_class=acute"), share("drug_class=maintenance")), (Some(1.0), Some(0.0)));
}

/// A shop of one request a minute with everything drawn by chance, down for six hours.
fn by_chance(downtime: &str) -> String {
    let changes = [
        ("interarrival = \"10 min\"", "interarrival = { exponential = { mean = \"1 min\" } }"),
        ("recovery_delay = \"60 min\"", "recovery_delay = \"2 h\""),
    ];
    let classes = "[drug_classes.any]\nshare = 1.0\nprice = { lognormal = { median = \"40 usd\", sigma = 1.0 } }\n\
                   on_hand = { uniform = { low = \"10 min\", high = \"5 h\" } }\n";
    shop(&changes, &format!("{classes}{downtime}"))
}

/// The requests whose story has a line with these words.
fn those(text: &str, words: &str) -> BTreeSet<String> {
    let lines = story(text, (0.0, 600.0), &["ready", "gave up", "tided over"]);
    lines.iter().filter(|line| line.contains(words)).map(|line| request_of(line).to_owned()).collect()
}

/// Each response draws for itself: with another one beside it, the same prescriptions are fit for trust, the same patients willing to pay, as far as
/// they are still asked.
#[test]
fn one_more_response_does_not_change_what_the_others_draw() {
    let trust = "on_trust = { share = 0.5, extra_minutes = 0, rebill_minutes = 0 }";
    let cash = "cash = { share = 0.4 }";
    let give_up = "give_up = { share = 0.3 }";
    let (trusted, paid, gone) = (
        those(&by_chance(&format!("[downtime]\n{trust}\n")), "on trust"),
        those(&by_chance(&format!("[downtime]\n{cash}\n")), "for cash"),
        those(&by_chance(&format!("[downtime]\n{give_up}\n")), "gave up"),
    );
    assert!(trusted.len() > 30 && paid.len() > 30 && gone.len() > 20, "{} {} {}", trusted.len(), paid.len(), gone.len());
    let all = by_chance(&format!("[downtime]\n{trust}\n{cash}\n{give_up}\n"));
    assert_eq!(those(&all, "on trust"), trusted);
    let left: BTreeSet<String> = paid.difference(&trusted).cloned().collect();
    assert_eq!(those(&all, "for cash"), left);
    let left: BTreeSet<String> = gone.difference(&trusted).filter(|id| !paid.contains(*id)).cloned().collect();
    assert_eq!(those(&all, "gave up"), left);
    // The other way round those who pay are all who are willing.
    let turned = by_chance(&format!("[downtime]\norder = [\"give_up\", \"cash\", \"on_trust\"]\n{trust}\n{cash}\n{give_up}\n"));
    assert_eq!(those(&turned, "gave up"), gone);
    assert_eq!(those(&turned, "for cash"), paid.difference(&gone).cloned().collect());
}

/// The twin's prescription has the same price and its patient the same supply. With a pick-up only after the follow-up of an hour, each gap is
/// the hour less what was in hand, outage or not; and paid at once by the payer, each price is received.
#[test]
fn run_and_twin_meet_the_same_price_and_supply() {
    let text = by_chance("[pick_up]\nlag = \"20 h\"\n[money]\npayment_lag = \"0 s\"\nreserve = \"0 usd\"\n")
        .replace("follow_up = \"0 s\"", "follow_up = \"1 h\"");
    let gaps = |lines: Vec<String>| {
        let mut gaps: Vec<String> = lines.iter().map(|line| line.split_once("gap ").unwrap().1.to_owned()).collect();
        gaps.sort();
        gaps
    };
    let (run, twin) = (gaps(story(&text, (0.0, 500.0), &["gap"])), gaps(twin_story(&text, (0.0, 500.0), &["gap"])));
    assert!(run.len() > 400 && run.iter().any(|gap| !gap.contains(": 0 min")), "{}", run.len());
    assert_eq!(run, twin);
    let amounts = |lines: Vec<String>| {
        let mut amounts: Vec<String> = lines.iter().map(|line| line.split(' ').nth(2).unwrap().to_owned()).collect();
        amounts.sort();
        amounts
    };
    let (run, twin) = (amounts(story(&text, (0.0, 600.0), &["paid"])), amounts(twin_story(&text, (0.0, 600.0), &["paid"])));
    assert!(run.len() > 500);
    assert_eq!(run, twin);
}

/// A patient who is asked again and again draws anew each time: with one chance in two the first visit does not decide all others. The second
/// pharmacy is as far down as the first.
#[test]
fn each_decision_draws_anew() {
    let text = by_chance("[downtime]\nmove = { share = 0.5, travel = \"1 min\" }\n").replace("sites = 1", "sites = 2");
    let lines = story(&text, (302.0, 380.0), &["submitted"]);
    let mut visits = std::collections::BTreeMap::<String, usize>::new();
    for line in lines.iter().filter(|line| !line.starts_with("422 ")) {
        *visits.entry(request_of(line).to_owned()).or_default() += 1;
    }
    let with = |number: usize| visits.values().filter(|visits| **visits == number).count();
    // Of about 150 half stay, a quarter goes once, an eighth twice, an eighth three times, which is the most.
    assert!(visits.len() > 100 && visits.values().all(|visits| *visits <= 4));
    for (number, share) in [(1, 0.5), (2, 0.25), (3, 0.125), (4, 0.125)] {
        let expected = share * visits.len() as f64;
        assert!(
            (with(number) as f64 - expected).abs() < 4.0 * (expected * (1.0 - share)).sqrt(),
            "{number} visits: {}",
            with(number)
        );
    }
}

#[test]
fn nobody_decides_twice_about_what_is_settled() {
    // Filled on trust at 313, the bill of 310 is blocked like a claim, and nobody is asked to give up what has been handed out.
    let trust = "on_trust = { share = 1.0, extra_minutes = 3, rebill_minutes = 2 }\ngive_up = { share = 1.0 }\n";
    assert_eq!(story(&shop(&[], &format!("[downtime]\n{trust}")), HIT, &["gave up"]), [""; 0]);
}
