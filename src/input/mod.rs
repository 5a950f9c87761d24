//! Reading what people write: values that know where they stand, and problems that show it.
//!
//! Nothing here knows a file format or a scenario: a tree of [`Node`]s comes in, typed values and [`Problem`]s go out.

mod emit;
mod id;
mod nearest;
mod node;
mod place;
mod problem;
mod quantity;
mod reader;
mod value;

pub use emit::{document_text, key_text, value_text};
pub use id::{Id, check_id};
pub use nearest::{name_list, nearest};
pub use node::{DateTime, Entry, Map, Node, Value};
pub use place::{At, Place, SourceId, Sources};
pub use problem::{Problem, Problems};
pub use quantity::{is_like_date, parse_money, parse_rate, parse_share, parse_span};
pub use reader::{Log, Misspelt, Reader, RecordedSetting, Scope};
pub use value::{FromNode, Given, ManyOf, OrNone, StoreRate, refuse_value, shortened};
