//! Each response on a network of one or two shops, worked out by hand. Unless a test says otherwise: a request every 10 minutes, ready at once;
//! the switch is down from minute 302 to 362, so that six requests (310 to 360) are blocked.

use rxoutage::experiment::{self, Unattended};
use rxoutage::sim::NODE_METRICS;

use crate::story::{ENDS, HIT, left_over, minute_of, request_of, shop, story, twin_story};
use crate::support::load_text;

const ROUTES: &str = "routes = { switch = 1.0 }";

/// What becomes of the six requests under some `[downtime]`.
fn ends(downtime: &str) -> Vec<String> {
    story(&shop(&[], downtime), HIT, ENDS)
}

/// Prescriptions of one class with a price.
fn priced(price: &str) -> String {
    format!("[drug_classes.any]\nshare = 1.0\nprice = \"{price} usd\"\n")
}

#[test]
fn without_a_response_claims_rest_until_the_route_is_back() {
    let expected = ["362 ready 310", "362 ready 320", "362 ready 330", "362 ready 340", "362 ready 350", "362 ready 360"];
    assert_eq!(ends(""), expected);
    assert_eq!(twin_story(&shop(&[], ""), (310.0, 330.0), ENDS), ["310 ready 310", "320 ready 320", "330 ready 330"]);
}

/// The first refused claim (310) sets off failing over, which takes 15 minutes. What rests by then goes at once, what comes later at its time, and
/// all go back to the primary switch when it is up.
#[test]
fn failover() {
    let with = |failover: &str| {
        let standby = format!("{ROUTES}\nstandby = {{ share = 1.0, to = [\"other\"], failover = \"{failover}\" }}");
        story(&shop(&[(ROUTES, &standby)], "[clearinghouses.other]\n"), (300.0, 370.0), ENDS)
    };
    let expected = [
        "300 ready 300",
        "325 ready 310 over the second switch",
        "325 ready 320 over the second switch",
        "330 ready 330 over the second switch",
        "340 ready 340 over the second switch",
        "350 ready 350 over the second switch",
        "360 ready 360 over the second switch",
        "370 ready 370",
    ];
    assert_eq!(with("15 min"), expected);
    // Ready at 369, when the primary one is back: nobody goes over.
    let expected = ["300 ready 300", "362 ready 310", "362 ready 320", "362 ready 330", "362 ready 340", "362 ready 350"];
    let seen = with("59 min");
    assert_eq!(seen[..6], expected);
    assert_eq!(seen[6..], ["362 ready 360", "370 ready 370"]);
}

/// Three shops are ready to be connected at 315. The other switch connects one every ten minutes: at 315, 325 and 335.
#[test]
fn rerouting_with_a_limit_on_onboarding() {
    let reroute = format!("{ROUTES}\nreroute = {{ to = [\"other\"], lead_time = \"5 min\" }}");
    let changes = [("sites = 1", "sites = 3"), (ROUTES, reroute.as_str())];
    let text = shop(&changes, "[clearinghouses.other]\nonboarding = \"144 stores/d\"\n");
    let expected = [
        "315 ready 310 over the second switch",
        "320 ready 320 over the second switch",
        "325 ready 310/1 over the second switch",
        "325 ready 320/1 over the second switch",
        "330 ready 330 over the second switch",
        "330 ready 330/1 over the second switch",
        "335 ready 310/2 over the second switch",
        "335 ready 320/2 over the second switch",
        "335 ready 330/2 over the second switch",
    ];
    assert_eq!(story(&text, (310.0, 330.0), ENDS), expected);
    // Without a limit all are connected at 315.
    let text = shop(&changes, "[clearinghouses.other]\n");
    let first: Vec<String> = story(&text, (310.0, 310.0), ENDS);
    assert_eq!(first, ["310", "310/1", "310/2"].map(|id| format!("315 ready {id} over the second switch")));
}

