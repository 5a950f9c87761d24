//! Orders and playbooks: each trigger and each action on the shop of `story`, worked out by hand.

use crate::story::{ENDS, HIT, shop, story, twin_story};

/// The shop with an order: its trigger and what it does.
fn order(changes: &[(&str, &str)], order: &str, more: &str) -> String {
    shop(changes, &format!("[[order]]\nid = \"order\"\n{order}\n{more}"))
}

/// When an order with this trigger begins.
fn begins(changes: &[(&str, &str)], trigger: &str) -> Vec<String> {
    story(&order(changes, &format!("{trigger}\nstaff = 1.5"), ""), (0.0, 1e9), &["order"])
}

#[test]
fn by_time() {
    assert_eq!(begins(&[], "at = \"307 min\""), ["307 order 0 began"]);
    assert_eq!(begins(&[], "at = \"307 min\"\nlead_time = \"2 h\""), ["427 order 0 began"]);
    assert_eq!(begins(&[("[run]", "[run]\nstart = 2024-02-21T08:00:00")], "at = 2024-02-21T12:00:00"), ["240 order 0 began"]);
    // After the onset of an outage, if it happens.
    let after = "at = { after = \"stop\", delay = \"40 min\" }";
    assert_eq!(begins(&[], after), ["342 order 0 began"]);
    assert_eq!(begins(&[], &format!("{after}\nlead_time = \"3 min\"")), ["345 order 0 began"]);
    // No outage, no order: with one chance in a million the outage is not to be met.
    assert_eq!(begins(&[("mode = ", "probability = 0.000001\nmode = ")], after), [""; 0]);
    // The twin has no orders.
    assert_eq!(twin_story(&order(&[], "at = \"307 min\"\nstaff = 1.5", ""), (0.0, 1e9), &["order"]), [""; 0]);
}

/// 144 requests a day: 45 minutes of them are 4.5, an hour 6. Looked at every hour: at 360 five are held back (310 to 350; 360 comes after), at 420
/// none.
#[test]
fn by_backlog() {
    assert_eq!(begins(&[], "when = { backlog = \"45 min\" }"), ["360 order 0 began"]);
    assert_eq!(begins(&[], "when = { backlog = \"45 min\" }\nlead_time = \"90 min\""), ["450 order 0 began"]);
    assert_eq!(begins(&[], "when = { backlog = \"60 min\" }"), [""; 0]);
    // Those dispensed on trust are not held back.
    let trust = "[downtime.on_trust]\nshare = 1.0\nextra_minutes = 3\nrebill_minutes = 2\n";
    let text = order(&[], "when = { backlog = \"45 min\" }\nstaff = 1.5", trust);
    assert_eq!(story(&text, (0.0, 1e9), &["order"]), [""; 0]);
}

/// One request an hour, an outage from hour 252.5 to hour 360. At hour h those of 253 to h - 25 have waited for more than a day: h - 277 of them,
/// against 24 requests of the last day. A quarter, six, is reached at hour 283.
#[test]
fn by_share_delayed() {
    let changes = [
        ("horizon = \"10 h\"", "horizon = \"20 d\""),
        ("interarrival = \"10 min\"", "interarrival = \"1 h\""),
        ("at = \"302 min\"", "at = \"252.5 h\""),
        ("\"60 min\"", "\"107.5 h\""),
    ];
    assert_eq!(begins(&changes, "when = { share_delayed = 0.25 }"), [format!("{} order 0 began", 283 * 60)]);
    assert_eq!(begins(&changes, "when = { share_delayed = 0.251 }"), [format!("{} order 0 began", 284 * 60)]);
    // At most 360 - 277 = 83 of 24: the share goes far beyond one, and never to zero.
    assert_eq!(begins(&changes, "when = { share_delayed = 1.0 }"), [format!("{} order 0 began", 301 * 60)]);
}

/// In force from 325 to 345: 310 and 320 are held already, 330 and 340 get a part for two minutes of staff time, 350 comes too late.
#[test]
fn emergency_supply_in_part() {
    let settings =
        "at = \"325 min\"\nlasts = \"20 min\"\nemergency_supply = { share = 1.0, supply = \"72 h\", extra_minutes = 2 }";
    let seen = story(&order(&[], settings, ""), HIT, &["tided over"]);
    assert_eq!(seen, ["332 tided over 330", "342 tided over 340"]);
    // The second visit is when the route is back.
    let expected: Vec<String> = (31..=36).map(|k| format!("362 ready {k}0")).collect();
    let mut seen = story(&order(&[], settings, ""), HIT, ENDS);
    seen.sort();
    assert_eq!(seen, expected);
    // For those of one payer only, or of one group of pharmacies only.
    let other = "[pharmacies.other]\nsites = 1\ninterarrival = \"10 min\"\nstaff = 1\nroutes = { switch = 1.0 }\npayers = { second = 1.0 }\n\
                 [payers.second]\nshare = 0.0\n";
    for condition in ["payer = \"second\"", "pharmacy = \"other\""] {
        let seen = story(&order(&[], &format!("{condition}\n{settings}"), other), HIT, &["tided over"]);
        assert_eq!(seen, ["332 tided over 330/1", "342 tided over 340/1"], "{condition}");
    }
}

