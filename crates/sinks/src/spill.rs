//! Where records of one sink wait on disk: a folder with segments of alerts and segments of calls, each a queue of its own, read together
//! in the order in which the records came.
//!
//! What is appended is synced before it counts. How far delivery has got is written beside (`delivered`) without syncing: a process
//! that is killed goes on where it was, a machine that loses power delivers again what it had delivered in the last seconds. At the
//! limit the oldest segment of calls is deleted, then the next; alerts go only when no call is left, and never to make room for one.

use std::collections::VecDeque;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::item::Item;
use crate::segment::{Entries, write};
use crate::tally::What;

/// Bytes from which a new segment is begun, where the limit allows eight of them.
const SEGMENT_BYTES: u64 = 1 << 20;

/// A folder that is in use.
#[derive(Debug)]
pub(crate) struct Spill {
    folder: PathBuf,
    bytes_max: u64,
    /// Held as long as the folder is in use, so that two processes do not mix their records.
    _lock: File,
    alerts: Lane,
    calls: Lane,
    next: u64,
    /// Where the records stand that were read or appended last and are on their way.
    marks: VecDeque<Mark>,
}

/// Segments of alerts or of calls, the oldest first.
#[derive(Debug)]
struct Lane {
    segments: VecDeque<Segment>,
    /// The last segment, while it may grow.
    open: Option<File>,
}

#[derive(Debug)]
struct Segment {
    /// The place of its first record, which names the file.
    first: u64,
    bytes: u64,
    /// Where its first record lies that is not delivered.
    read: u64,
    /// Records from there on.
    waiting: u64,
}

/// Where a record ends.
#[derive(Clone, Copy, Debug)]
struct Mark {
    what: What,
    place: u64,
    segment: u64,
    end: u64,
}

/// What was found when a folder was opened.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Found {
    pub records: u64,
    pub torn_bytes: u64,
}

/// What became of records that were to be appended.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Evicted {
    /// Records that made room or found none, by [`What`].
    pub counts: [u64; 2],
}

impl Evicted {
    fn add(&mut self, what: What, count: u64) {
        if let Some(sum) = self.counts.get_mut(what as usize) {
            *sum += count;
        }
    }
}

impl Spill {
    /// Opens a folder, which is made where it is not there, and finds what a run before has left in it.
    ///
    /// # Errors
    /// That it cannot be read or written, or is in use.
    pub fn open(folder: &Path, bytes_max: u64) -> io::Result<(Self, Found)> {
        fs::create_dir_all(folder)?;
        let lock = OpenOptions::new().create(true).write(true).truncate(false).open(folder.join("lock"))?;
        lock.try_lock().map_err(|_| io::Error::other("another process uses the folder"))?;
        let delivered = fs::read(folder.join("delivered")).ok().and_then(|bytes| delivered(&bytes));
        let mut spill = Self {
            folder: folder.to_owned(),
            bytes_max,
            _lock: lock,
            alerts: Lane { segments: VecDeque::new(), open: None },
            calls: Lane { segments: VecDeque::new(), open: None },
            next: delivered.map_or(0, |place| place + 1),
            marks: VecDeque::new(),
        };
        let mut found = Found::default();
        for what in What::ALL {
            spill.recover(what, delivered, &mut found)?;
        }
        Ok((spill, found))
    }

    /// Finds the segments of a lane.
    fn recover(&mut self, what: What, delivered: Option<u64>, found: &mut Found) -> io::Result<()> {
        let names = fs::read_dir(&self.folder)?.filter_map(|entry| entry.ok()?.file_name().into_string().ok());
        let mut firsts: Vec<u64> = names.filter_map(|name| first_of(&name, what)).collect();
        firsts.sort_unstable();
        for first in firsts {
            let path = self.path(what, first);
            let bytes = fs::read(&path)?;
            let (mut entries, mut waiting, mut read) = (Entries::of(&bytes), 0, 0);
            while let Some(entry) = entries.next() {
                self.next = self.next.max(entry.place.saturating_add(1));
                if delivered.is_some_and(|delivered| entry.place <= delivered) {
                    read = entries.read() as u64;
                } else {
                    waiting += 1;
                }
            }
            let whole = entries.read() as u64;
            found.torn_bytes += bytes.len() as u64 - whole;
            found.records += waiting;
            if waiting == 0 {
                fs::remove_file(&path)?;
                continue;
            }
            if whole < bytes.len() as u64 {
                OpenOptions::new().write(true).open(&path)?.set_len(whole)?;
            }
            self.lane(what).segments.push_back(Segment { first, bytes: whole, read, waiting });
        }
        Ok(())
    }

