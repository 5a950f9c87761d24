//! The program as its users meet it: exit codes, what is printed where, and what is left behind.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Output;

use assert_cmd::Command;

use crate::support::repository;

/// A small scenario of its own in a folder of its own.
pub(crate) const SMALL: &str = r#"format = 1
name = "small"
[run]
horizon = "4 d"
follow_up = "24 h"
replications = 2
timeline_step = "6 h"
[work]
entry = "5 min"
[claims]
[pharmacies.shop]
sites = 2
prescriptions_per_day = 50
staff = 1
routes = { switch = 1.0 }
[clearinghouses.switch]
[payers.plan]
share = 1.0
latency = "1 s"
[[outage]]
id = "stop"
target = { clearinghouse = "switch" }
at = "1 d"
mode = "hard_stop"
recovery_delay = "6 h"
recovery = "at_once"
"#;

pub(crate) struct Folder(pub(crate) PathBuf);

impl Folder {
    pub(crate) fn new(name: &str) -> Self {
        let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("command-line-{name}"));
        let _ = fs::remove_dir_all(&path);
        fs::create_dir_all(&path).expect("a folder");
        Self(path)
    }

    pub(crate) fn file(&self, name: &str, text: impl AsRef<[u8]>) -> PathBuf {
        let path = self.0.join(name);
        fs::write(&path, text).expect("written");
        path
    }

    pub(crate) fn names(&self, below: &str) -> Vec<String> {
        let Ok(entries) = fs::read_dir(self.0.join(below)) else { return Vec::new() };
        let mut names: Vec<String> =
            entries.map(|entry| entry.expect("an entry").file_name().into_string().expect("text")).collect();
        names.sort();
        names
    }

    pub(crate) fn call(&self, arguments: &[&str]) -> Output {
        let mut command = Command::new(assert_cmd::cargo::cargo_bin!("rxoutage"));
        command.current_dir(&self.0).args(arguments).output().expect("started")
    }
}

pub(crate) fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).expect("UTF-8")
}

fn refused(output: &Output, expected: &str) {
    assert_eq!(output.status.code(), Some(2), "{}", text(&output.stderr));
    assert_eq!(text(&output.stderr), expected);
    assert_eq!(text(&output.stdout), "");
}

#[test]
fn a_run_leaves_a_whole_folder_and_a_summary() {
    let folder = Folder::new("run");
    folder.file("small.toml", SMALL);
    let output = folder.call(&["run", "small.toml"]);
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    let results = folder.names("output");
    assert_eq!(results.len(), 1);
    let results = format!("output/{}", results[0]);
    assert_eq!(
        folder.names(&results),
        [
            "delay_ccdf.csv",
            "figures",
            "nodes.csv",
            "replications.csv",
            "report.html",
            "run.json",
            "scenario.resolved.toml",
            "summary.csv",
            "timeline.csv"
        ]
    );
    for figure in ["delay_ccdf", "backlog_fan", "recovery_curve"] {
        for ending in ["svg", "png", "csv"] {
            assert!(folder.names(&format!("{results}/figures")).contains(&format!("{figure}.{ending}")), "{figure}.{ending}");
        }
    }
    let last = text(&output.stdout).lines().last().expect("a summary").to_owned();
    assert_eq!(last, format!("Report: {results}/report.html"));

    // The resolved scenario runs to the same bytes.
    let resolved = format!("{results}/scenario.resolved.toml");
    let again = folder.call(&["run", &resolved, "--output", "again", "--quiet", "--threads", "1"]);
    assert_eq!(again.status.code(), Some(0), "{}", text(&again.stderr));
    assert_eq!(text(&again.stdout), "");
    let second = format!("again/{}", folder.names("again")[0]);
    let exact = |name: &&String| [".csv", ".toml"].iter().any(|ending| name.contains(ending));
    for name in folder.names(&results).iter().filter(exact) {
        let read = |place: &str| fs::read(folder.0.join(place).join(name)).expect("read");
        assert!(read(&results) == read(&second), "{name}");
    }

    // Results are never written over.
    let refusal = folder.call(&["run", "small.toml"]);
    refused(
        &refusal,
        &format!(
            "error: the results folder `{results}` already exists\n   = help: add `--force` to replace it, or name another folder with `--output`\n"
        ),
    );
    assert_eq!(folder.call(&["run", "small.toml", "--force", "--quiet"]).status.code(), Some(0));
    assert_eq!(folder.names("output").len(), 1, "nothing temporary is left");
}

