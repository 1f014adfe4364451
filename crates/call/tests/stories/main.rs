//! The call room told as stories: what a tap hears on the left, what a billing engineer should read on the right.
//! The notation is that of `notation.rs`; the stories are the text files beside it, by chapter.

#[cfg(test)]
mod crowds;
#[cfg(test)]
mod notation;
#[cfg(test)]
mod random;
#[cfg(test)]
mod tap;

#[cfg(test)]
mod stories {
    use std::fmt::Write;
    use std::path::Path;

    use crate::notation::{Story, read};
    use crate::tap::{Setting, played};

    /// Plays every story of a chapter and compares what is told with what the chapter says. `BLESS=1` rewrites it.
    fn check(chapter: &str) {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/stories").join(chapter);
        let text = std::fs::read_to_string(&path).unwrap();
        let (preface, stories) = read(&text);
        let mut blessed = preface;
        let mut wrong = String::new();
        for story in &stories {
            let told = played(story, Setting::default());
            if told != story.expected {
                let _ = write!(wrong, "{}\n--- told\n{told}--- expected\n{}\n", story.title, story.expected);
            }
            let _ = write!(blessed, "{}=>\n{told}", story.source);
            steady(story, &told);
        }
        if std::env::var_os("BLESS").is_some() {
            std::fs::write(&path, blessed).unwrap();
        } else {
            assert!(wrong.is_empty(), "{chapter}\n{wrong}");
        }
    }

    /// What is told does not depend on the seed of the tables, nor, but for the counts of messages, on every message
    /// being sent twice.
    fn steady(story: &Story, told: &str) {
        assert_eq!(played(story, Setting { seed: 0x9e37_79b9, ..Setting::default() }), told, "{}: seed", story.title);
        if !story.once {
            let twice = played(story, Setting { twice: true, ..Setting::default() });
            assert_eq!(uncounted(&twice), uncounted(told), "{}: every message sent twice", story.title);
        }
    }

    /// Without the words that count messages.
    fn uncounted(told: &str) -> String {
        let counted = |word: &&str| !["messages=", "again="].iter().any(|count| word.starts_with(count));
        let lines = told.lines().filter(|line| !line.starts_with("loss "));
        lines.map(|line| line.split(' ').filter(counted).collect::<Vec<_>>().join(" ") + "\n").collect()
    }

    #[test]
    fn setting_up() {
        check("setting-up.txt");
    }

    #[test]
    fn forks_and_hops() {
        check("forks-and-hops.txt");
    }

    #[test]
    fn one_call_id() {
        check("one-call-id.txt");
    }

    #[test]
    fn talking_and_ending() {
        check("talking-and-ending.txt");
    }

    #[test]
    fn capture_edges() {
        check("capture-edges.txt");
    }

    #[test]
    fn joined_legs() {
        check("joined-legs.txt");
    }

    #[test]
    fn media() {
        check("media.txt");
    }

    #[test]
    fn exchanges() {
        check("exchanges.txt");
    }

    #[test]
    fn people() {
        check("people.txt");
    }

    #[test]
    fn limits() {
        check("limits.txt");
    }

    #[test]
    fn figures() {
        check("figures.txt");
    }
}
