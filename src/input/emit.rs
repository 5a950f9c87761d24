//! Writing a tree of values as TOML text: the resolved scenario, and values in messages.

use std::fmt::Write as _;

use super::{Entry, Map, Node, Value};

/// A whole document: plain keys first, then a header for each table that was not written in braces.
#[must_use]
pub fn document_text(root: &Map) -> String {
    let mut text = String::new();
    write_table(&mut text, root, "");
    text
}

/// One value on one line.
#[must_use]
pub fn value_text(value: &Value) -> String {
    let mut text = String::new();
    write_value(&mut text, value);
    text
}

/// A key: bare where that is allowed, in quotes otherwise.
#[must_use]
pub fn key_text(key: &str) -> String {
    let bare = !key.is_empty() && key.chars().all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '-');
    if bare { key.to_owned() } else { quoted(key) }
}

fn write_table(text: &mut String, map: &Map, path: &str) {
    let (headed, plain): (Vec<&Entry>, Vec<&Entry>) = map.entries.iter().partition(|entry| has_header(&entry.node));
    for entry in plain {
        let _ = writeln!(text, "{} = {}", key_text(&entry.key), value_text(&entry.node.value));
    }
    for entry in headed {
        let key = key_text(&entry.key);
        let path = if path.is_empty() { key } else { format!("{path}.{key}") };
        match &entry.node.value {
            Value::Table(map) => {
                // A table that holds nothing but tables needs no header of its own.
                if map.entries.is_empty() || map.entries.iter().any(|entry| !has_header(&entry.node)) {
                    header(text, &format!("[{path}]"));
                }
                write_table(text, map, &path);
            }
            Value::Array(items) => {
                for item in items {
                    header(text, &format!("[[{path}]]"));
                    if let Value::Table(map) = &item.value {
                        write_table(text, map, &path);
                    }
                }
            }
            _ => {}
        }
    }
}

fn header(text: &mut String, header: &str) {
    if !text.is_empty() {
        text.push('\n');
    }
    text.push_str(header);
    text.push('\n');
}

/// Whether a value is written under a header: a table not in braces, or a list of nothing but such tables.
fn has_header(node: &Node) -> bool {
    let headed = |value: &Value| matches!(value, Value::Table(map) if !map.inline);
    match &node.value {
        Value::Array(items) => !items.is_empty() && items.iter().all(|item| headed(&item.value)),
        value => headed(value),
    }
}

fn write_value(text: &mut String, value: &Value) {
    let _ = match value {
        Value::String(string) => write!(text, "{}", quoted(string)),
        Value::Integer(number) => write!(text, "{number}"),
        Value::Float(number) if number.is_nan() => write!(text, "nan"),
        Value::Float(number) => write!(text, "{number:?}"),
        Value::Boolean(value) => write!(text, "{value}"),
        Value::DateTime(time) => write!(text, "{time}"),
        Value::Array(items) => {
            text.push('[');
            for (index, item) in items.iter().enumerate() {
                if index > 0 {
                    text.push_str(", ");
                }
                write_value(text, &item.value);
            }
            write!(text, "]")
        }
        Value::Table(map) if map.entries.is_empty() => write!(text, "{{}}"),
        Value::Table(map) => {
            text.push_str("{ ");
            for (index, entry) in map.entries.iter().enumerate() {
                if index > 0 {
                    text.push_str(", ");
                }
                let _ = write!(text, "{} = ", key_text(&entry.key));
                write_value(text, &entry.node.value);
            }
            write!(text, " }}")
        }
    };
}

fn quoted(string: &str) -> String {
    let mut text = String::with_capacity(string.len() + 2);
    text.push('"');
    for c in string.chars() {
        match c {
            '"' => text.push_str("\\\""),
            '\\' => text.push_str("\\\\"),
            '\n' => text.push_str("\\n"),
            '\t' => text.push_str("\\t"),
            c if c.is_control() => {
                let _ = write!(text, "\\u{:04X}", c as u32);
            }
            c => text.push(c),
        }
    }
    text.push('"');
    text
}
