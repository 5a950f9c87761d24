//! `nodes.csv` and `links.csv`.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use super::KNOWN;
use crate::network::{Capacity, Demand, Route, ServiceId, Staffing};
use crate::scenario::{InputRole, Loaded, Source, load};

const SCENARIO: &str = "format = 1\nname = \"tables\"\n[run]\nhorizon = \"30 d\"\n[network]\nnodes = \"nodes.csv\"\nlinks = \"links.csv\"\n\
                        [work]\nfill = \"5 min\"\n\
                        [pharmacies.plain]\nsites = 0\nprescriptions_per_day = 100\nstaff = 2\nroutes = { change = 1 }\n\
                        [clearinghouses.change]\n";

const NODES: &str = "id,role,group,type,prescriptions_per_day,staff,capacity,latency,share,region\n\
                     a,pharmacy,plain,retail,150,3,,,,north\n\
                     b,pharmacy,plain,,,,,,,south\n\
                     relay,clearinghouse,,,,,500 claims/s,20 ms,,\n\
                     p,payer,,,,,,,0.5,\n\
                     q,payer,,,,,,,50 %,\n\
                     cloud,platform,,,,,,,,\n";

const LINKS: &str = "from,to,kind,latency,failover\n\
                     b,relay,primary,,\n\
                     a,relay,standby,,6 h\n\
                     relay,p,reaches,10 ms,\n\
                     relay,q,reaches,,\n\
                     relay,cloud,depends_on,,\n";

fn load_in(folder: &Path, scenario: &str, nodes: &str, links: &str) -> Result<Loaded, String> {
    for (name, text) in [("my.toml", scenario), ("nodes.csv", nodes), ("links.csv", links)] {
        fs::write(folder.join(name), text).expect("written");
    }
    let loaded = load(&Source::File(folder.join("my.toml")), &[], &KNOWN);
    loaded.map_err(|problems| problems.to_string().replace(&format!("{}/", folder.display()), ""))
}

fn load_tables(scenario: &str, nodes: &str, links: &str) -> Result<Loaded, String> {
    load_in(tempfile::tempdir().expect("a temporary folder").path(), scenario, nodes, links)
}

#[test]
fn a_network_from_tables() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let loaded = load_in(folder.path(), SCENARIO, NODES, LINKS).unwrap_or_else(|problems| panic!("{problems}"));
    let network = &loaded.scenario.network;
    let [a, b] = network.pharmacies.as_slice() else { panic!("two pharmacies") };
    assert_eq!((a.id.as_str(), a.pharmacy_type(), a.attribute("region")), ("a", "retail", Some("north")));
    assert_eq!((b.pharmacy_type(), b.sites), ("plain", 1));
    assert!(matches!(&a.demand, Demand::Profile { per_day, .. } if per_day.mean() == 150.0));
    assert_eq!((a.staff, b.staff), (Staffing::Fixed(3), Staffing::Fixed(2)));
    assert_eq!(a.routes[0].0, Route::Clearinghouse(ServiceId(0)));
    assert_eq!(b.routes[0].0, Route::Clearinghouse(ServiceId(1)));
    assert!(a.standby.is_some() && b.standby.is_none());
    assert!(matches!(network.services[1].capacity, Capacity::Throughput { servers: 1, .. }));
    assert_eq!(network.services[1].depends_on.len(), 1);
    assert_eq!(network.links.len(), 4);
    assert_eq!(
        loaded.inputs.iter().map(|input| input.role).collect::<Vec<_>>(),
        [InputRole::Scenario, InputRole::Nodes, InputRole::Links]
    );
    let again = load_in(folder.path(), &loaded.resolved, NODES, LINKS).unwrap_or_else(|problems| panic!("{problems}"));
    assert_eq!(again.resolved, loaded.resolved);
    assert_eq!(format!("{:?}", again.scenario), format!("{:?}", loaded.scenario));
}

#[test]
fn mistakes_in_tables_are_told_all_at_once() {
    let nodes = NODES
        .replace("150,3,", "many,0,")
        .replace("b,pharmacy,plain,,,,,,,south", "b,pharmacy,plan,,,,,,,south,x\nA,farmacy,,,,,,,,\nB,payer,,,,,,,,")
        .replace("500 claims/s", "500");
    let shown = load_tables(SCENARIO, &nodes, LINKS).expect_err("wrong");
    for expected in [
        "error: `prescriptions_per_day`: `many` is not a number greater than zero\n --> nodes.csv:2:25\n  |\n2 | a,pharmacy,plain,retail,many,0,,,,north\n",
        "error: `staff`: `0` is not a whole number from 1\n --> nodes.csv:2:30\n",
        "error: this row has 11 cells, the header has 10\n --> nodes.csv:3:1\n",
        "error: the id `A` must be a lower-case letter followed by lower-case letters, digits, `_` or `-`\n --> nodes.csv:4:1\n",
        "error: unknown role `farmacy`\n --> nodes.csv:4:3\n",
        "  = help: did you mean `pharmacy`?\n",
        "error: the payer `B` has no share\n --> nodes.csv:5:1\n",
        "error: the id `B` must be a lower-case letter followed by lower-case letters, digits, `_` or `-`\n --> nodes.csv:5:1\n",
        "error: `capacity`: \"500\" does not say per what time\n --> nodes.csv:6:25\n",
    ] {
        assert!(shown.contains(expected), "{expected}\nis missing in\n{shown}");
    }
    assert_eq!(shown.matches("error:").count(), 8, "nothing follows from rows left out:\n{shown}");
}