    fn lane(&mut self, what: What) -> &mut Lane {
        match what {
            What::Alert => &mut self.alerts,
            What::Call => &mut self.calls,
        }
    }

    fn path(&self, what: What, first: u64) -> PathBuf {
        self.folder.join(format!("{first:016x}.{}s", what.name()))
    }

    /// Records that wait.
    pub fn records(&self) -> u64 {
        [&self.alerts, &self.calls].into_iter().flat_map(|lane| &lane.segments).map(|segment| segment.waiting).sum()
    }

    /// Bytes of all its files.
    pub fn bytes(&self) -> u64 {
        [&self.alerts, &self.calls].into_iter().flat_map(|lane| &lane.segments).map(|segment| segment.bytes).sum()
    }

    /// Appends records behind all others and syncs them; what made room or found none is added to `evicted`. With `in_hand` they are on
    /// their way already: [`Spill::delivered`] counts from their first.
    ///
    /// # Errors
    /// That it could not be written. What had been written of them is taken back, as far as disk allows: else it is delivered twice.
    pub fn append(&mut self, items: &[Arc<Item>], in_hand: bool, evicted: &mut Evicted) -> io::Result<()> {
        let before = What::ALL.map(|what| self.lane(what).segments.back().map(|it| (it.first, it.bytes, it.waiting)));
        if in_hand {
            self.marks.clear();
        }
        let appended = What::ALL.into_iter().try_for_each(|what| {
            let own: Vec<_> = (self.next..).zip(items).filter(|(_, item)| item.what == what).collect();
            self.append_lane(what, &own, in_hand, evicted)
        });
        if appended.is_err() {
            for (what, before) in What::ALL.into_iter().zip(before) {
                self.take_back(what, before);
            }
            if in_hand {
                self.marks.clear();
            }
        }
        // Places are not used twice: a file of that name may have stayed.
        self.next += items.len() as u64;
        self.marks.make_contiguous().sort_unstable_by_key(|mark| mark.place);
        appended
    }

    /// Takes back what was appended behind `before`: the first place, the bytes and the records of the last segment.
    fn take_back(&mut self, what: What, before: Option<(u64, u64, u64)>) {
        let next = self.next;
        while let Some(first) =
            self.lane(what).segments.back().map(|segment| segment.first).filter(|&first| first >= next)
        {
            let _ = fs::remove_file(self.path(what, first));
            self.lane(what).segments.pop_back();
        }
        self.lane(what).open = None;
        let Some((first, bytes, waiting)) = before else { return };
        let path = self.path(what, first);
        if let Some(segment) = self.lane(what).segments.back_mut().filter(|segment| segment.first == first)
            && segment.bytes > bytes
            && OpenOptions::new().write(true).open(path).and_then(|file| file.set_len(bytes)).is_ok()
        {
            (segment.bytes, segment.waiting) = (bytes, waiting);
        }
    }

    fn append_lane(
        &mut self,
        what: What,
        items: &[(u64, &Arc<Item>)],
        in_hand: bool,
        evicted: &mut Evicted,
    ) -> io::Result<()> {
        let segment_bytes = SEGMENT_BYTES.min(self.bytes_max / 8).max(1);
        let mut items = items;
        while let Some(&(first, _)) = items.first() {
            // As much as a segment takes is written and synced in one go.
            let lane = self.lane(what);
            let begun = if lane.open.is_some() { lane.segments.back().map_or(0, |it| it.bytes) } else { 0 };
            let room = if begun >= segment_bytes { segment_bytes } else { segment_bytes - begun };
            let (mut bytes, mut ends, mut refused, mut seen) = (Vec::new(), Vec::new(), 0, 0);
            for &(place, item) in items {
                if !bytes.is_empty() && bytes.len() as u64 >= room {
                    break;
                }
                seen += 1;
                if write(&mut bytes, place, item) {
                    ends.push((place, bytes.len() as u64));
                } else {
                    refused += 1;
                }
            }
            items = items.get(seen..).unwrap_or_default();
            evicted.add(what, refused);
            if ends.is_empty() {
                continue;
            }
            if !self.make_room(what, bytes.len() as u64, evicted)? {
                evicted.add(what, ends.len() as u64);
                continue;
            }
            if begun >= segment_bytes || self.lane(what).open.is_none() {
                self.begin(what, first)?;
            }
            self.write(what, &bytes, &ends, in_hand)?;
        }
        Ok(())
    }