#[test]
fn every_mistake_is_told_at_once_and_nothing_is_written() {
    let folder = Folder::new("mistakes");
    let wrong = SMALL
        .replace("replications = 2", "replicatons = 2")
        .replace("\"4 d\"", "4")
        .replace("share = 1.0", "share = 1.5")
        .replace("clearinghouse = \"switch\"", "clearinghouse = \"swich\"");
    folder.file("small.toml", wrong);
    let output = folder.call(&["run", "small.toml"]);
    assert_eq!(output.status.code(), Some(2));
    let words = text(&output.stderr);
    for expected in [
        "unknown key `replicatons` in [run]",
        "did you mean `replications`?",
        "small.toml:4:11",
        "\"4 d\"",
        "1.5",
        "swich",
        "did you mean `switch`",
    ] {
        assert!(words.contains(expected), "{expected} is not in:\n{words}");
    }
    assert_eq!(words.matches("error:").count(), 4, "{words}");
    assert_eq!(folder.names(""), ["small.toml"]);
}

#[test]
fn a_missing_file_and_one_that_is_no_text() {
    let folder = Folder::new("files");
    folder.file("small.toml", SMALL);
    refused(
        &folder.call(&["run", "smal.toml"]),
        "error: cannot read `smal.toml`: there is no such file\n  = help: did you mean `small.toml`?\n",
    );
    folder.file("binary.toml", [0xff, 0xfe, 0x00]);
    let output = folder.call(&["check", "binary.toml"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(text(&output.stderr).contains("UTF-8"), "{}", text(&output.stderr));
    assert_eq!(folder.call(&["check", "."]).status.code(), Some(2));
}

#[test]
fn an_output_folder_that_cannot_be_written() {
    let folder = Folder::new("unwritable");
    folder.file("small.toml", SMALL);
    folder.file("taken", "a file where a folder should be");
    let output = folder.call(&["run", "small.toml", "--output", "taken"]);
    refused(
        &output,
        "error: cannot write `taken`: it is a file\n   = help: name a folder that you may write to with `--output`\n",
    );
    assert_eq!(folder.names(""), ["small.toml", "taken"]);
}

#[test]
fn a_scenario_too_large_for_memory_is_refused_with_the_estimate() {
    let folder = Folder::new("large");
    folder.file(
        "small.toml",
        SMALL.replace("sites = 2", "sites = 1900000").replace("prescriptions_per_day = 50", "prescriptions_per_day = 100000"),
    );
    for command in ["check", "run"] {
        let output = folder.call(&[command, "small.toml"]);
        assert_eq!(output.status.code(), Some(2), "{}", text(&output.stderr));
        // The figures are the estimate and the machine's: every word between them is exact.
        let words = text(&output.stderr);
        let numbers = |word: &&str| word.parse::<f64>().is_err();
        assert_eq!(
            words.split_whitespace().filter(numbers).collect::<Vec<_>>().join(" "),
            "error: this scenario needs about GB of memory, and the machine has GB = help: lower `run.scale` or the number of sites, \
             or run with fewer `--threads`"
        );
    }
    assert_eq!(folder.names(""), ["small.toml"]);
}

/// The time is that of the machine; but hundreds of millions of prescriptions are not simulated in a second on any.
#[test]
fn check_tells_time_memory_and_disk_and_writes_nothing() {
    let folder = Folder::new("estimate");
    folder.file("small.toml", SMALL);
    let estimate = |sets: &[&str]| {
        let output = folder.call(&[&["check", "small.toml"], sets].concat());
        assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
        let words = text(&output.stdout);
        words.lines().find_map(|line| line.strip_prefix("  estimate ")).expect("a line of its own").trim().to_owned()
    };
    let (short, long) =
        (estimate(&[]), estimate(&["--set", "run.replications=1000", "--set", "pharmacies.shop.prescriptions_per_day=20000"]));
    for words in [&short, &long] {
        assert!(words.contains(" thread") && words.contains(" of memory, ") && words.ends_with(" of results"), "{words}");
    }
    assert!(!long.starts_with("under 1 s"), "{long}");
    assert!(estimate(&["--set", "run.replications=1000", "--threads", "1"]).contains(" on 1 thread, "));
    // What a precision takes is not known before; what it may take is.
    let precise = "run.replications={ until = \"share_delayed_24h\", half_width = \"5 %\", max = 1000000 }";
    let words = text(&folder.call(&["check", "small.toml", "--set", precise]).stdout);
    assert!(words.contains(" of results for 16 replications, the fewest\n"), "{words}");
    assert!(words.contains(" of results for 1000000, the most\n"), "{words}");
    assert_eq!(folder.names(""), ["small.toml"]);
}

/// Threads that are asked for beyond what there is to do are not taken; but a twin is something to do.
#[test]
fn a_lone_replication_gives_its_twin_a_thread() {
    let folder = Folder::new("twin-thread");
    folder.file("small.toml", SMALL);
    for (set, threads) in [("run.replications=1", 2), ("run.replications=2", 4), ("outage=[]", 2)] {
        let output =
            folder.call(&["run", "small.toml", "--threads", "16", "--set", set, "--output", "out", "--force", "--quiet"]);
        assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
        let results = folder.names("out");
        let record = fs::read_to_string(folder.0.join("out").join(&results[0]).join("run.json")).expect("a record");
        assert!(record.contains(&format!("\"threads\": {threads},")), "{set}: {record}");
        fs::remove_dir_all(folder.0.join("out")).expect("removed");
    }
}

#[test]
fn a_failed_check_has_its_own_exit_code() {
    let folder = Folder::new("verdict");
    folder.file("small.toml", format!("{SMALL}\n[[check]]\nmetric = \"requested\"\nbelow = 1\n"));
    let output = folder.call(&["run", "small.toml"]);
    assert_eq!(output.status.code(), Some(99));
    assert!(text(&output.stdout).contains("requested"), "the summary says which check: {}", text(&output.stdout));
    assert_eq!(folder.names("output").len(), 1, "the results are there all the same");
}

#[cfg(unix)]
#[test]
fn a_stopped_run_keeps_what_is_finished() {
    let folder = Folder::new("stopped");
    folder.file("small.toml", SMALL.replace("replications = 2", "replications = 100000").replace("\"4 d\"", "\"40 d\""));
    let mut child = std::process::Command::new(assert_cmd::cargo::cargo_bin!("rxoutage"))
        .current_dir(&folder.0)
        .args(["run", "small.toml", "--threads", "2"])
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::piped())
        .spawn()
        .expect("started");
    std::thread::sleep(std::time::Duration::from_secs(3));
    let killed = std::process::Command::new("kill").args(["-INT", &child.id().to_string()]).status().expect("kill");
    assert!(killed.success());
    let code = child.wait().expect("ended").code();
    assert_eq!(code, Some(3));
    let results = folder.names("output");
    assert_eq!(results.len(), 1);
    let record = fs::read_to_string(folder.0.join("output").join(&results[0]).join("run.json")).expect("a record");
    assert!(record.contains("\"interrupted\": true"), "{record}");
    // What was kept is not written over by the same call.
    let again = folder.call(&["run", "small.toml", "--threads", "2"]);
    assert_eq!(again.status.code(), Some(2));
    assert!(text(&again.stderr).contains("already exists\n   = help: add `--force` to replace it"), "{}", text(&again.stderr));
    assert_eq!(fs::read_to_string(folder.0.join("output").join(&results[0]).join("run.json")).expect("a record"), record);
}

/// A run that is killed cannot tidy up: the next one does, and says so.
#[cfg(unix)]
#[test]
fn what_a_killed_run_left_is_removed_by_the_next() {
    let folder = Folder::new("killed");
    folder.file("small.toml", SMALL.replace("replications = 2", "replications = 100000").replace("\"4 d\"", "\"40 d\""));
    let mut child = std::process::Command::new(assert_cmd::cargo::cargo_bin!("rxoutage"))
        .current_dir(&folder.0)
        .args(["run", "small.toml", "--threads", "1", "--quiet"])
        .spawn()
        .expect("started");
    let begun = |folder: &Folder| folder.names("output").len() == 2;
    for _ in 0..100 {
        if begun(&folder) {
            break;
        }
        std::thread::sleep(std::time::Duration::from_millis(100));
    }
    assert!(begun(&folder), "{:?}", folder.names("output"));
    // A run beside it leaves it alone.
    folder.file("other.toml", SMALL.replace("name = \"small\"", "name = \"other\""));
    let beside = folder.call(&["run", "other.toml"]);
    assert_eq!((beside.status.code(), text(&beside.stderr).as_str()), (Some(0), ""));
    assert_eq!(folder.names("output").len(), 3);
    child.kill().expect("killed");
    child.wait().expect("ended");
    assert_eq!(folder.names("output").len(), 3);
    let next = folder.call(&["run", "other.toml", "--force"]);
    assert_eq!(next.status.code(), Some(0));
    assert!(text(&next.stderr).starts_with("note: removed `output/.small-"), "{}", text(&next.stderr));
    let left = folder.names("output");
    assert!(left.len() == 1 && left[0].starts_with("other-"), "{left:?}");
}

#[test]
fn new_examples_explain_and_graph() {
    let folder = Folder::new("tools");
    assert_eq!(folder.call(&["new", "my-outage.toml"]).status.code(), Some(0));
    assert_eq!(folder.call(&["check", "my-outage.toml"]).status.code(), Some(0));
    assert_eq!(folder.call(&["new", "my-outage.toml"]).status.code(), Some(2), "never writes over a file");
    assert_eq!(folder.call(&["new", "mine.toml", "--from", "change-healthcare-2024"]).status.code(), Some(0));
    assert_eq!(folder.names(""), ["baseline.toml", "mine.toml", "my-outage.toml"]);
    assert_eq!(folder.call(&["check", "mine.toml"]).status.code(), Some(0));
    let same = text(&folder.call(&["new", "again.toml", "--from", "change-healthcare-2024"]).stdout);
    assert_eq!(same, "wrote again.toml\nuses baseline.toml, which is there already\nnext: rxoutage run again.toml\n");
    let edited = fs::read_to_string(folder.0.join("baseline.toml")).expect("read") + "# mine\n";
    folder.file("baseline.toml", &edited);
    let mixed = text(&folder.call(&["new", "mixed.toml", "--from", "change-healthcare-2024"]).stdout);
    assert!(mixed.contains("uses baseline.toml, which is there already and differs from the example of that name"), "{mixed}");
    assert_eq!(fs::read_to_string(folder.0.join("baseline.toml")).expect("read"), edited, "never written over");
    assert_eq!(folder.call(&["new", "prepared.toml", "--from", "precautions"]).status.code(), Some(0));
    assert!(folder.names("").contains(&"change-healthcare-2024.toml".to_owned()), "what it extends, and what that extends");
    assert_eq!(folder.call(&["check", "prepared.toml"]).status.code(), Some(0));
    let named = text(&folder.call(&["new", "My Outage_2.toml"]).stdout);
    assert!(named.contains("the scenario's name is my-outage-2:"), "{named}");
    assert_eq!(folder.call(&["check", "My Outage_2.toml"]).status.code(), Some(0));
    assert_eq!(folder.call(&["new", "none.toml"]).status.code(), Some(0), "a word that tables do not take, and names do");
    let nameless = |file: &str, better: &str| {
        let told = format!(
            "error: `{file}` does not name a scenario file: a name with a letter in it, and .toml\n   = help: for example `{better}`\n"
        );
        refused(&folder.call(&["new", file]), &told);
    };
    nameless(".toml", "my-outage.toml");
    nameless("../../", "../../my-outage.toml");
    nameless("town.tml", "town.toml");
    let nowhere = "error: there is no folder `sub`\n   = help: make it first\n";
    refused(&folder.call(&["new", "sub/town.toml"]), nowhere);
    let unset = folder.call(&["explain", "my-outage.toml", "downtime.tide_over"]);
    let sets = "if it is `tide_over` that you mean, the example `change-healthcare-2024` sets it: rxoutage examples change-healthcare-2024\n";
    assert!(text(&unset.stderr).ends_with(sets), "{}", text(&unset.stderr));
    let wrong = folder.call(&["new", "x.toml", "--from", "quikstart"]);
    refused(&wrong, "error: there is no example `quikstart`\n   = help: did you mean `quickstart`?\n");

    let listed = text(&folder.call(&["examples"]).stdout);
    assert!(listed.contains("quickstart") && listed.contains("change-healthcare-2024"));
    let printed = folder.call(&["examples", "quickstart"]).stdout;
    assert_eq!(printed, fs::read(repository().join("scenarios/quickstart.toml")).expect("read"));

    let nothing = text(&folder.call(&["explain", "my-outage.toml", ""]).stderr);
    assert!(nothing.contains("there is no setting ``") && !nothing.contains("that you mean"), "{nothing}");
    let explained = text(&folder.call(&["explain", "my-outage.toml", "run.seed"]).stdout);
    assert!(explained.contains("run.seed = 1") && explained.contains("my-outage.toml:"), "{explained}");
    let set = text(&folder.call(&["explain", "my-outage.toml", "run.seed", "--set", "run.seed=9"]).stdout);
    assert!(set.contains("run.seed = 9") && set.contains("--set"), "{set}");

    assert_eq!(folder.call(&["graph", "my-outage.toml", "--output", "."]).status.code(), Some(0));
    let svg = fs::read_to_string(folder.0.join("my-outage-network.svg")).expect("a picture");
    assert!(svg.contains("<title") && svg.contains("north-switch"));
    let dot = fs::read_to_string(folder.0.join("my-outage-network.dot")).expect("a graph");
    assert!(dot.starts_with("digraph") && dot.contains("north-switch"));
}

#[test]
fn help_has_an_example_for_each_command() {
    let folder = Folder::new("help");
    for command in ["run", "check", "explain", "graph", "new", "examples"] {
        let help = text(&folder.call(&[command, "--help"]).stdout);
        assert!(help.contains(&format!("Example:\n  rxoutage {command}")), "{help}");
    }
    assert_eq!(folder.call(&["rn"]).status.code(), Some(2));
}

/// What the examples in `--help` name is there.
#[test]
fn scenarios_named_in_help_are_shipped() {
    for name in ["quickstart", "change-healthcare-2024"] {
        assert!(Path::new(&repository()).join(format!("scenarios/{name}.toml")).exists());
    }
}

/// A network of tables runs, and its resolved scenario, with copies of the tables, has the same fingerprint.
#[test]
fn a_network_of_tables_is_kept_with_its_results() {
    let folder = Folder::new("tables");
    let scenario = SMALL.replace("sites = 2", "sites = 0").replace("[work]", "[network]\nnodes = \"my nodes.csv\"\n[work]");
    folder.file("small.toml", scenario);
    folder.file("my nodes.csv", "id,role,group\nnorth,pharmacy,shop\nsouth,pharmacy,shop\n");
    let output = folder.call(&["run", "small.toml", "--quiet"]);
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    let name = folder.names("output")[0].clone();
    assert_eq!(folder.names(&format!("output/{name}/inputs")), ["nodes.csv"]);
    let resolved = format!("output/{name}/scenario.resolved.toml");
    let again = folder.call(&["run", &resolved, "--quiet", "--output", "again"]);
    assert_eq!(again.status.code(), Some(0), "{}", text(&again.stderr));
    assert_eq!(folder.names("again"), [name]);
}

/// File names are bytes on some systems; the record of the run shows them as well as it can.
#[cfg(target_os = "linux")]
#[test]
fn a_file_whose_name_is_no_text_is_run() {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt;

    let folder = Folder::new("no-text");
    let quickstart = std::fs::read(crate::support::repository().join("scenarios/quickstart.toml")).expect("read");
    let file = folder.file("plain.toml", quickstart).with_file_name(OsStr::from_bytes(b"bad\xff.toml"));
    std::fs::rename(file.with_file_name("plain.toml"), &file).expect("renamed");
    let mut command = Command::new(assert_cmd::cargo::cargo_bin!("rxoutage"));
    command.arg("run").arg(&file).args(["--set", "run.replications=1", "--output"]).arg(file.with_file_name("out"));
    let output = command.output().expect("runs");
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    let [results] = folder.names("out").try_into().expect("one results folder");
    assert!(folder.names(&format!("out/{results}")).contains(&"run.json".to_owned()));
}

#[test]
fn words_for_what_is_no_folder_no_table_and_no_plain_name() {
    let folder = Folder::new("words");
    let output = folder.call(&["new", "my outage.toml"]);
    assert!(text(&output.stdout).ends_with("next: rxoutage run 'my outage.toml'\n"), "{}", text(&output.stdout));
    folder.file("targets.csv", "scenario,target\nmine,V1\ngarbage\n");
    let output = folder.call(&["targets", "targets.csv"]);
    refused(
        &output,
        "error: cannot use `targets.csv`: line 3 has 1 cells, its header 2: the file is damaged\n   = help: name results folders of scenarios with targets, each once\n",
    );
    #[cfg(unix)]
    {
        let output = folder.call(&["run", "my outage.toml", "--output", "/dev/full"]);
        refused(
            &output,
            "error: cannot write `/dev/full`: it is a device, not a folder\n   = help: name a folder that you may write to with `--output`\n",
        );
    }
}