/// Stores sign up with the first switch in their list that works, and are connected by that one, at its pace.
#[test]
fn rerouting_goes_to_a_switch_that_works() {
    let reroute = format!("{ROUTES}\nreroute = {{ to = [\"dead\", \"other\"], lead_time = \"5 min\" }}");
    let changes = [
        ("sites = 1", "sites = 2"),
        (ROUTES, reroute.as_str()),
        ("clearinghouse = \"switch\"", "clearinghouse = [\"switch\", \"dead\"]"),
    ];
    let text = shop(&changes, "[clearinghouses.dead]\n[clearinghouses.other]\nonboarding = \"144 stores/d\"\n");
    let expected = ["315 ready 310 over the second switch", "325 ready 310/1 over the second switch"];
    assert_eq!(story(&text, (310.0, 310.0), ENDS), expected);
}

/// Pauses of 4, 8 and 16 minutes. 310 is tried at 314, 322 and 338 and then rests; 340 at 344, 352 and 368, for who pauses is not called; 350 at
/// 354 and 362; 360 at 364.
#[test]
fn retry_with_back_off() {
    let text = shop(&[], "[downtime]\nretry = { attempts = 3, backoff = \"4 min\", factor = 2.0 }\n");
    let submitted = story(&text, (310.0, 310.0), &["submitted"]);
    let expected = [
        "310 submitted 310",
        "314 submitted 310 again",
        "322 submitted 310 again",
        "338 submitted 310 again",
        "362 submitted 310 again",
    ];
    assert_eq!(submitted, expected);
    let expected = ["362 ready 310", "362 ready 320", "362 ready 330", "362 ready 350", "364 ready 360", "368 ready 340"];
    assert_eq!(story(&text, HIT, ENDS), expected);
}

/// A pause is spread evenly from 2 to 6 minutes: of 41, the mean lies within 4 +- 0.5 (three standard errors), the ends within half a minute.
#[test]
fn retry_with_jitter() {
    let text = shop(&[("\"10 min\"", "\"1 min\"")], "[downtime]\nretry = { attempts = 1, backoff = \"4 min\", jitter = 0.5 }\n");
    let pauses: Vec<f64> = story(&text, (310.0, 350.0), &["submitted"])
        .iter()
        .filter(|line| line.ends_with("again") && !line.starts_with("362 "))
        .map(|line| minute_of(line) - request_of(line).parse::<f64>().expect("a minute"))
        .collect();
    assert_eq!(pauses.len(), 41);
    let (low, high) = (pauses.iter().copied().fold(f64::MAX, f64::min), pauses.iter().copied().fold(0.0, f64::max));
    assert!((2.0..2.5).contains(&low) && (5.5..=6.0).contains(&high), "{pauses:?}");
    let mean = pauses.iter().sum::<f64>() / pauses.len() as f64;
    assert!((mean - 4.0).abs() < 0.5, "{mean}");
}

/// A shop begins with ten further submissions saved up and earns half a one with each first one, never more than ten. Of four wanted each, a
/// minute apart: 310 takes 4 of 10 (6 left), 320 4 of 6.5, 330 3 of 3, 340 none of 0.5, 350 one of 1, 360 none of 0.5.
#[test]
fn retry_with_a_budget() {
    let with = |budget: &str| {
        let retry = format!("[downtime]\nretry = {{ attempts = 4, backoff = \"1 min\", factor = 1.0, budget = {budget} }}\n");
        let submitted = story(&shop(&[], &retry), HIT, &["submitted"]);
        let before = |line: &&String| line.ends_with("again") && minute_of(line) < 362.0;
        submitted.iter().filter(before).map(|line| minute_of(line).to_string()).collect::<Vec<_>>().join(" ")
    };
    assert_eq!(with("0.5"), "311 312 313 314 321 322 323 324 331 332 333 351");
    assert_eq!(with("0"), "311 312 313 314 321 322 323 324 331 332");
    assert_eq!(with("1"), "311 312 313 314 321 322 323 324 331 332 333 334 341 351 361");
    assert_eq!(with("\"none\""), "311 312 313 314 321 322 323 324 331 332 333 334 341 342 343 344 351 352 353 354 361");
}

