//! Every payload in `fixtures/gateway` is read as its table says, whole and cut at every byte.
#![cfg(test)]

use std::fs;
use std::path::PathBuf;

use gateway::{Announcement, Begin, Control, Medium, Step, Stream};
use types::Ip;

const CLIENT: Ip = Ip::v4([192, 0, 2, 7]);
const SERVER: Ip = Ip::v4([198, 51, 100, 9]);

/// What was read: a row of the table without the file's name.
#[derive(Debug, Default)]
struct Found {
    protocol: &'static str,
    messages: u32,
    has_sdp: bool,
    endpoints: Vec<String>,
}

impl Found {
    fn add(&mut self, control: &Control<'_>, is_answer: bool) {
        let (source, destination) = if is_answer { (SERVER, CLIENT) } else { (CLIENT, SERVER) };
        self.protocol = control.protocol().name();
        self.messages += control.messages();
        self.has_sdp |= control.has_sdp();
        let named = |Announcement { endpoint, medium }| match medium {
            Medium::Rtp => endpoint.to_string(),
            Medium::Fax => format!("{endpoint}/fax"),
        };
        self.endpoints.extend(control.announcements(source, destination).map(named));
    }

    /// What a datagram or a stream of these bytes says.
    fn of(name: &str, bytes: &[u8]) -> Self {
        let mut found = Self::default();
        let is_answer = name.contains("answer");
        if name.ends_with("mgcp") || name.ends_with("megaco") {
            gateway::read(bytes).iter().for_each(|control| found.add(control, is_answer));
            return found;
        }
        let Begin::Control(mut stream) = Stream::begin(bytes, [2_000, 50_000]) else { return found };
        let mut rest = bytes;
        while !rest.is_empty() {
            match stream.next(rest, true) {
                Step::Message { control, length } => {
                    found.add(&control, is_answer);
                    rest = &rest[length..];
                }
                Step::Skip { length } => rest = &rest[length..],
                Step::More | Step::Lost => break,
            }
        }
        found
    }

    fn row(&self) -> String {
        let sdp = if self.has_sdp { "yes" } else { "no" };
        format!("{}\t{}\t{sdp}\t{}", self.protocol, self.messages, self.endpoints.join(" "))
    }
}

#[test]
fn payloads_are_read_as_the_table_says() {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/gateway");
    let table = fs::read_to_string(folder.join("expected.tsv")).unwrap();
    let mut rows = 0;
    for row in table.lines().skip(1) {
        let (name, expected) = row.split_once('\t').unwrap();
        let bytes = fs::read(folder.join(name)).unwrap();
        assert_eq!(Found::of(name, &bytes).row(), expected, "{name}");
        for end in 0..bytes.len() {
            Found::of(name, &bytes[..end]);
        }
        rows += 1;
    }
    let files = fs::read_dir(&folder).unwrap().count();
    assert_eq!(rows + 2, files, "files without a row");
}

#[test]
fn messages_of_sip_are_none_of_these() {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/sip");
    for file in fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
        if file.extension().is_some_and(|extension| extension == "sip") {
            let bytes = fs::read(&file).unwrap();
            assert!(
                gateway::read(&bytes).is_none() && Stream::begin(&bytes, [2_000, 50_000]) == Begin::Other,
                "{}",
                file.display()
            );
        }
    }
}
