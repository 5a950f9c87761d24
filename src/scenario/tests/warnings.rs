//! What is odd, and what is not.

use super::{SMALL, load_text};
use crate::experiment::quantities;
use crate::scenario::{Source, load, warnings};

const NONE: &[&str] = &[];

/// What the small scenario warns of after one change, and after `run.scale` and the like.
fn told<S: AsRef<str>>(old: &str, new: &str, sets: &[S]) -> Vec<String> {
    let sets: Vec<&str> = sets.iter().map(AsRef::as_ref).collect();
    assert!(SMALL.contains(old), "the small scenario has no `{old}`");
    let loaded = load_text(&SMALL.replacen(old, new, 1), &sets).unwrap_or_else(|problems| panic!("{problems}"));
    warnings(&loaded.scenario).into_iter().map(|warning| format!("{} [{}]", warning.message, warning.key_path)).collect()
}

#[test]
fn ordinary_scenarios_are_not_odd() {
    assert!(told("staff = 2", "staff = 2", NONE).is_empty());
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios");
    for place in [folder.clone(), folder.join("textbook")] {
        for entry in std::fs::read_dir(place).expect("listed") {
            let path = entry.expect("an entry").path();
            if path.extension().is_some_and(|extension| extension == "toml") {
                let loaded =
                    load(&Source::File(path.clone()), &[], &quantities()).unwrap_or_else(|problems| panic!("{problems}"));
                assert_eq!(warnings(&loaded.scenario), [], "{}", path.display());
            }
        }
    }
}

#[test]
fn a_sample_of_less_than_a_site() {
    let groups = "[pharmacies.large]\nsites = 600\nprescriptions_per_day = 10\nstaff = 2\nroutes = { direct = 1.0 }\n";
    let told = |scale: &str| {
        let text = format!("{SMALL}\n{groups}");
        let loaded = load_text(&text, &[scale]).unwrap_or_else(|problems| panic!("{problems}"));
        let scale = warnings(&loaded.scenario).into_iter().filter(|warning| warning.key_path == "run.scale");
        scale.map(|warning| warning.message).collect::<Vec<_>>()
    };
    assert!(told("run.scale=1").is_empty() && told("run.scale=0.1").is_empty());
    let small = told("run.scale=0.01");
    assert_eq!(small.len(), 1);
    assert!(small[0].contains("`retail` (1 of 10 sites); with 0.1 they are even"), "{small:?}");
}