/// Three minutes of staff time each. From 362 on the bills are made out behind all other work, two minutes each, oldest first: 310 at 363, when
/// 360 is finished, then to 365, 367 ... 375.
#[test]
fn on_trust() {
    let text = shop(&[], "[downtime.on_trust]\nshare = 1.0\nextra_minutes = 3\nrebill_minutes = 2\n");
    let expected = [
        "313 ready 310 on trust",
        "323 ready 320 on trust",
        "333 ready 330 on trust",
        "343 ready 340 on trust",
        "353 ready 350 on trust",
        "363 ready 360 on trust",
    ];
    assert_eq!(story(&text, HIT, ENDS), expected);
    let expected = [
        "365 adjudicated 310",
        "367 adjudicated 320",
        "369 adjudicated 330",
        "371 adjudicated 340",
        "373 adjudicated 350",
        "375 adjudicated 360",
    ];
    assert_eq!(story(&text, HIT, &["adjudicated"]), expected);
}

/// Organised 25 minutes after the first blocked claim, at 335: the three that wait are filled first, oldest first; 340 behind them.
#[test]
fn on_trust_takes_time_to_organise() {
    let trust = "[downtime.on_trust]\nshare = 1.0\nextra_minutes = 3\nrebill_minutes = 2\nlead_time = \"25 min\"\n";
    let minutes = [338, 341, 344, 347, 353, 363];
    let expected: Vec<String> = (0..6).map(|k| format!("{} ready {} on trust", minutes[k], 310 + 10 * k)).collect();
    assert_eq!(ends(trust), expected);
}

/// The bounds belong to the band above.
#[test]
fn on_trust_by_price() {
    for (price, trusted) in [("49.99", false), ("50", true), ("99.99", true), ("100", false)] {
        let trust = "[downtime.on_trust]\nextra_minutes = 3\nrebill_minutes = 2\n\
                     share = [{ below = \"50 usd\", share = 0.0 }, { below = \"100 usd\", share = 1.0 }, { share = 0.0 }]\n";
        let seen = ends(&format!("{trust}{}", priced(price)));
        assert_eq!(seen[0], if trusted { "313 ready 310 on trust" } else { "362 ready 310" }, "{price}");
    }
}

/// At 60 dollars each, a credit of 120 is good for two. When their bills are paid, from 364 on, the shop can do it again: two more in the second
/// outage, from 402 to 462.
#[test]
fn on_trust_as_far_as_the_credit_goes() {
    let again = "[[outage]]\nid = \"again\"\ntarget = { clearinghouse = \"switch\" }\nat = \"402 min\"\nmode = \"hard_stop\"\n\
                 recovery_delay = \"60 min\"\nrecovery = \"at_once\"\n";
    let trust = |credit: &str, lead: &str| {
        format!(
            "{again}[downtime.on_trust]\nshare = 1.0\nextra_minutes = 3\nrebill_minutes = 2\ncredit = \"{credit} usd\"\n\
             lead_time = \"{lead} min\"\n{}",
            priced("60")
        )
    };
    let ready_early = |text: &str| {
        let lines = story(&shop(&[], text), (310.0, 450.0), &["ready"]);
        let early = lines.iter().filter(|line| line.ends_with("on trust"));
        early.cloned().collect::<Vec<_>>()
    };
    let expected = ["313 ready 310 on trust", "323 ready 320 on trust", "413 ready 410 on trust", "423 ready 420 on trust"];
    assert_eq!(ready_early(&trust("120", "0")), expected);
    assert_eq!(ready_early(&trust("179.99", "0")), expected);
    assert_eq!(ready_early(&trust("59.99", "0")), [""; 0]);
    // Three wait when the procedure is organised at 335: what is promised to the first two is gone, though they are not filled yet.
    let expected = ["338 ready 310 on trust", "341 ready 320 on trust", "413 ready 410 on trust", "423 ready 420 on trust"];
    assert_eq!(ready_early(&trust("120", "25")), expected);
}