/// The whole prescription, by the manual procedure of three minutes, though the pharmacy itself trusts nobody; its bill counts against no credit and
/// is never refused.
#[test]
fn emergency_supply_of_the_whole_prescription() {
    let settings = "at = \"325 min\"\nlasts = \"20 min\"\nemergency_supply = { share = 1.0 }";
    let more = "[downtime.on_trust]\nshare = 0.0\nextra_minutes = 3\nrebill_minutes = 2\ncredit = \"1 usd\"\nrefused = 1.0\n\
                [drug_classes.any]\nshare = 1.0\nprice = \"60 usd\"\n[money]\npayment_lag = \"1 h\"\nreserve = \"0 usd\"\n";
    let text = order(&[], settings, more);
    let seen = story(&text, HIT, &["ready", "settled", "written off"]);
    let expected = [
        "333 ready 330 on trust",
        "343 ready 340 on trust",
        "362 ready 310",
        "362 ready 320",
        "362 ready 350",
        "362 ready 360",
        "364 settled 330: 60 usd",
        "366 settled 340: 60 usd",
    ];
    assert_eq!(seen, expected);
    let paid = story(&text, (423.0, 427.0), &["paid"]);
    assert_eq!(paid, ["424 paid 60 usd to site 0", "426 paid 60 usd to site 0"]);
}

/// Two orders at once: five minutes' supply first, for two minutes of staff time; who comes back blocked at 337 gets the whole by the other.
#[test]
fn two_orders_for_emergency_supply() {
    let more = "emergency_supply = { share = 1.0, supply = \"5 min\", extra_minutes = 2 }\n\
                [[order]]\nid = \"second\"\nat = \"325 min\"\nemergency_supply = { share = 1.0 }\n\
                [downtime.on_trust]\nshare = 0.0\nextra_minutes = 3\nrebill_minutes = 2\n";
    let seen = story(&order(&[], "at = \"325 min\"", more), (330.0, 330.0), &["tided over", "ready"]);
    assert_eq!(seen, ["332 tided over 330", "340 ready 330 on trust"]);
}

/// Each claim is rejected, and lost after half an hour's question; while the order is in force (100 to 130) it is paid at once.
#[test]
fn waiving_a_rejection() {
    let rejects = "[rejects.too-soon]\nshare = 1.0\nresponse = \"30 min\"\nresolved = 0.0\n";
    let with = |waive: &str| order(&[], &format!("at = \"95 min\"\nlasts = \"30 min\"\nwaive = {waive}"), rejects);
    let text = with("{ rejects = \"too-soon\" }");
    let expected = ["100 ready 100", "110 ready 110", "120 gave up 90", "120 ready 120", "160 gave up 130"];
    assert_eq!(story(&text, (90.0, 130.0), ENDS), expected);
    assert_eq!(story(&with("{ rejects = \"too-soon\", share = 0.0 }"), (100.0, 100.0), ENDS), ["130 gave up 100"]);
    // Of two reasons the one that is not waived stands.
    let rejects = "[rejects.too-soon]\nshare = 0.5\nresponse = \"30 min\"\nresolved = 0.0\n\
                   [rejects.other]\nshare = 0.5\nresponse = \"20 min\"\nresolved = 0.0\n";
    let text = order(&[], "at = \"5 min\"\nwaive = { rejects = \"too-soon\" }", rejects);
    let seen = story(&text, (10.0, 500.0), ENDS);
    let (ready, gone): (Vec<&String>, Vec<&String>) = seen.iter().partition(|line| line.contains("ready"));
    assert!(ready.len() > 10 && gone.len() > 10);
}