#[test]
fn mistakes_in_links_are_told_all_at_once() {
    let links = "from,to,kind,latency,failover\nb,rely,primary,,\na,relay,stand_by,,\nrelay,p,reaches,5,\nrelay,q,reaches,,3 h\nb,relay,primary,,\nb,change,primary,,\n";
    let shown = load_tables(SCENARIO, NODES, links).expect_err("wrong");
    for expected in [
        "error: unknown clearinghouse `rely`\n --> links.csv:2:3\n  |\n2 | b,rely,primary,,\n  |   ^^^^ not declared\n  = help: did you mean `relay`?\n",
        "error: unknown kind of link `stand_by`\n --> links.csv:3:9\n",
        "error: `latency`: \"5\" has no unit\n --> links.csv:4:17\n",
        "error: `failover` is not for reaches links\n --> links.csv:5:18\n",
        "error: `b` has a second primary route\n --> links.csv:7:1\n",
    ] {
        assert!(shown.contains(expected), "{expected}\nis missing in\n{shown}");
    }
}

/// Nodes of a table that could not be named are not unknown ones.
#[test]
fn a_table_that_is_no_path_is_one_mistake() {
    let shown = load_tables(&SCENARIO.replace("\"nodes.csv\"", "7"), NODES, LINKS).expect_err("a number");
    assert_eq!(shown.matches("error: ").count(), 1, "{shown}");
}

/// Nor does it make another: the share of a payer whose row is wrong elsewhere is not missed.
#[test]
fn a_bad_cell_of_a_payer_is_its_only_mistake() {
    let shown = load_tables(SCENARIO, &NODES.replace("p,payer,,,,,,,0.5", "p,payer,,,,,,1,0.5"), LINKS).expect_err("no unit");
    assert!(shown.starts_with("error: `latency`: \"1\" has no unit\n") && shown.matches("error: ").count() == 1, "{shown}");
}

#[test]
fn headers_templates_and_scale_are_checked() {
    let header = load_tables(SCENARIO, "id,rolle,group,group\n", LINKS).expect_err("wrong header");
    assert!(header.contains("error: the column `role` is missing\n --> nodes.csv:1:1\n"), "{header}");
    assert!(header.contains("is `rolle` meant to be `role`?"), "{header}");
    assert!(header.contains("error: the column `group` is given twice\n --> nodes.csv:1:16\n"), "{header}");
    let template =
        load_tables(SCENARIO, &NODES.replace("b,pharmacy,plain", "b,pharmacy,plan"), LINKS).expect_err("no such template");
    assert!(template.contains("error: unknown template `plan`\n --> nodes.csv:3:12\n"), "{template}");
    assert!(template.contains("did you mean `plain`?"), "{template}");
    let scaled = load_tables(&SCENARIO.replace("[run]\n", "[run]\nscale = 0.1\n"), NODES, LINKS).expect_err("scaled");
    assert!(scaled.contains("`scale` in [run] does not go with nodes.csv"), "{scaled}");
    let twice = load_tables(SCENARIO, &NODES.replace("\nb,", "\nchange,"), LINKS).expect_err("an id twice");
    assert!(twice.contains("the id `change` is given twice: it is already a clearinghouse"), "{twice}");
    let missing = load_tables(&SCENARIO.replace("links.csv", "link.csv"), NODES, LINKS).expect_err("no such table");
    assert!(missing.starts_with("error: cannot read `link.csv`: there is no such file\n --> my.toml:7:9\n"), "{missing}");
    let unused =
        load_tables(&format!("{SCENARIO}\n[pharmacies.other]\nsites = 0\nprescriptions_per_day = 1\nstaff = 1\n"), NODES, LINKS);
    assert!(unused.expect_err("unused").contains("the template `other` is never used"));
}

#[test]
fn a_hundred_thousand_rows_are_read() {
    let mut nodes = "id,role,group,region,share\np,payer,,,1\n".to_owned();
    let mut links = "from,to,kind\n".to_owned();
    for index in 0..100_000 {
        let _ = writeln!(nodes, "site-{index},pharmacy,plain,r{},", index % 50);
        let _ = writeln!(links, "site-{index},change,primary");
    }
    let loaded =
        load_tables(SCENARIO, &nodes, &links).unwrap_or_else(|problems| panic!("{}", &problems[..2000.min(problems.len())]));
    assert_eq!(loaded.scenario.network.pharmacies.len(), 100_000);
}