/// A part lasts 20 minutes. 310 gets it at 313 and is back at 333; given only once it waits for the switch then. Given twice, the second
/// part (behind that of 330, from 333 to 336) lasts to 356.
#[test]
fn tide_over() {
    let text = |times: u32, supply: &str| {
        let tide = format!("[downtime.tide_over]\nshare = 1.0\nsupply = \"{supply}\"\nextra_minutes = 3\ntimes = {times}\n");
        shop(&[], &tide)
    };
    let of = |text: &str| story(text, (310.0, 310.0), &["submitted", "tided over", "ready"]);
    let once = text(1, "20 min");
    assert_eq!(
        of(&once),
        ["310 submitted 310", "313 tided over 310", "333 submitted 310 again", "362 submitted 310 again", "362 ready 310"]
    );
    let expected = [
        "310 submitted 310",
        "313 tided over 310",
        "333 submitted 310 again",
        "356 submitted 310 again",
        "362 submitted 310 again",
        "362 ready 310",
    ];
    assert_eq!(of(&text(2, "20 min")), expected);
    // A part that outlasts the outage: the patient is called when the route is back. 360 stands at the counter when it comes back, and gets all of
    // it then and there.
    let long = text(1, "2 h");
    assert_eq!(of(&long), ["310 submitted 310", "313 tided over 310", "362 submitted 310 again", "362 ready 310"]);
    assert_eq!(story(&long, (360.0, 360.0), &["tided over", "ready"]), ["363 tided over 360", "363 ready 360"]);
}

/// No claim, no staff time: at once. The price counts as for trust.
#[test]
fn cash() {
    let cash = |price: &str| {
        let text =
            format!("[downtime.cash]\nshare = [{{ below = \"100 usd\", share = 1.0 }}, {{ share = 0.0 }}]\n{}", priced(price));
        shop(&[], &text)
    };
    let expected: Vec<String> = (31..=36).map(|k| format!("{k}0 ready {k}0 for cash")).collect();
    assert_eq!(story(&cash("99.99"), HIT, ENDS), expected);
    assert_eq!(story(&cash("99.99"), HIT, &["adjudicated"]), [""; 0], "no claim is ever paid");
    assert_eq!(story(&cash("100"), (310.0, 310.0), ENDS), ["362 ready 310"]);
}

#[test]
fn give_up() {
    let expected: Vec<String> = (31..=36).map(|k| format!("{k}0 gave up {k}0")).collect();
    assert_eq!(ends("[downtime]\ngive_up = { share = 1.0 }\n"), expected);
}

/// 310 comes back at 330 and 350, and is called at 362. With a patience of 30 minutes it has waited 0 and 20 minutes when it is asked at 310 and
/// 330, and 40 at 350: that is enough. 320 goes at 360; 330 has waited 20 minutes at 350, and is called at 362, as are all, in the order in which
/// they were last at the counter: 330 and 350 at 350, 340 and 360 at 360.
#[test]
fn wait_and_return() {
    let text =
        |patience: &str| shop(&[], &format!("[downtime]\nwait = {{ return_after = \"20 min\", patience = \"{patience}\" }}\n"));
    let expected = ["310 submitted 310", "330 submitted 310 again", "350 submitted 310 again", "362 submitted 310 again"];
    assert_eq!(story(&text("none"), (310.0, 310.0), &["submitted"]), expected);
    let expected = ["350 gave up 310", "360 gave up 320", "362 ready 330", "362 ready 350", "362 ready 340", "362 ready 360"];
    assert_eq!(story(&text("30 min"), HIT, ENDS), expected);
    // Patience is used up at the instant at which it ends.
    assert_eq!(story(&text("20 min"), (310.0, 310.0), ENDS), ["330 gave up 310"]);
}

