//! The house rules of the source tree, checked against the text of every file: who may use whom, and where each foreign crate comes in.

use std::fs;
use std::path::{Path, PathBuf};

/// Modules from the top down. Each may use those below it and, within its own line, none but itself.
const LAYERS: &[&[&str]] = &[
    &["cli"],
    &["report"],
    &["experiment"],
    &["sim"],
    &["scenario"],
    &["disruption", "response"],
    &["network", "theory"],
    &["random", "engine"],
    &["stats"],
    &["files", "input"],
    &["math", "units"],
];

/// Foreign crates, each with the one folder that names it.
const DOORS: &[(&str, &str)] = &[
    ("clap", "cli"),
    ("indicatif", "cli"),
    ("ctrlc", "cli"),
    ("sysinfo", "cli"),
    ("plotters", "report"),
    ("resvg", "report"),
    ("dejavu", "report"),
    ("maud", "report"),
    ("serde_json", "report"),
    ("rayon", "experiment"),
    ("toml", "scenario"),
    ("petgraph", "network"),
    ("rand", "random"),
    ("rand_chacha", "random"),
    ("rand_distr", "random"),
    ("rand_xoshiro", "random"),
    ("csv", "files"),
    ("sha2", "files"),
    ("tempfile", "files"),
    ("strsim", "input"),
    ("prefetch_index", "engine"),
    ("libm", "math"),
    ("jiff", "units"),
];

/// What the clock, the environment and the terminal are called, and the only folder that may.
const CLI_ONLY: &[&str] = &["Instant::now", "SystemTime", "std::env", "println!", "eprintln!", "stdout()", "stderr()"];

/// What the simulation does without.
const NOT_IN_SIM: &[&str] = &["dyn ", "Rc<", "RefCell", "HashMap", "BTreeMap", ": String", "petgraph"];

fn sources() -> Vec<(PathBuf, String)> {
    fn walk(folder: &Path, found: &mut Vec<(PathBuf, String)>) {
        let mut entries: Vec<PathBuf> =
            fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path()).collect();
        entries.sort();
        for path in entries {
            // Tests may do as they like.
            if path.is_dir() && !path.ends_with("tests") {
                walk(&path, found);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let text = fs::read_to_string(&path).expect("a text");
                found.push((path, text));
            }
        }
    }
    let mut found = Vec::new();
    walk(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut found);
    found
}

/// The top module that a file belongs to: `src/sim/flow.rs` to `sim`, `src/units.rs` to `units`.
fn module_of(path: &Path) -> String {
    let inside = path.strip_prefix(Path::new(env!("CARGO_MANIFEST_DIR")).join("src")).expect("inside src");
    let first = inside.components().next().expect("a component").as_os_str().to_str().expect("text");
    first.trim_end_matches(".rs").to_owned()
}

/// The code of a file without its comments and without its tests.
fn code(text: &str) -> String {
    let text = text.split("#[cfg(test)]\nmod tests").next().unwrap_or(text);
    text.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n")
}

/// Every `crate::module` that a code names, also in `use crate::{a, b}`.
fn used_modules(code: &str) -> Vec<String> {
    let mut used = Vec::new();
    for (at, _) in code.match_indices("crate::") {
        let rest = &code[at + "crate::".len()..];
        let names = match rest.strip_prefix('{') {
            Some(list) => list.split('}').next().unwrap_or_default().split(',').collect(),
            None => vec![rest],
        };
        for name in names {
            let name: String = name.trim().chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
            if !name.is_empty() {
                used.push(name);
            }
        }
    }
    used
}

fn layer_of(module: &str) -> Option<usize> {
    LAYERS.iter().position(|layer| layer.contains(&module))
}

fn is_word_before(code: &str, at: usize) -> bool {
    code[..at].chars().next_back().is_some_and(|c| c.is_alphanumeric() || c == '_' || c == ':')
}

#[test]
fn modules_use_only_what_lies_below_them() {
    let mut broken = Vec::new();
    for (path, text) in sources() {
        let module = module_of(&path);
        if ["lib", "main", "guide"].contains(&module.as_str()) {
            continue;
        }
        let own = layer_of(&module).unwrap_or_else(|| panic!("module `{module}` has no place in LAYERS"));
        for used in used_modules(&code(&text)) {
            if used == module {
                continue;
            }
            match layer_of(&used) {
                Some(layer) if layer > own => {}
                Some(_) => broken.push(format!("{}: {module} uses {used}, which is not below it", path.display())),
                None => broken.push(format!("{}: unknown module {used}", path.display())),
            }
        }
    }
    assert!(broken.is_empty(), "{}", broken.join("\n"));
}

#[test]
fn each_foreign_crate_has_one_door() {
    let mut broken = Vec::new();
    for (path, text) in sources() {
        let (module, code) = (module_of(&path), code(&text));
        for (name, door) in DOORS {
            let named = code.match_indices(&format!("{name}::")).any(|(at, _)| !is_word_before(&code, at))
                || code.contains(&format!("use {name};"));
            if named && module != *door {
                broken.push(format!("{}: {name} is named outside {door}", path.display()));
            }
        }
    }
    assert!(broken.is_empty(), "{}", broken.join("\n"));
}

#[test]
fn only_the_command_line_knows_clock_environment_and_terminal() {
    let mut broken = Vec::new();
    for (path, text) in sources() {
        let (module, code) = (module_of(&path), code(&text));
        if module == "cli" || module == "main" {
            continue;
        }
        for word in CLI_ONLY.iter().filter(|word| code.contains(**word)) {
            broken.push(format!("{}: {word} below the command line", path.display()));
        }
        if module != "files" && code.contains("std::fs") {
            broken.push(format!("{}: std::fs outside files", path.display()));
        }
        if ["engine", "stats", "random", "network", "theory", "disruption", "response", "sim", "experiment"]
            .contains(&module.as_str())
            && code.contains("crate::files")
        {
            broken.push(format!("{}: files are the business of scenario and report", path.display()));
        }
    }
    assert!(broken.is_empty(), "{}", broken.join("\n"));
}

#[test]
fn the_simulation_stays_plain() {
    let mut broken = Vec::new();
    for (path, text) in sources() {
        // What is said about a run before or after it may hold text.
        let about = ["metrics.rs", "replication.rs"].iter().any(|name| path.ends_with(name));
        if module_of(&path) == "sim" && !about {
            let code = code(&text);
            for word in NOT_IN_SIM.iter().filter(|word| code.contains(**word)) {
                broken.push(format!("{}: {word}", path.display()));
            }
        }
    }
    assert!(broken.is_empty(), "{}", broken.join("\n"));
}

#[test]
fn the_engine_has_no_domain_word() {
    for (path, text) in sources() {
        if module_of(&path) == "engine" {
            let code = code(&text).to_lowercase();
            for word in ["prescription", "pharmacy", "claim", "payer", "outage", "site"] {
                assert!(!code.contains(word), "{}: {word}", path.display());
            }
        }
    }
}

#[test]
fn the_rules_are_able_to_fail() {
    assert_eq!(used_modules("use crate::sim::World;\nuse crate::{stats, units::Span};"), ["sim", "stats", "units"]);
    assert!(layer_of("report") < layer_of("sim"));
    assert!(code("// use crate::cli;\nlet a = 1;\n#[cfg(test)]\nmod tests { use crate::cli; }").lines().count() == 1);
}
