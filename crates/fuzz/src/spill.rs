//! A segment of records that wait on disk: every one that is read lies in the file, they do not overlap, and the file is read as far
//! as it holds and no farther.

use sinks::Entries;

/// Bytes of a record without its key and its JSON.
const HEAD: usize = 26;

pub fn check(bytes: &[u8]) {
    let mut entries = Entries::of(bytes);
    let (mut count, mut before) = (0, 0);
    while let Some(entry) = entries.next() {
        let length = HEAD + entry.key.len() + entry.json.len();
        assert_eq!(entries.read(), before + length);
        assert_eq!(bytes.get(entries.read() - entry.json.len()..entries.read()), Some(entry.json));
        before = entries.read();
        count += 1;
    }
    assert!(entries.next().is_none());
    // What holds does not depend on what stands behind it.
    let again = Entries::of(bytes.get(..before).unwrap());
    assert_eq!(again.count(), count);
}
