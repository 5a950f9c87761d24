//! Whatever is written, nothing panics.

use proptest::prelude::*;

use super::{FULL, KNOWN, load_text};
use crate::scenario::{Source, load};

/// Fragments that have a meaning somewhere.
const FRAGMENTS: [&str; 25] = [
    "=",
    "[",
    "]",
    "{",
    "}",
    "\"",
    "\n",
    "0",
    "-1",
    "nan",
    "inf",
    "\"5 m\"",
    "\"none\"",
    "[]",
    "{}",
    "true",
    "2024-02-31",
    "é",
    "1e400",
    ".",
    ",",
    "99999999999999999999999999999999999999999999",
    "\u{0}",
    "[[outage]]\n",
    "[[attack]]\n",
];

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn mutations_of_a_good_scenario_never_panic(edits in prop::collection::vec((0.0..1.0f64, 0..3u8, 0..FRAGMENTS.len(), 1..40usize), 1..4)) {
        let mut text: Vec<char> = FULL.chars().collect();
        for (at, kind, fragment, length) in edits {
            let start = ((at * text.len() as f64) as usize).min(text.len());
            let end = (start + length).min(text.len());
            let new: Vec<char> = match kind {
                0 => FRAGMENTS[fragment].chars().collect(),
                1 => text[start..end].iter().rev().copied().collect(),
                _ => Vec::new(),
            };
            text.splice(start..end, new);
        }
        let text: String = text.into_iter().collect();
        if let Err(problems) = load_text(&text, &[]) {
            prop_assert!(!problems.to_string().is_empty());
        }
    }

    #[test]
    fn a_value_of_the_wrong_kind_never_panics(line in 0..200usize, fragment in 0..FRAGMENTS.len()) {
        let lines: Vec<String> = FULL.lines().enumerate().map(|(index, text)| match text.split_once(" = ") {
            Some((key, _)) if index == line => format!("{key} = {}", FRAGMENTS[fragment]),
            _ => text.to_owned(),
        }).collect();
        let _ = load_text(&lines.join("\n"), &[]).map_err(|problems| problems.to_string());
    }

    #[test]
    fn overrides_never_panic(set in "[a-z.\"=' 0-9\\[\\]{}é]{0,30}") {
        let _ = load_text(FULL, &[&set]).map_err(|problems| problems.to_string());
    }

    #[test]
    fn tables_never_panic(nodes in "(id|role|group|pharmacy|payer|plain|a|b|,|,|\"|\n|é){0,30}", links in "(from|to|kind|a|b|,|,|\n|direct|all){0,30}") {
        let folder = tempfile::tempdir().expect("a temporary folder");
        std::fs::write(folder.path().join("n.csv"), format!("id,role,group,share\n{nodes}")).expect("written");
        std::fs::write(folder.path().join("l.csv"), format!("from,to,kind\n{links}")).expect("written");
        let name = folder.path().join("my.toml").display().to_string();
        let text = format!("{FULL}\n[network]\nnodes = \"n.csv\"\nlinks = \"l.csv\"\n");
        let _ = load(&Source::Text { name, text }, &[], &KNOWN).map_err(|problems| problems.to_string());
    }
}