#[test]
fn a_hundred_thousand_mistakes_end_soon() {
    let mut nodes = "id,role,group,share\np,payer,,1\na,pharmacy,plain,\n".to_owned();
    let mut links = "from,to,kind\n".to_owned();
    for index in 0..50_000 {
        let _ = writeln!(links, "site-{index},change,primary");
        let _ = writeln!(nodes, "site-x-{index},pharmacy,plain,");
    }
    let shown = load_tables(SCENARIO, &nodes, &links).expect_err("no link has a pharmacy");
    assert!(shown.starts_with("error: there are more mistakes: these are 199 of them\n"), "{}", &shown[..500]);
    assert_eq!(shown.matches("error:").count(), 200);
}

#[test]
fn a_bad_cell_hides_no_other_mistake_of_a_pharmacy() {
    let nodes = NODES
        .replace("a,pharmacy,plain,retail,150,3,", "a,pharmacy,plain,retail,many,3,")
        .replace("b,pharmacy,plain,", "a,pharmacy,plan,");
    let shown = load_tables(SCENARIO, &nodes, "from,to,kind\n").expect_err("wrong");
    for expected in ["`many` is not a number greater than zero", "nodes.csv:3:1", "`plan`"] {
        assert!(shown.contains(expected), "{expected}\nis missing in\n{shown}");
    }
}

#[test]
fn no_link_is_given_twice() {
    for (rows, message) in [
        ("relay,p,reaches,10 ms,\n", "this reaches link is given before\n --> links.csv:7:1"),
        ("a,all,direct,,\na,all,direct,,\n", "this direct link is given before\n --> links.csv:8:1"),
        ("a,all,direct,,\na,p,direct,,\n", "this direct link is given beside one to all payers\n --> links.csv:8:1"),
        ("a,p,direct,,\na,all,direct,,\n", "this direct link is given beside one to all payers\n --> links.csv:7:1"),
    ] {
        let shown = load_tables(SCENARIO, NODES, &format!("{LINKS}{rows}")).expect_err("twice");
        assert!(shown.contains(message), "{shown}");
    }
}

#[test]
fn a_column_is_not_called_like_a_group_of_results() {
    for name in ["affected", "payer", "drug_class"] {
        let shown = load_tables(SCENARIO, &NODES.replace(",region\n", &format!(",{name}\n")), LINKS).expect_err("reserved");
        assert!(shown.contains(&format!("error: the attribute `{name}` is reserved")), "{shown}");
    }
}

#[test]
fn a_table_without_rows_and_one_with_an_open_quotation_mark() {
    let shown = load_tables(SCENARIO, "id,role\n", LINKS).expect_err("no rows");
    assert!(shown.contains("error: the table lists no node: it has a header and nothing below\n --> nodes.csv"), "{shown}");
    let shown = load_tables(SCENARIO, &NODES.replace("b,pharmacy", "b,\"pharmacy"), LINKS).expect_err("an open mark");
    assert!(shown.contains("a quotation mark is opened in or below line 3 and never closed"), "{shown}");
}

#[test]
fn a_second_standby_has_no_failover_time_of_its_own() {
    let nodes = format!("{NODES}third,clearinghouse,,,,,,,,\n");
    let with = |rows: &str| load_tables(SCENARIO, &nodes, &format!("{LINKS}{rows}\n"));
    assert_eq!(
        with("a,third,standby,,9 h").expect_err("two times"),
        "error: `a` fails over within 9 h here, and within 6 h in a row above\n --> links.csv:7:1\n  |\n\
         7 | a,third,standby,,9 h\n  | ^^^^^^^^^^^^^^^^^^^^ another time\n  \
         = help: a pharmacy has one failover time, to whichever standby is up: leave `failover` empty in this row\n"
    );
    assert_eq!(
        with("b,third,standby,,6 h\nb,relay,standby,,").expect_err("its own"),
        "error: the standby of `b` is its primary route\n --> links.csv:8:1\n  |\n\
         8 | b,relay,standby,,\n  | ^^^^^^^^^^^^^^^^^ not a second switch\n"
    );
    let loaded = with("a,third,standby,,").expect("good");
    assert_eq!(loaded.scenario.network.pharmacies[0].standby.as_ref().map(|standby| standby.to.len()), Some(2));
}