    /// Begins a segment.
    fn begin(&mut self, what: What, first: u64) -> io::Result<()> {
        let path = self.path(what, first);
        let file = OpenOptions::new().create_new(true).append(true).open(path)?;
        File::open(&self.folder)?.sync_all()?;
        let lane = self.lane(what);
        lane.open = Some(file);
        lane.segments.push_back(Segment { first, bytes: 0, read: 0, waiting: 0 });
        Ok(())
    }

    /// Writes records behind those of the open segment.
    fn write(&mut self, what: What, bytes: &[u8], ends: &[(u64, u64)], in_hand: bool) -> io::Result<()> {
        let lane = self.lane(what);
        let (Some(file), Some(segment)) = (&mut lane.open, lane.segments.back_mut()) else {
            return Err(io::Error::other("no segment is open"));
        };
        if let Err(error) = file.write_all(bytes).and_then(|()| file.sync_data()) {
            // What is half written would end the segment; where it cannot be cut off, the segment ends here.
            if file.set_len(segment.bytes).is_err() {
                lane.open = None;
            }
            return Err(error);
        }
        let (begun, first) = (segment.bytes, segment.first);
        segment.bytes += bytes.len() as u64;
        segment.waiting += ends.len() as u64;
        if in_hand {
            let marks = ends.iter().map(|&(place, end)| Mark { what, place, segment: first, end: begun + end });
            self.marks.extend(marks);
        }
        Ok(())
    }

    /// Deletes what must go so that `bytes` of `what` fit; tells whether they do.
    fn make_room(&mut self, what: What, bytes: u64, evicted: &mut Evicted) -> io::Result<bool> {
        if bytes > self.bytes_max {
            return Ok(false);
        }
        while self.bytes() + bytes > self.bytes_max {
            let victim = if self.calls.segments.is_empty() { What::Alert } else { What::Call };
            if victim == What::Alert && what == What::Call {
                return Ok(false);
            }
            let Some(segment) = self.lane(victim).segments.front() else { return Ok(false) };
            let (first, waiting) = (segment.first, segment.waiting);
            fs::remove_file(self.path(victim, first))?;
            evicted.add(victim, waiting);
            let lane = self.lane(victim);
            lane.segments.pop_front();
            if lane.segments.is_empty() {
                lane.open = None;
            }
        }
        Ok(true)
    }

    /// The first `count` records that wait: they are on their way now. What disk has lost or changed since it was written is given up,
    /// and added to `lost`.
    ///
    /// # Errors
    /// That they cannot be read now.
    pub fn read(&mut self, count: usize, lost: &mut Evicted) -> io::Result<Vec<Arc<Item>>> {
        let mut found = Vec::new();
        for what in What::ALL {
            let firsts: Vec<_> = self.lane(what).segments.iter().map(|segment| segment.first).collect();
            let mut taken = 0;
            for first in firsts {
                if taken >= count {
                    break;
                }
                let file = match fs::read(self.path(what, first)) {
                    Err(error) if error.kind() == io::ErrorKind::NotFound => Vec::new(),
                    file => file?,
                };
                let lane = self.lane(what);
                let Some(segment) = lane.segments.iter_mut().find(|segment| segment.first == first) else { continue };
                let from = usize::try_from(segment.read).unwrap_or(usize::MAX);
                let to = usize::try_from(segment.bytes).unwrap_or(usize::MAX).min(file.len());
                let mut entries = Entries::of(file.get(from..to).unwrap_or_default());
                let before = taken;
                while taken < count
                    && let Some(entry) = entries.next()
                {
                    let end = segment.read + entries.read() as u64;
                    found.push((Mark { what, place: entry.place, segment: first, end }, Arc::new(entry.item(what))));
                    taken += 1;
                }
                let end = segment.read + entries.read() as u64;
                if taken < count && end < segment.bytes {
                    let whole = (taken - before) as u64;
                    lost.add(what, segment.waiting.saturating_sub(whole));
                    (segment.waiting, segment.bytes) = (whole, end);
                    // Nothing is written behind what does not hold.
                    if lane.segments.back().is_some_and(|last| last.first == first) {
                        lane.open = None;
                    }
                }
            }
        }
        self.sweep()?;
        found.sort_unstable_by_key(|(mark, _)| mark.place);
        found.truncate(count);
        self.marks = found.iter().map(|(mark, _)| *mark).collect();
        Ok(found.into_iter().map(|(_, item)| item).collect())
    }

