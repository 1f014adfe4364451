//! Classic pcap as the mutator and the stories write it: microseconds, little-endian.

/// A record.
#[derive(Clone, Debug)]
pub struct Record {
    pub micros: u64,
    pub length: u32,
    pub bytes: Vec<u8>,
}

/// A capture.
#[derive(Clone, Debug)]
pub struct Pcap {
    /// The file header as it is, link type and all. Nobody reads `sigfigs`, its bytes 12 to 15: by it the input says which
    /// limits it wants to be read under.
    pub header: [u8; 24],
    pub records: Vec<Record>,
}

impl Pcap {
    pub fn ethernet() -> Self {
        let mut header = [0; 24];
        header[..8].copy_from_slice(&[0xd4, 0xc3, 0xb2, 0xa1, 2, 0, 4, 0]);
        header[16..].copy_from_slice(&[0, 0, 4, 0, 1, 0, 0, 0]);
        Self { header, records: Vec::new() }
    }

    /// Reads what [`Pcap::bytes`] wrote, or a file like it, up to the first damage.
    pub fn parse(bytes: &[u8]) -> Option<Self> {
        let (header, mut rest) = bytes.split_first_chunk::<24>()?;
        if header[..8] != [0xd4, 0xc3, 0xb2, 0xa1, 2, 0, 4, 0] {
            return None;
        }
        let mut records = Vec::new();
        while let Some((head, after)) = rest.split_first_chunk::<16>() {
            let word = |at: usize| u32::from_le_bytes(head[at..at + 4].try_into().unwrap());
            let Some((bytes, after)) = after.split_at_checked(word(8) as usize) else { break };
            let micros = u64::from(word(0)) * 1_000_000 + u64::from(word(4));
            records.push(Record { micros, length: word(12), bytes: bytes.to_vec() });
            rest = after;
        }
        Some(Self { header: *header, records })
    }

    /// The file, with as many records as fit in `most` bytes.
    pub fn bytes(&self, most: usize) -> Vec<u8> {
        let mut bytes = self.header.to_vec();
        for record in &self.records {
            if bytes.len() + 16 + record.bytes.len() > most {
                break;
            }
            let (secs, micros) = (record.micros / 1_000_000, record.micros % 1_000_000);
            for word in [secs as u32, micros as u32, record.bytes.len() as u32, record.length] {
                bytes.extend(word.to_le_bytes());
            }
            bytes.extend(&record.bytes);
        }
        bytes
    }

    /// The same file with only these records.
    pub fn with(&self, records: &[Record]) -> Self {
        Self { header: self.header, records: records.to_vec() }
    }
}