/// Entry takes 8 minutes. From 304 on staff are twice as fast: the 4 minutes that are left of 300 take two. Until 342: of 340 four minutes are done
/// by then, the other four take four.
#[test]
fn faster_staff() {
    let changes = [
        ("clearinghouse = \"switch\"", "clearinghouse = \"other\""),
        ("[clearinghouses.switch]", "[clearinghouses.switch]\n[clearinghouses.other]"),
        (
            "routes = { switch = 1.0 }",
            "routes = { switch = 1.0 }\nstandby = { share = 1.0, to = [\"other\"], failover = \"1 h\" }",
        ),
    ];
    let text = order(&changes, "at = \"304 min\"\nlasts = \"38 min\"\nstaff = 2.0", "[work]\nentry = \"8 min\"\n");
    let expected =
        ["298 ready 290", "306 ready 300", "314 ready 310", "324 ready 320", "334 ready 330", "346 ready 340", "358 ready 350"];
    assert_eq!(story(&text, (290.0, 350.0), ENDS), expected);
    // Two orders multiply: 8 minutes at twice 1.6 times the speed.
    let second = "[[order]]\nid = \"second\"\nat = \"304 min\"\nstaff = 1.6\n[work]\nentry = \"8 min\"\n";
    let text = order(&changes, "at = \"304 min\"\nlasts = \"38 min\"\nstaff = 2.0", second);
    assert_eq!(story(&text, (310.0, 350.0), ENDS)[..2], ["312.5 ready 310", "322.5 ready 320"]);
    assert_eq!(story(&text, (350.0, 350.0), ENDS), ["355 ready 350"]);
}

/// Entry takes 16 minutes, at two shops with a staff of two, a request every 10 minutes at each. Two orders double the speed of the first, from 303 to 333
/// and from 313 to 343: of 310 six minutes are done by 313, the other ten take two and a half; 330 has four left at 333, 340 ten at 343.
#[test]
fn orders_that_overlap() {
    let changes = [
        ("staff = 1", "staff = 2"),
        ("at = \"302 min\"", "at = \"590 min\""),
        ("recovery_delay = \"60 min\"", "recovery_delay = \"5 min\""),
    ];
    let order_of_staff = |at: &str| format!("at = \"{at}\"\nlasts = \"30 min\"\npharmacy = \"shop\"\nstaff = 2.0\n");
    let more = format!(
        "[[order]]\nid = \"second\"\n{}[work]\nentry = \"16 min\"\n\
         [pharmacies.far]\nsites = 1\ninterarrival = \"10 min\"\nstaff = 2\nroutes = {{ switch = 1.0 }}\n",
        order_of_staff("313 min")
    );
    let (far, near): (Vec<_>, Vec<_>) = story(&order(&changes, &order_of_staff("303 min"), &more), (290.0, 350.0), ENDS)
        .into_iter()
        .partition(|line| line.ends_with("/1"));
    let expected = ["304.5", "309.5", "315.5", "324", "335", "353", "366"];
    for (place, requested) in (290..=350).step_by(10).enumerate() {
        assert_eq!(near[place], format!("{} ready {requested}", expected[place]));
        assert_eq!(far[place], format!("{} ready {requested}/1", requested + 16));
    }
}

/// Entry takes 8 minutes; an outage halves the speed of the shop itself from 302 to 362, an order doubles it: within the outage from 306 to 344, or around
/// it from 296 to 366.
#[test]
fn an_order_and_an_outage_at_the_same_shop() {
    let changes = [
        ("target = { clearinghouse = \"switch\" }", "target = { pharmacy = \"shop\" }"),
        ("mode = \"hard_stop\"", "mode = { degrade = { capacity = 0.5 } }"),
    ];
    let ends = |times: &str| {
        let text = order(&changes, &format!("{times}\nstaff = 2.0"), "[work]\nentry = \"8 min\"\n");
        story(&text, (290.0, 360.0), ENDS)
    };
    let within = ["298", "310", "318", "328", "338", "352", "365", "373"];
    let around = ["297", "306", "318", "328", "338", "348", "358", "365"];
    for (times, expected) in [("at = \"306 min\"\nlasts = \"38 min\"", within), ("at = \"296 min\"\nlasts = \"70 min\"", around)]
    {
        let expected: Vec<_> =
            expected.iter().zip((290..).step_by(10)).map(|(end, requested)| format!("{end} ready {requested}")).collect();
        assert_eq!(ends(times), expected);
    }
}

