//! Patients who take a prescription to another pharmacy, by hand. The first shop is that of `story`; what the second is, each test says.

use rxoutage::experiment::{self, Unattended};

use crate::story::{ENDS, HIT, shop, story, twin_story};
use crate::support::{load_text, tally};

/// A second shop that does not need the switch.
const DIRECT: &str = "[pharmacies.near]\nsites = 1\ninterarrival = \"10 min\"\nstaff = 1\nroutes = { direct = 1.0 }\n";

fn two_shops(settings: &str, work: &str) -> String {
    shop(&[], &format!("{DIRECT}{work}[downtime.move]\nshare = 1.0\nto = \"near\"\n{settings}\n"))
}

/// Seven minutes on the way.
#[test]
fn moving_takes_the_way_there() {
    let expected: Vec<String> = (31..=36).map(|k| format!("{} ready {k}0 at site 1", 10 * k + 7)).collect();
    let seen = story(&two_shops("travel = \"7 min\"", ""), HIT, ENDS);
    assert_eq!(seen.iter().filter(|line| line.ends_with("site 1")).cloned().collect::<Vec<_>>(), expected);
    assert!(!twin_story(&two_shops("travel = \"7 min\"", ""), HIT, ENDS).iter().any(|line| line.contains("at site")));
}

/// Entry takes 4 minutes at either shop. 310 is entered by 314, sent away, and there at 321, when the second shop is at its own request of 320
/// until 324: it is entered after that, by 328. And so every ten minutes: the second shop works without a break from 320 on, and keeps up.
#[test]
fn who_moves_is_extra_work_elsewhere() {
    let text = two_shops("travel = \"7 min\"", "[work]\nentry = \"4 min\"\n");
    let seen = story(&text, (310.0, 330.0), ENDS);
    let expected = [
        "314 ready 310/1",
        "324 ready 320/1",
        "328 ready 310 at site 1",
        "334 ready 330/1",
        "338 ready 320 at site 1",
        "348 ready 330 at site 1",
    ];
    assert_eq!(seen, expected);
    // With 9 minutes of entry the second shop falls behind its own patients: after 310/1 comes 300 (sent away at 309, there at 316) until 328, then
    // 320/1 to 337, 310 (there at 326) to 346, and so on.
    let text = two_shops("travel = \"7 min\"", "[work]\nentry = \"9 min\"\n");
    let seen = story(&text, (310.0, 340.0), &["ready"]);
    let expected = [
        "319 ready 310/1",
        "337 ready 320/1",
        "346 ready 310 at site 1",
        "355 ready 330/1",
        "364 ready 320 at site 1",
        "373 ready 340/1",
    ];
    assert_eq!(seen[..6], expected);
}

/// Three of four shops are down. Who asks first goes to the one that is not, at once; who does not may go to several, three times at most.
#[test]
fn who_asks_first_finds_a_shop_that_works() {
    let text = |informed: &str| {
        let settings = format!("{DIRECT}[downtime.move]\nshare = 1.0\ntravel = \"1 min\"\ninformed = {informed}\n");
        shop(&[("sites = 1", "sites = 3")], &settings)
    };
    let seen = story(&text("1.0"), HIT, &["submitted"]);
    let visits = |seen: &[String]| seen.iter().filter(|line| !line.starts_with("362 ") && !line.contains("/3")).count();
    assert_eq!(visits(&seen), 2 * 18, "18 requests at the three shops, each sent in there, and at the fourth");
    assert!(seen.iter().filter(|line| line.contains("at site")).all(|line| line.contains("at site 3")));
    let seen = story(&text("0.0"), HIT, &["submitted"]);
    assert!(visits(&seen) > 2 * 18, "{}", visits(&seen));
    assert!(seen.iter().any(|line| line.contains("at site 1")) && seen.iter().any(|line| line.contains("at site 2")));
}

/// Every shop is down: who asks first stays, and is asked what else.
#[test]
fn with_nowhere_to_go_the_next_choice_counts() {
    let text = |informed: &str| {
        let downtime = format!(
            "[downtime]\nmove = {{ share = 1.0, travel = \"1 min\", informed = {informed} }}\ncash = {{ share = 1.0 }}\n"
        );
        let text = format!("{downtime}order = [\"move\", \"cash\"]\n[drug_classes.any]\nshare = 1.0\nprice = \"60 usd\"\n");
        shop(&[("sites = 1", "sites = 2")], &text)
    };
    let text = |informed: &str| {
        // `order` is a key of [downtime], not of the class.
        text(informed)
            .replace("order = [\"move\", \"cash\"]\n", "")
            .replace("[downtime]\n", "[downtime]\norder = [\"move\", \"cash\"]\n")
    };
    assert_eq!(story(&text("1.0"), (310.0, 310.0), ENDS), ["310 ready 310 for cash", "310 ready 310/1 for cash"]);
    // Who does not ask goes to and fro three times, and then pays.
    let seen = story(&text("0.0"), (310.0, 310.0), ENDS);
    assert_eq!(seen, ["313 ready 310 at site 1 for cash", "313 ready 310/1 at site 0 for cash"]);
}