    /// The first `count` of the records on their way need not wait any longer.
    ///
    /// # Errors
    /// That it could not be noted: they may be delivered again.
    pub fn delivered(&mut self, count: usize) -> io::Result<()> {
        let mut last = None;
        for mark in self.marks.drain(..count.min(self.marks.len())).collect::<Vec<_>>() {
            last = Some(mark.place);
            let lane = self.lane(mark.what);
            // One that was deleted to make room is gone.
            if let Some(segment) = lane.segments.iter_mut().find(|segment| segment.first == mark.segment) {
                segment.read = mark.end;
                segment.waiting = segment.waiting.saturating_sub(1);
            }
        }
        self.sweep()?;
        last.map_or(Ok(()), |place| self.note(place))
    }

    /// Deletes the segments in which nothing waits; one that was only just begun stays.
    fn sweep(&mut self) -> io::Result<()> {
        for what in What::ALL {
            while let Some(segment) = self.lane(what).segments.front()
                && segment.waiting == 0
                && (segment.bytes > 0 || self.lane(what).open.is_none() || self.lane(what).segments.len() > 1)
            {
                let first = self.lane(what).segments.front().map_or(0, |segment| segment.first);
                match fs::remove_file(self.path(what, first)) {
                    Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
                    _ => {}
                }
                let lane = self.lane(what);
                lane.segments.pop_front();
                if lane.segments.is_empty() {
                    lane.open = None;
                }
            }
        }
        Ok(())
    }

    /// Writes down how far delivery has got.
    fn note(&self, place: u64) -> io::Result<()> {
        let place = place.to_le_bytes();
        let bytes = [place.as_slice(), &crc32fast::hash(&place).to_le_bytes()].concat();
        fs::write(self.folder.join("delivered"), bytes)
    }
}

/// What [`Spill::note`] wrote, if it holds.
fn delivered(bytes: &[u8]) -> Option<u64> {
    let (place, sum) = bytes.split_first_chunk::<8>()?;
    (sum == crc32fast::hash(place).to_le_bytes()).then(|| u64::from_le_bytes(*place))
}