/// One claim every ten minutes, oldest first, while new work goes on.
#[test]
fn resubmission_at_a_limited_rate() {
    let text = shop(&[], "[downtime]\nresubmission = { per_store = \"6 claims/h\" }\n");
    let seen = story(&text, (340.0, 390.0), ENDS);
    let expected = ["370 ready 370", "380 ready 380", "390 ready 390", "392 ready 340", "402 ready 350", "412 ready 360"];
    assert_eq!(seen, expected);
    assert_eq!(story(&text, (310.0, 330.0), ENDS), ["362 ready 310", "372 ready 320", "382 ready 330"]);
}

/// Bills go out at the same rate, oldest first: at 362 (the staff are at 360 until 363), 372 and so on, two minutes of work each. That of 360 is
/// not held, for the route is open when it is dispensed: it is made out after that of 310.
#[test]
fn bills_are_resubmitted_at_the_same_rate() {
    let text = shop(
        &[],
        "[downtime]\nresubmission = { per_store = \"6 claims/h\" }\non_trust = { share = 1.0, extra_minutes = 3, rebill_minutes = 2 }\n",
    );
    let expected = [
        "365 adjudicated 310",
        "367 adjudicated 360",
        "374 adjudicated 320",
        "384 adjudicated 330",
        "394 adjudicated 340",
        "404 adjudicated 350",
    ];
    assert_eq!(story(&text, HIT, &["adjudicated"]), expected);
}

/// The switch takes 4 minutes for each claim, the shop waits 5 for an answer, and the patient then goes away; the stopped switch lets claims queue.
/// Withdrawn, the claims leave an empty line: only 300 to 360 are lost (at 362 there are 4 minutes of work for 360, and 3 left to wait).
/// Lingering, they are all served: 2 minutes for the rest of 300, 24 for 310 to 360, so that 370 would be answered at 392, 380 at 396 and 390 at
/// 400; 400 is the first in time.
#[test]
fn claims_whose_sender_is_gone_leave_or_linger() {
    let text = |rule: &str| {
        let changes = [
            ("timeout = \"none\"", rule),
            ("[clearinghouses.switch]", "[clearinghouses.switch]\nservers = 1\nservice = \"4 min\""),
            ("mode = \"hard_stop\"", "mode = \"hard_stop\"\nin_flight = \"frozen\"\narrivals = \"queue\""),
        ];
        shop(&changes, "[downtime]\ngive_up = { share = 1.0 }\n")
    };
    let gone = |upto: u32| (30..=upto).map(|k| format!("{} gave up {k}0", 10 * k + 5)).collect::<Vec<_>>();
    let withdrawn = story(&text("timeout = \"5 min\"\non_timeout = \"withdrawn\""), (300.0, 400.0), ENDS);
    assert_eq!(withdrawn[..7], gone(36));
    assert_eq!(withdrawn[7..], ["374 ready 370", "384 ready 380", "394 ready 390", "404 ready 400"]);
    let lingering = story(&text("timeout = \"5 min\"\non_timeout = \"lingers\""), (300.0, 400.0), ENDS);
    assert_eq!(lingering[..10], gone(39));
    assert_eq!(lingering[10..], ["404 ready 400"]);
}

