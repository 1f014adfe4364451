//! Lines that come again: collectors that hand a file on twice, or its last lines with the next one, count calls once.

use std::collections::{HashSet, VecDeque};
use std::hash::{DefaultHasher, Hasher};

/// Lines that are remembered, each by eight bytes of a hash: 1.6 MiB. That two lines of a billion are taken for each other happens once in 280,000 such
/// files.
const LINES_MAX: usize = 65_536;

/// The lines that were read lately.
#[derive(Default)]
pub(crate) struct Lately {
    hashes: HashSet<u64>,
    /// The same, the oldest first.
    order: VecDeque<u64>,
}

impl Lately {
    /// Whether a line of these bytes was read lately; from now on it was.
    pub(crate) fn meets(&mut self, line: &[u8]) -> bool {
        let mut hasher = DefaultHasher::new();
        hasher.write(line);
        let hash = hasher.finish();
        if !self.hashes.insert(hash) {
            return true;
        }
        self.order.push_back(hash);
        if self.order.len() > LINES_MAX
            && let Some(oldest) = self.order.pop_front()
        {
            self.hashes.remove(&oldest);
        }
        false
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_lies_far_back_is_forgotten() {
        for (between, again) in [(0, true), (1, true), (LINES_MAX - 1, true), (LINES_MAX, false)] {
            let mut lately = Lately::default();
            assert!(!lately.meets(b"a call"));
            for number in 0..between {
                assert!(!lately.meets(number.to_string().as_bytes()));
            }
            assert_eq!(lately.meets(b"a call"), again, "{between}");
            assert!(lately.hashes.len() <= LINES_MAX && lately.order.len() <= LINES_MAX);
        }
    }
}