/// The place of the first record of the segment with this name.
fn first_of(name: &str, what: What) -> Option<u64> {
    let first = name.strip_suffix('s')?.strip_suffix(what.name())?.strip_suffix('.')?;
    u64::from_str_radix(first, 16).ok().filter(|_| first.len() == 16)
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU32, Ordering};

    use proptest::prelude::*;
    use types::Nanos;

    use super::*;

    /// A folder that is gone when the test is over.
    struct Folder(PathBuf);

    impl Folder {
        fn new() -> Self {
            static COUNT: AtomicU32 = AtomicU32::new(0);
            let name = format!("greyline-spill-{}-{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed));
            Self(std::env::temp_dir().join(name))
        }

        fn open(&self, bytes_max: u64) -> (Spill, Found) {
            Spill::open(&self.0, bytes_max).unwrap()
        }
    }

    impl Drop for Folder {
        fn drop(&mut self) {
            let _ = fs::remove_dir_all(&self.0);
        }
    }

    fn item(what: What, number: u64) -> Arc<Item> {
        let json = format!("{number:0>100}").into();
        Arc::new(Item { what, at: Nanos::new(number), key: number.to_string().into(), json })
    }

    /// `a` and `c` in the order they came, numbered.
    fn items(kinds: &str, from: u64) -> Vec<Arc<Item>> {
        let what = |kind| if kind == 'a' { What::Alert } else { What::Call };
        (from..).zip(kinds.chars()).map(|(number, kind)| item(what(kind), number)).collect()
    }

    fn append(spill: &mut Spill, items: &[Arc<Item>]) {
        let mut evicted = Evicted::default();
        spill.append(items, false, &mut evicted).unwrap();
        assert_eq!(evicted, Evicted::default());
    }

    fn keys(items: &[Arc<Item>]) -> String {
        items.iter().map(|item| &*item.key).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn alerts_and_calls_come_back_in_their_order() {
        let folder = Folder::new();
        let (mut spill, found) = folder.open(1 << 20);
        assert_eq!(found, Found::default());
        append(&mut spill, &items("acca", 0));
        append(&mut spill, &items("caa", 4));
        assert_eq!(spill.records(), 7);
        assert_eq!(keys(&spill.read(3, &mut Evicted::default()).unwrap()), "0 1 2");
        spill.delivered(2).unwrap();
        assert_eq!(keys(&spill.read(10, &mut Evicted::default()).unwrap()), "2 3 4 5 6");
        spill.delivered(5).unwrap();
        assert_eq!((spill.records(), spill.bytes()), (0, 0));
        assert!(spill.read(10, &mut Evicted::default()).unwrap().is_empty());
    }

    #[test]
    fn another_run_goes_on_where_the_last_was() {
        let folder = Folder::new();
        let (mut spill, _) = folder.open(1 << 20);
        append(&mut spill, &items("accacc", 0));
        spill.read(2, &mut Evicted::default()).unwrap();
        spill.delivered(2).unwrap();
        assert!(Spill::open(&folder.0, 1 << 20).unwrap_err().to_string().contains("another process"));
        drop(spill);
        let (mut spill, found) = folder.open(1 << 20);
        assert_eq!(found, Found { records: 4, torn_bytes: 0 });
        append(&mut spill, &items("a", 6));
        assert_eq!(keys(&spill.read(10, &mut Evicted::default()).unwrap()), "2 3 4 5 6");
        spill.delivered(5).unwrap();
        drop(spill);
        let (mut spill, found) = folder.open(1 << 20);
        assert_eq!(found, Found::default());
        append(&mut spill, &items("c", 7));
        assert_eq!(keys(&spill.read(10, &mut Evicted::default()).unwrap()), "7");
    }

    #[test]
    fn a_torn_end_is_cut_off() {
        let folder = Folder::new();
        let (mut spill, _) = folder.open(1 << 20);
        append(&mut spill, &items("aaa", 0));
        drop(spill);
        let path = folder.0.join(format!("{:016x}.alerts", 0));
        let bytes = fs::read(&path).unwrap();
        fs::write(&path, &bytes[..bytes.len() - 5]).unwrap();
        let (mut spill, found) = folder.open(1 << 20);
        assert_eq!(found, Found { records: 2, torn_bytes: bytes.len() as u64 / 3 - 5 });
        append(&mut spill, &items("a", 9));
        assert_eq!(keys(&spill.read(10, &mut Evicted::default()).unwrap()), "0 1 9");
    }

    #[test]
    fn what_is_in_hand_is_delivered_from_its_first() {
        let folder = Folder::new();
        let (mut spill, _) = folder.open(1 << 20);
        spill.append(&items("ca", 0), true, &mut Evicted::default()).unwrap();
        append(&mut spill, &items("ca", 2));
        spill.delivered(2).unwrap();
        assert_eq!(keys(&spill.read(10, &mut Evicted::default()).unwrap()), "2 3");
    }

    #[test]
    fn the_oldest_calls_go_first_and_alerts_last() {
        let folder = Folder::new();
        // Room for about 30 records, eight segments of nearly four.
        let (mut spill, _) = folder.open(30 * 130);
        let mut lost = [0; 2];
        let mut append = |spill: &mut Spill, items: &[Arc<Item>]| -> [u64; 2] {
            let mut evicted = Evicted::default();
            spill.append(items, false, &mut evicted).unwrap();
            lost = [lost[0] + evicted.counts[0], lost[1] + evicted.counts[1]];
            assert!(spill.bytes() <= 30 * 130);
            lost
        };
        append(&mut spill, &items("aaaa", 0));
        for round in 0..10 {
            append(&mut spill, &items("cccc", 10 + 4 * round));
        }
        let [alerts, calls] = append(&mut spill, &[]);
        assert!(alerts == 0 && calls > 0 && spill.records() + calls == 44);
        let left = spill.read(100, &mut Evicted::default()).unwrap();
        assert!(keys(&left).starts_with("0 1 2 3 ") && keys(&left).ends_with(" 49"));
        for round in 0..20 {
            append(&mut spill, &items("aaaa", 100 + 4 * round));
        }
        let [alerts, calls] = append(&mut spill, &[]);
        assert!(alerts > 0 && calls == 40 && spill.records() + alerts == 84);
        // No alert goes for a call.
        for round in 0..5 {
            assert_eq!(append(&mut spill, &items("cccccccc", 200 + 8 * round))[0], alerts);
        }
        let [alerts, calls] = append(&mut spill, &[]);
        assert!(calls > 40 && spill.records() + alerts + calls == 84 + 40 + 40);
    }

    #[test]
    fn what_disk_has_lost_is_given_up_and_counted() {
        let folder = Folder::new();
        let (mut spill, _) = folder.open(8 * 300);
        append(&mut spill, &items("aaaaaaa", 0));
        let mut segments: Vec<_> = fs::read_dir(&folder.0).unwrap().map(|entry| entry.unwrap().path()).collect();
        segments.retain(|path| path.extension().is_some());
        segments.sort();
        assert_eq!(segments.len(), 3);
        // The first is gone, and in the second the second of its three does not hold.
        fs::remove_file(&segments[0]).unwrap();
        let mut bytes = fs::read(&segments[1]).unwrap();
        let middle = bytes.len() / 2;
        bytes[middle] ^= 1;
        fs::write(&segments[1], bytes).unwrap();
        let mut lost = Evicted::default();
        assert_eq!(keys(&spill.read(10, &mut lost).unwrap()), "3 6");
        assert_eq!((lost.counts, spill.records()), ([5, 0], 2));
        spill.delivered(2).unwrap();
        assert_eq!((spill.records(), spill.bytes()), (0, 0));
        append(&mut spill, &items("a", 7));
        assert_eq!(keys(&spill.read(10, &mut lost).unwrap()), "7");
    }

    #[test]
    fn a_folder_that_cannot_be_is_an_error() {
        let folder = Folder::new();
        fs::write(&folder.0, "a file").unwrap();
        assert!(Spill::open(&folder.0, 1 << 20).is_err());
        fs::remove_file(&folder.0).unwrap();
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(32))]

        /// Whatever is done, in whatever order, and however often the process is killed between: what waits is what was appended and
        /// not delivered, in order.
        #[test]
        fn it_is_a_queue(deeds in proptest::collection::vec((0_u8..4, 1_u8..40), 1..40)) {
            let folder = Folder::new();
            let mut spill = Some(folder.open(1 << 20).0);
            let (mut model, mut next) = (VecDeque::new(), 0_u64);
            for (deed, count) in deeds {
                let open = spill.as_mut().unwrap();
                match deed {
                    0 => {
                        let kinds: String = (0..count).map(|at| if (u32::from(at) * 7 + u32::from(count)) % 3 == 0 { 'a' } else { 'c' }).collect();
                        append(open, &items(&kinds, next));
                        model.extend(next..next + u64::from(count));
                        next += u64::from(count);
                    }
                    1 | 2 => {
                        let read = open.read(count.into(), &mut Evicted::default()).unwrap();
                        let expected: Vec<_> = model.iter().take(count.into()).map(u64::to_string).collect();
                        prop_assert_eq!(keys(&read), expected.join(" "));
                        let done = read.len() / usize::from(deed);
                        open.delivered(done).unwrap();
                        model.drain(..done);
                    }
                    _ => {
                        drop(spill.take());
                        let (opened, found) = folder.open(1 << 20);
                        prop_assert_eq!(found, Found { records: model.len() as u64, torn_bytes: 0 });
                        spill = Some(opened);
                    }
                }
                prop_assert_eq!(spill.as_ref().unwrap().records(), model.len() as u64);
            }
        }
    }
}