/// The claim is lost on the way from switch to payer for its sender only: it leaves the switch at once, is 10 minutes on the way, and the shop waits
/// for 5. Lingering, each of the requests up to 590 reaches the payer all the same; withdrawn, none does.
#[test]
fn a_lingering_claim_goes_on_to_the_payer() {
    let served = |rule: &str| {
        let changes = [
            ("timeout = \"none\"", rule),
            ("[clearinghouses.switch]", "[clearinghouses.switch]\nlatency = \"10 min\""),
            ("[payers.plan]", "[payers.plan]\nservers = 1\nservice = \"4 min\""),
            ("at = \"302 min\"", "at = \"9 h\""),
        ];
        let outcome =
            experiment::run(&load_text(&shop(&changes, "[downtime]\ngive_up = { share = 1.0 }\n")).scenario, &Unattended);
        let payer = outcome.nodes.iter().position(|node| node.id == "plan").expect("a payer");
        let metric = NODE_METRICS.iter().position(|metric| metric.name == "served").expect("a metric");
        outcome.node_estimate(0, payer, metric).expect("a number").mean
    };
    // Sent at 10, ..., 530 (up to the outage at 540), served by 24, ..., 544.
    assert_eq!(served("timeout = \"5 min\"\non_timeout = \"lingers\""), 53.0);
    assert_eq!(served("timeout = \"5 min\"\non_timeout = \"withdrawn\""), 0.0);
}

/// Claims that linger in a frozen switch vanish when it loses what it holds; nothing is left of them.
#[test]
fn lingering_claims_are_lost_with_their_switch() {
    let changes = [
        ("timeout = \"none\"", "timeout = \"5 min\"\non_timeout = \"lingers\""),
        ("[clearinghouses.switch]", "[clearinghouses.switch]\nservers = 1\nservice = \"4 min\""),
        ("mode = \"hard_stop\"", "mode = \"hard_stop\"\nin_flight = \"frozen\"\narrivals = \"queue\""),
    ];
    let more = "[[outage]]\nid = \"loss\"\ntarget = { clearinghouse = \"switch\" }\nat = \"361 min\"\nmode = \"hard_stop\"\n\
                in_flight = \"lost\"\nrecovery_delay = \"1 min\"\nrecovery = \"at_once\"\n[downtime]\ngive_up = { share = 1.0 }\n";
    let text = shop(&changes, more);
    let seen = story(&text, (350.0, 370.0), ENDS);
    assert_eq!(seen, ["355 gave up 350", "365 gave up 360", "374 ready 370"], "370 finds an empty line");
    assert_eq!(left_over(&text), 0);
}

/// A claim that is turned away once in normal service (that of 110; its way stays open) and gets through at the next try is no reason to go over
/// to a manual procedure: that is set off at 310 by a switch known to be down, and organised 25 minutes later, at 335. Without a further try
/// the claim of 110 itself has nothing left but that procedure.
#[test]
fn a_stray_failure_does_not_set_off_the_manual_procedure() {
    let blip = "[[outage]]\nid = \"blip\"\ntarget = { clearinghouse = \"switch\" }\nat = \"109 min\"\n\
                mode = { reject = { probability = 1.0 } }\nrecovery_delay = \"2 min\"\nrecovery = \"at_once\"\n\
                [downtime.on_trust]\nshare = 1.0\nextra_minutes = 3\nrebill_minutes = 2\nlead_time = \"25 min\"\n";
    let retry = format!("{blip}[downtime.retry]\nattempts = 1\nbackoff = \"4 min\"\n");
    let seen = story(&shop(&[], &retry), (110.0, 360.0), &["ready"]);
    assert!(seen.contains(&"114 ready 110".to_owned()), "{seen:?}");
    // 310, 320 and 330 rest by 335; 340 and 350 are tried again at 344 and 354 and are then blocked for good; 360 gets through at 364.
    let expected = [
        "338 ready 310 on trust",
        "341 ready 320 on trust",
        "344 ready 330 on trust",
        "347 ready 340 on trust",
        "357 ready 350 on trust",
        "364 ready 360",
    ];
    assert_eq!(seen[seen.len() - 6..], expected);
    let seen = story(&shop(&[], blip), (310.0, 310.0), &["ready"]);
    assert_eq!(seen, ["313 ready 310 on trust"], "organised since 135");
}