#[test]
fn staff_with_more_work_than_time() {
    // 100 prescriptions a day at 5 min are 500 min; one person has 1440.
    assert!(told("staff = 2", "staff = 1", NONE).is_empty());
    let hours = "hours = { weekdays = \"09:00-13:00\", saturday = \"closed\", sunday = \"closed\" }\nstaff = 2";
    assert_eq!(
        told("staff = 2", hours, NONE),
        [
            "the staff of `retail` cannot keep up in normal service: the work of a day is 145 % of their time [pharmacies.retail.staff]"
        ],
        "500 min a day against 2 x 4 h on five days of seven"
    );
    // A load of exactly 1 is too much: 8 h 20 min a day.
    let exact = "hours = { weekdays = \"09:00-17:20\", saturday = \"09:00-17:20\", sunday = \"09:00-17:20\" }\nstaff = 1";
    assert_eq!(told("staff = 2", exact, NONE).len(), 1);
    assert!(told("staff = 2", &exact.replace("09:00", "08:59"), NONE).is_empty());
    // Half of the claims come back once and again: 2 submissions, 1 rejection at 10 min each for every prescription.
    let with = |per_day: u32| -> [String; 3] {
        let per_day = format!("pharmacies.retail.prescriptions_per_day={per_day}");
        ["rejects.call.share=0.5".to_owned(), "rejects.call.staff=10 min".to_owned(), per_day]
    };
    assert_eq!(
        told("staff = 2", "staff = 1", &with(96)),
        [
            "the staff of `retail` cannot keep up in normal service: the work of a day is 100 % of their time [pharmacies.retail.staff]"
        ]
    );
    assert!(told("staff = 2", "staff = 1", &with(95)).is_empty());
    // By the law of the sites: uniform from 0 to 400, one person does 288.
    let law = "prescriptions_per_day = { uniform = { low = 0, high = 400 } }";
    assert_eq!(
        told("prescriptions_per_day = 100", law, &["pharmacies.retail.staff=1"]),
        [
            "the staff at 28 % of the sites of `retail` cannot keep up in normal service: by the law of `prescriptions_per_day` they have more work than time \
             [pharmacies.retail.staff]"
        ]
    );
    // Staff in proportion, one for each 250: one person up to 375, two up to 625 and so on; those from 288 to 375 are overloaded.
    let proportional = "pharmacies.retail.staff={ per_100_prescriptions = 0.4, minimum = 1 }";
    let law = "prescriptions_per_day = { uniform = { low = 0, high = 1000 } }";
    assert!(
        told("prescriptions_per_day = 100", law, &[proportional])[0].starts_with("the staff at 14 % of the sites"),
        "288 to 375, 576 to 625, 864 to 875"
    );
    // Patients who lose patience in line keep it short.
    let sets = ["work.entry=10 min", "prescriptions.patience=1 h", "pharmacies.retail.prescriptions_per_day=2000"];
    assert!(told("staff = 2", "staff = 2", &sets).is_empty());
}

#[test]
fn services_with_more_work_than_capacity() {
    // 10 sites, 100 a day, 40 % by the switch: 400 claims a day.
    let switch = |capacity: &str| told("capacity = \"1200 claims/s\"", capacity, &["claims.timeout=1 h"]);
    assert!(switch("capacity = \"401 claims/d\"").is_empty());
    assert_eq!(
        switch("capacity = \"200 claims/d\"")[0],
        "the clearinghouse `change` cannot keep up in normal service: on average, the claims that come are 200 % of its capacity [clearinghouses.change.capacity]"
    );
    assert_eq!(switch("servers = 1\nservice = \"216 s\"").len(), 1, "exactly as much as comes");
    // All claims end at the payer, the direct ones too.
    let payer = told("share = 1\n", "share = 1\ncapacity = \"999 claims/d\"\n", &["claims.timeout=1 h"]);
    assert!(payer[0].starts_with("the payer `caremark` cannot keep up"), "{payer:?}");
    assert!(told("share = 1\n", "share = 1\ncapacity = \"1001 claims/d\"\n", &["claims.timeout=1 h"]).is_empty());
    // A card on half of the prescriptions is a second claim, to the hub and through the switch: 200 more there.
    let card = |capacity: &str, hub: &str| {
        let copay = format!(
            "share = 1\n\n[payers.hub]\nshare = 0\ncapacity = \"{hub} claims/d\"\n\n[copay]\nprocessor = \"hub\"\nshare = 0.5\nout_of_pocket = \"9 usd\"\nabandon = [{{ share = 0.1 }}]\n"
        );
        told("share = 1\n", &copay, &["claims.timeout=1 h", &format!("clearinghouses.change.capacity={capacity} claims/d")])
    };
    assert!(card("601", "501").is_empty());
    let both = card("599", "499");
    assert!(both[0].contains("the clearinghouse `change`") && both[1].contains("the payer `hub`") && both.len() == 2, "{both:?}");
    // One site is simulated in any case, with a hundredth of the capacity: as much as the site asks for is too much.
    let scaled = told(
        "sites = 10",
        "sites = 1",
        &["run.scale=0.01", "clearinghouses.change.capacity=1000 claims/d", "claims.timeout=1 d"],
    );
    assert!(scaled[0].contains("`retail` (1 of 1 sites)") && scaled[1].contains("are 400 % of its capacity"), "{scaled:?}");
}