/// One patient stands behind the shop: 1,000 prescriptions a year, all of the same. After the outage the patient has left for good, and all that
/// follows is filled at the other shop, as a request of the first.
#[test]
fn who_leaves_for_good_does_not_come_back() {
    let changes = [
        ("horizon = \"10 h\"", "horizon = \"5 d\""),
        ("interarrival = \"10 min\"", "interarrival = \"8.76 h\""),
        ("at = \"302 min\"", "at = \"24 h\""),
        ("\"60 min\"", "\"5 h\""),
    ];
    let text = |permanent: &str| {
        let settings = format!(
            "[pharmacies.near]\nsites = 1\ninterarrival = \"4 d\"\nstaff = 1\nroutes = {{ direct = 1.0 }}\n\
             [downtime.move]\nshare = 1.0\nto = \"near\"\ntravel = \"1 h\"\nfills_per_year = 1000\npermanent = {permanent}\n"
        );
        shop(&changes, &settings)
    };
    // Requests at 8.76 h, 17.52 h, 26.28 h (in the outage), 35.04 h, ...
    let of = |text: &str| story(text, (0.0, 60.0 * 45.0), ENDS);
    let expected = [
        "525.6 ready 525.6",
        "1051.2 ready 1051.2",
        "1636.8 ready 1576.8 at site 1",
        "2102.4 ready 2102.4 at site 1",
        "2628 ready 2628 at site 1",
    ];
    assert_eq!(of(&text("1.0")), expected);
    let expected =
        ["525.6 ready 525.6", "1051.2 ready 1051.2", "1636.8 ready 1576.8 at site 1", "2102.4 ready 2102.4", "2628 ready 2628"];
    assert_eq!(of(&text("0.0")), expected);
    // They are still reported where they were requested: 13 requests (up to 113.88 h) of the first shop and one of the second.
    let outcome = experiment::run(&load_text(&text("1.0")).scenario, &Unattended);
    let mean = |group: &str, metric: &str| tally(&outcome, group, metric).mean();
    assert_eq!((mean("type=shop", "requested"), mean("type=near", "requested")), (Some(13.0), Some(1.0)));
    assert_eq!((mean("type=shop", "share_moved"), mean("type=near", "share_moved")), (Some(11.0 / 13.0), Some(0.0)));
    assert_eq!(mean("type=shop", "ready"), Some(13.0));
}

/// A new prescription of a patient who has left reaches the new shop by the network of that shop.
#[test]
fn who_has_left_gets_new_prescriptions_where_he_went() {
    let changes = [
        ("horizon = \"10 h\"", "horizon = \"3 d\""),
        ("interarrival = \"10 min\"", "interarrival = \"8.76 h\""),
        ("at = \"302 min\"", "at = \"8 h\""),
        ("\"60 min\"", "\"5 h\""),
        ("routes = { switch = 1.0 }", "routes = { switch = 1.0 }\nprescribing = { slow = 1.0 }"),
    ];
    let text = shop(
        &changes,
        "[pharmacies.near]\nsites = 1\ninterarrival = \"4 d\"\nstaff = 1\nroutes = { direct = 1.0 }\nprescribing = { fast = 1.0 }\n\
         [prescribing_networks.slow]\nlatency = \"2 h\"\n[prescribing_networks.fast]\nlatency = \"1 h\"\n[prescriptions]\nnew = 1.0\n\
         [downtime.move]\nshare = 1.0\nto = \"near\"\ntravel = \"1 h\"\nfills_per_year = 1000\npermanent = 1.0\n",
    );
    // Requested at 525.6, at the shop two hours later, at the other one an hour after that; the next at 1051.2, by the fast network.
    let expected = ["705.6 ready 525.6 at site 1", "1111.2 ready 1051.2 at site 1"];
    assert_eq!(story(&text, (0.0, 1100.0), ENDS), expected);
}