#[test]
fn an_attribute_is_printable() {
    for text in ["\"no\nrth\"", "\u{1b}[31mred", "\u{202e}htron"] {
        let shown = load_tables(SCENARIO, &NODES.replace("north", text), LINKS).expect_err("unprintable");
        assert!(shown.starts_with("error: `region`: the text holds a control character\n --> nodes.csv:2:34\n"), "{shown}");
        assert!(shown.ends_with("not printable\n  = help: take it out\n"), "{shown}");
        assert!(!shown.contains('\u{1b}'), "{shown}");
    }
}

#[test]
fn one_mistake_in_a_table_is_one_error() {
    let nodes = |old: &str, new: &str| (NODES.replace(old, new), LINKS.to_owned());
    let links = |old: &str, new: &str| (NODES.to_owned(), LINKS.replace(old, new));
    for ((nodes, links), message) in [
        (nodes("500 claims/s,20 ms", "500 claims/s,20"), "`latency`: \"20\" has no unit"),
        (links("standby,,6 h", "standby,,6"), "`failover`: \"6\" has no unit"),
        (links("b,relay,primary,,", "b,relay,primary,,6 h"), "`failover` is not for primary links"),
        (links("b,relay,primary,,", "b,relay,primary,,,,"), "this row has 7 cells, the header has 5"),
        (nodes("\nb,pharmacy", "\n1e5,pharmacy"), "the id `1e5` must"),
        (nodes("cloud,platform,,,,,,,,\n", "cloud,platform,,,,,,,,\n,,,,,,,,,\n"), "this row is empty"),
        (links("b,relay,primary,,", "b,relay,primary,,\nb,relay,primary,,"), "this primary link is given before"),
        (links("standby,,6 h", "standby,,"), "the standby of `a` has no failover time"),
    ] {
        let shown = load_tables(SCENARIO, &nodes, &links).expect_err("wrong");
        assert!(shown.starts_with(&format!("error: {message}")), "{shown}");
        assert_eq!(shown.matches("error:").count(), 1, "{shown}");
    }
}

#[test]
fn a_template_that_is_none_or_never_used_is_one_error() {
    let unused = format!("{SCENARIO}[pharmacies.other]\nsites = 0\nprescriptions_per_day = 3\nstaff = 1\n");
    let used = SCENARIO.replace("sites = 0", "sites = 3");
    for (scenario, message) in
        [(unused, "the template `other` is never used"), (used, "`plain` is no template: a template has sites = 0")]
    {
        let shown = load_tables(&scenario, NODES, LINKS).expect_err("wrong");
        assert!(shown.starts_with(&format!("error: {message}")), "{shown}");
        assert_eq!(shown.matches("error:").count(), 1, "{shown}");
    }
}

#[test]
fn nothing_is_set_in_a_row() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    load_in(folder.path(), SCENARIO, NODES, LINKS).unwrap_or_else(|problems| panic!("{problems}"));
    for (set, id, line) in [("payers.p.share=0.4", "p", 5), ("pharmacies.a.staff=5", "a", 2), ("platforms.cloud={}", "cloud", 7)]
    {
        let loaded = load(&Source::File(folder.path().join("my.toml")), &[set.to_owned()], &KNOWN);
        let shown = loaded.expect_err("a row").to_string().replace(&format!("{}/", folder.path().display()), "");
        assert!(shown.starts_with(&format!("error: `{id}` is a row of a table, nodes.csv:{line}: nothing")), "{shown}");
        assert_eq!(shown.matches("error:").count(), 1, "{shown}");
    }
    load(&Source::File(folder.path().join("my.toml")), &["pharmacies.plain.staff=5".to_owned()], &KNOWN).expect("a template");
    for in_force in [true, false] {
        let precaution = format!(
            "[[precaution]]\nid = \"fewer\"\ncost_per_year = \"1 usd\"\nin_force = {in_force}\nset = {{ \"payers.p.share\" = 0.4 }}\n"
        );
        let shown = load_tables(&format!("{SCENARIO}{precaution}"), NODES, LINKS).expect_err("a row");
        assert!(shown.contains("`p` is a row of a table, nodes.csv:5: nothing can be set in it"), "{shown}");
        assert_eq!(shown.matches("error:").count(), 1, "{shown}");
    }
}

#[test]
fn a_number_that_is_none_is_told_for_what_it_is() {
    for (number, label, help) in [
        ("0", "not more than zero", "drop the row of a pharmacy that fills nothing"),
        ("-180", "not more than zero", "drop the row of a pharmacy that fills nothing"),
        ("1e400", "not a finite number", "write the number of prescriptions on a day"),
    ] {
        let shown = load_tables(SCENARIO, &NODES.replace(",150,", &format!(",{number},")), LINKS).expect_err("no number");
        let start =
            format!("error: `prescriptions_per_day`: `{number}` is not a number greater than zero\n --> nodes.csv:2:25\n");
        assert!(shown.starts_with(&start) && shown.ends_with(&format!("{label}\n  = help: {help}\n")), "{shown}");
    }
}