#[test]
fn a_time_out_that_most_claims_miss() {
    let slow = told("share = 1\n", "share = 1\nlatency = \"20 s\"\n", &["clearinghouses.change.latency=10 s"]);
    assert_eq!(
        slow,
        [
            "a claim that goes by `change` to `caremark` typically takes 30 s, and the time-out is 30 s: most such claims time out, again and again [claims.timeout]"
        ]
    );
    let law = "share = 1\nlatency = { lognormal = { median = \"29 s\", p99 = \"300 s\" } }\n";
    assert!(told("share = 1\n", law, NONE).is_empty(), "more than half arrive in time");
    assert!(told("share = 1\n", law, &["claims.timeout=none"]).is_empty());
    assert_eq!(told("share = 1\n", law, &["claims.timeout=28 s"]).len(), 1);
}

/// A share of zero and what goes with it: no mistake, but perhaps one.
#[test]
fn settings_that_change_nothing() {
    let more = |text: &str| told("share = 1", &format!("share = 1\n{text}"), NONE);
    let class = "[drug_classes.any]\nshare = 1\n";
    assert_eq!(
        more(&format!("{class}on_hand = \"3 d\"\non_hand_new = \"3 d\"")),
        ["`on_hand_new` of [drug_classes.any] changes nothing: no prescription is new [drug_classes.any.on_hand_new]"]
    );
    assert_eq!(
        more(&format!("{class}on_hand = \"3 d\"\non_hand_new = \"3 d\"\n[prescriptions]\nnew = 1")),
        ["`on_hand` of [drug_classes.any] changes nothing: every prescription is new [drug_classes.any.on_hand]"]
    );
    assert!(more(&format!("{class}on_hand = \"3 d\"\non_hand_new = \"3 d\"\n[prescriptions]\nnew = 0.5")).is_empty());

    let trust = |share: &str| format!("[downtime.on_trust]\nshare = {share}\nextra_minutes = 3\nrebill_minutes = 5\n");
    let zero = "[downtime]\ntide_over = { share = 0, supply = \"3 d\", extra_minutes = 1 }\ncash = { share = 0 }\nmove = { share = 0 }\n\
                give_up = { share = 0 }\n";
    let keys = ["tide_over", "cash", "move", "give_up"];
    assert_eq!(more(zero), keys.map(|key| format!("[downtime.{key}] changes nothing: its share is zero [downtime.{key}.share]")));
    assert!(more(&zero.replace("share = 0", "share = 0.1")).is_empty());
    assert!(more(&zero.replace("share = 0", "enabled = false, share = 0")).is_empty());
    let procedure =
        "[downtime.on_trust] changes nothing: its share is zero, and no order needs its procedure [downtime.on_trust.share]";
    assert_eq!(more(&trust("0")), [procedure]);
    let whole = "[[order]]\nid = \"o\"\nat = \"1 d\"\nemergency_supply = { share = 0.9 }\n";
    assert!(more(&format!("{}{whole}", trust("0"))).is_empty());

    let order =
        |action: &str| format!("[rejects.call]\nshare = 0.1\nstaff = \"1 min\"\n[[order]]\nid = \"o\"\nat = \"1 d\"\n{action}\n");
    let paid = order("interim_payment = \"100 usd\"").replace("[rejects", &format!("{class}price = \"60 usd\"\n[rejects"));
    assert_eq!(
        more(&paid),
        [
            "`interim_payment` of [[order]] `o` changes nothing: no money is followed, and no credit is limited [order.o.interim_payment]"
        ]
    );
    assert!(more(&format!("{paid}[money]\npayment_lag = \"14 d\"\nreserve = \"0 usd\"")).is_empty());
    assert!(more(&format!("{paid}{}credit = \"100 usd\"", trust("0.5"))).is_empty());
    assert_eq!(
        more(&order("prioritise = \"any\"")),
        ["`prioritise` of [[order]] `o` changes nothing: there is one drug class only [order.o.prioritise]"]
    );
    assert_eq!(
        more(&order("waive = { rejects = \"call\", share = 0 }")),
        ["`waive` of [[order]] `o` changes nothing: its share is zero [order.o.waive]"]
    );

    let limited = told("1200 claims/s\"", "1200 claims/s\"\nonboarding = \"5 stores/d\"", NONE);
    assert_eq!(
        limited,
        ["the limit on new stores of `change` changes nothing: no pharmacy re-routes to it [clearinghouses.change.onboarding]"]
    );
}