/// A card whose processor is down says nothing of the way of ordinary claims: the procedure is set off at 310, not by the cards of 202 to 262.
#[test]
fn a_blocked_card_does_not_set_off_the_manual_procedure() {
    let more = "[payers.cards]\nshare = 0.0\n[[outage]]\nid = \"hub\"\ntarget = { payer = \"cards\" }\nat = \"202 min\"\nmode = \"hard_stop\"\n\
                recovery_delay = \"60 min\"\nrecovery = \"at_once\"\n\
                [copay]\nprocessor = \"cards\"\nshare = 1.0\nout_of_pocket = \"50 usd\"\nabandon = 0.0\n\
                [downtime.on_trust]\nshare = 1.0\nextra_minutes = 3\nrebill_minutes = 2\nlead_time = \"25 min\"\n";
    assert_eq!(story(&shop(&[], more), (310.0, 310.0), &["ready"]), ["338 ready 310 on trust"]);
}

/// Credit for one. 310 takes it up; its bill goes out first when the route is back and is paid at 364. That frees the credit for who asks next, not
/// for those who wait: they are called in turn, one every ten minutes, as their way is open anyway.
#[test]
fn credit_freed_by_a_bill_is_for_who_asks_next() {
    let more = format!(
        "[downtime]\nresubmission = {{ per_store = \"6 claims/h\" }}\n\
         on_trust = {{ share = 1.0, extra_minutes = 3, rebill_minutes = 2, credit = \"60 usd\" }}\n{}",
        priced("60")
    );
    let text = shop(&[], &more);
    assert_eq!(story(&text, HIT, &["adjudicated"])[0], "364 adjudicated 310");
    let expected =
        ["313 ready 310 on trust", "372 ready 320", "382 ready 330", "392 ready 340", "402 ready 350", "412 ready 360"];
    assert_eq!(story(&text, HIT, ENDS), expected);
}

/// Up for 100 minutes and down for 25, again and again from t = 0: down from 100, 225 and 350 on. The switch is frozen, what comes waits in its line.
/// The clock of the next failure starts at the repair.
#[test]
fn random_failures_without_chance() {
    let failure = "[[failure]]\nid = \"breaks\"\ntarget = { clearinghouse = \"switch\" }\ntime_to_failure = \"100 min\"\ntime_to_repair = \"25 min\"\n";
    let text = shop(&[("mode = \"hard_stop\"", "enabled = false\nmode = \"hard_stop\"")], failure);
    let seen: Vec<String> =
        story(&text, (90.0, 380.0), ENDS).into_iter().filter(|line| !line.ends_with(&minute_of(line).to_string())).collect();
    let expected = [
        "125 ready 100",
        "125 ready 110",
        "125 ready 120",
        "250 ready 230",
        "250 ready 240",
        "375 ready 350",
        "375 ready 360",
        "375 ready 370",
    ];
    assert_eq!(seen, expected);
}

/// Rejections that take no time would be resolved at one instant for ever: the last that has a draw of its own ends it.
#[test]
fn a_claim_that_is_rejected_every_time_is_given_up_in_the_end() {
    let always = |resolved: &str| shop(&[], &format!("[rejects.always]\nshare = 1.0\nresolved = {resolved}\n"));
    let answers = |resolved: &str| {
        let told = twin_story(&always(resolved), (10.0, 590.0), &["adjudicated", "ready", "gave up"]);
        let of = |minute: u32| told.iter().filter(|line| request_of(line) == minute.to_string()).collect::<Vec<_>>();
        let lines = (1..60).map(|request| of(10 * request));
        lines
            .map(|lines| {
                assert!(lines.last().is_some_and(|line| line.contains("gave up")), "{lines:?}");
                lines.len() - 1
            })
            .collect::<Vec<_>>()
    };
    assert_eq!(answers("0.0"), [1; 59]);
    // Nine in ten would go on beyond the last.
    let most = answers("0.9999");
    assert_eq!(most.iter().max(), Some(&1_023));
    assert!(most.iter().any(|&answers| answers < 1_023), "{most:?}");
}