/// The shop opens at 08:00, with a minute of work for each of the 48 requests of the night. Usually they are served as they came; while an order puts
/// insulin first, all of it is served before anything else, those that came before the order too; the classes have the same priority otherwise.
#[test]
fn putting_a_drug_class_first() {
    let changes = [
        ("[run]", "[run]\nstart = 2024-02-21T00:00:00"),
        ("staff = 1", "staff = 1\nhours = { weekdays = \"08:00-20:00\", saturday = \"closed\", sunday = \"closed\" }"),
    ];
    let more = "[work]\nentry = \"1 min\"\n[drug_classes.insulin]\nshare = 0.3\n[drug_classes.other]\nshare = 0.7\n";
    let classes = |text: &str| {
        let lines = story(text, (0.0, 475.0), ENDS);
        // The outage of the switch is over by then.
        lines.iter().map(|line| line.split(['(', ')']).nth(1).unwrap().to_owned()).collect::<Vec<_>>()
    };
    let usual = classes(&shop(&changes, more));
    let first = |order_at: &str| classes(&order(&changes, &format!("at = \"{order_at}\"\nprioritise = \"insulin\""), more));
    assert_eq!(usual.len(), 47);
    let insulin = usual.iter().filter(|class| *class == "insulin").count();
    assert!((5..=25).contains(&insulin) && usual[..insulin].iter().any(|class| class == "other"));
    for order_at in ["0 s", "3 h"] {
        let seen = first(order_at);
        assert!(seen[..insulin].iter().all(|class| class == "insulin"), "{seen:?}");
        assert_eq!(seen.len(), 47);
    }
    // From 08:10 on: ten in order of arrival, then what insulin is left.
    let seen = first("490 min");
    assert_eq!(seen[..10], usual[..10]);
    let left = insulin - usual[..10].iter().filter(|class| *class == "insulin").count();
    assert!(seen[10..10 + left].iter().all(|class| class == "insulin") && seen[10 + left..].iter().all(|class| class == "other"));
    // An order that has ended before anybody came leaves all as it was.
    let over = classes(&order(&changes, "at = \"1 min\"\nlasts = \"5 min\"\nprioritise = \"insulin\"", more));
    assert_eq!(over, usual);
}

/// Paid at 325 and every week from then on, as long as the order lasts. What is paid in advance counts as credit, and those who wait for
/// nothing else are filled then.
#[test]
fn interim_payments() {
    let trust = |credit: &str| {
        format!(
            "[downtime.on_trust]\nshare = 1.0\nextra_minutes = 3\nrebill_minutes = 2\ncredit = \"{credit} usd\"\n\
             [drug_classes.any]\nshare = 1.0\nprice = \"60 usd\"\n"
        )
    };
    let text = order(&[], "at = \"325 min\"\ninterim_payment = \"130 usd\"", &trust("60"));
    // 310 on credit; 320 waits, until the advance is good for it and for 330; 340 is too much again.
    let expected = [
        "313 ready 310 on trust",
        "328 ready 320 on trust",
        "333 ready 330 on trust",
        "362 ready 340",
        "362 ready 350",
        "362 ready 360",
    ];
    assert_eq!(story(&text, HIT, ENDS), expected);
    let money = "[drug_classes.any]\nshare = 1.0\nprice = \"60 usd\"\n[money]\npayment_lag = \"90 d\"\nreserve = \"0 usd\"\n";
    let weekly = |lasts: &str| {
        let text = order(
            &[("horizon = \"10 h\"", "horizon = \"30 d\"")],
            &format!("at = \"325 min\"\ninterim_payment = \"500 usd\"{lasts}"),
            money,
        );
        story(&text, (0.0, 43_200.0), &["paid"])
    };
    let paid: Vec<String> = (0..5).map(|week| format!("{} paid 500 usd to site 0", 325 + 10_080 * week)).collect();
    assert_eq!(weekly(""), paid);
    // What was paid goes back when the order ends.
    let and_back = |weeks: usize, days: u64| {
        let mut told = paid[..weeks].to_vec();
        told.push(format!("{} paid -{} usd to site 0", 325 + 1440 * days, 500 * weeks));
        told
    };
    assert_eq!(weekly("\nlasts = \"8 d\""), and_back(2, 8));
    assert_eq!(weekly("\nlasts = \"7 d\""), and_back(1, 7));
}

/// Twenty minutes' supply for two minutes of work. 310 has it at 312 and is back at 332: an order gives one part, whatever the patient has had from
/// whom. The pharmacy's own tide-over counts it too: given once, it has nothing more; given twice, it gives the second (to 335, lasting to 355).
#[test]
fn an_order_gives_one_part() {
    let settings = "at = \"305 min\"\nemergency_supply = { share = 1.0, supply = \"20 min\", extra_minutes = 2 }";
    let tide =
        |times: u32| format!("[downtime.tide_over]\nshare = 1.0\nsupply = \"20 min\"\nextra_minutes = 3\ntimes = {times}\n");
    let visits = |more: &str| story(&order(&[("\"10 min\"", "\"310 min\"")], settings, more), (310.0, 310.0), &["submitted"]);
    let once = ["310 submitted 310", "332 submitted 310 again", "362 submitted 310 again"];
    assert_eq!(visits(""), once);
    assert_eq!(visits(&tide(1)), once);
    let twice = ["310 submitted 310", "332 submitted 310 again", "355 submitted 310 again", "362 submitted 310 again"];
    assert_eq!(visits(&tide(2)), twice);
}