#[test]
fn a_timeline_too_coarse_for_recovery() {
    let message = "`timeline_step` is 3 d: what happens between two instants of the timeline is not seen, so that recovery, backlog and loss of service are not estimated [run.timeline_step]";
    assert_eq!(told("staff = 2", "staff = 2", &["run.timeline_step=3 d"]), [message]);
    assert!(told("staff = 2", "staff = 2", &["run.timeline_step=1 d"]).is_empty());
    assert!(told("staff = 2", "staff = 2", &["run.timeline_step=3 d", "outage=[]"]).is_empty());
}

#[test]
fn classes_that_are_first_anyway_need_not_be_put_first() {
    let classes = "staff = 2\n[drug_classes.urgent]\nshare = 0.5\npriority = 0\n[drug_classes.other]\nshare = 0.5\npriority = 1";
    let order = |class: &str| format!("order=[{{ id = \"o\", at = \"12 d\", prioritise = \"{class}\" }}]");
    let text = SMALL.replacen(
        "staff = 2\nroutes",
        &format!(
            "{}\n[pharmacies.other]\nsites = 1\nprescriptions_per_day = 10\nstaff = 2\nroutes",
            classes.replacen("staff = 2", "staff = 2\nroutes = { direct = 1.0 }", 1)
        ),
        1,
    );
    let told = |class: &str| {
        let loaded = load_text(&text, &[&order(class)]).unwrap_or_else(|problems| panic!("{problems}"));
        warnings(&loaded.scenario).into_iter().map(|warning| warning.message).collect::<Vec<_>>()
    };
    assert_eq!(told("urgent"), ["`prioritise` of [[order]] `o` changes nothing: these classes are first in line anyway"]);
    assert!(told("other").is_empty());
}

#[test]
fn claims_that_are_rejected_for_ever_are_one_warning() {
    let rejects = "share = 1\n[rejects.again]\nshare = 1\nstaff = \"1 min\"\n";
    assert_eq!(
        told("share = 1", rejects, NONE),
        [
            "every claim is rejected, resolved and submitted again, until it is given up: the shares in [rejects] sum to 1 [rejects]"
        ]
    );
}

#[test]
fn what_never_comes_to_pass() {
    let both = "share = 1\n[downtime.give_up]\nshare = 1\n[downtime.wait]\nreturn_after = \"1 d\"\n";
    assert_eq!(
        told("share = 1", both, NONE),
        ["[downtime.wait] changes nothing: everybody gives up before it is asked for [downtime.wait]"]
    );
    assert!(told("share = 1", &both.replace("share = 1\n[downtime.w", "share = 0.9\n[downtime.w"), NONE).is_empty());
    assert_eq!(
        told("share = 1", "share = 1", &["outage.attack.probability=0"]),
        ["[[outage]] `attack` never happens: its probability is zero [outage.attack.probability]"]
    );
}

#[test]
fn a_run_that_measures_nothing() {
    let message =
        "hardly anything is measured: on average less than one prescription comes between warm-up and follow-up [run.horizon]";
    assert!(told("= 100", "= 1e-9", NONE).contains(&message.to_owned()));
    assert!(told("= 100", "= 100", &["run.warm_up=26.99999999 d"]).contains(&message.to_owned()));
}
