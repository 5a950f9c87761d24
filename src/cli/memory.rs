//! How much memory there is, and how much is left.

use sysinfo::{MemoryRefreshKind, RefreshKind, System};

/// A run is refused if it would take more than this share of all memory; the rest is left to others.
const MOST_OF_ALL: f64 = 0.9;

/// A run is stopped when less than this share of all memory is left, or less than so many bytes of a large one: the system would soon end it, and all that it has
/// found would be lost.
const SHORT: f64 = 0.05;
const SHORT_OF_MUCH: f64 = 1e9;

/// Memory of the machine, or of the container that the program runs in \[bytes\].
#[derive(Clone, Copy, PartialEq, Debug)]
pub(crate) struct Memory {
    /// All of it.
    pub(crate) total: f64,
    /// What is not taken, by whatever program.
    pub(crate) left: f64,
}

impl Memory {
    /// As it is now; `None` where the system does not tell.
    pub(crate) fn now() -> Option<Self> {
        if !sysinfo::IS_SUPPORTED_SYSTEM {
            return None;
        }
        let kind = RefreshKind::nothing().with_memory(MemoryRefreshKind::nothing().with_ram());
        let system = System::new_with_specifics(kind);
        let machine = Self { total: system.total_memory() as f64, left: system.available_memory() as f64 };
        if machine.total == 0.0 {
            return None;
        }
        let Some(limits) = system.cgroup_limits() else { return Some(machine) };
        // What is kept of files is given back when it is needed: only what is in use counts.
        let left = limits.total_memory.saturating_sub(limits.rss) as f64;
        Some(Self { total: machine.total.min(limits.total_memory as f64), left: machine.left.min(left) })
    }

    /// Whether so many bytes fit, if nothing else takes much.
    pub(crate) fn holds(self, bytes: f64) -> bool {
        bytes <= MOST_OF_ALL * self.total
    }

    /// Whether next to nothing is left when so many bytes more are taken.
    pub(crate) fn is_short_with(self, bytes: f64) -> bool {
        self.left - bytes < (SHORT * self.total).min(SHORT_OF_MUCH)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_is_some() {
        let memory = Memory::now().expect("tests run where the system tells");
        assert!(memory.total > 1e8 && memory.left > 0.0 && memory.left <= memory.total, "{memory:?}");
        assert!(memory.holds(1e6) && !memory.holds(memory.total));
    }

    #[test]
    fn next_to_nothing_left_is_short() {
        let memory = |left| Memory { total: 1e9, left };
        assert!(memory(4e7).is_short_with(0.0) && !memory(6e7).is_short_with(0.0));
        assert!(memory(6e7).is_short_with(2e7));
        assert!(!Memory { total: 1e12, left: 2e9 }.is_short_with(0.0), "enough to go on, however much others have taken");
    }
}
