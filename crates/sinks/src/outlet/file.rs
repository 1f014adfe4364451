//! A file of JSON Lines that is begun anew when it is long or old. Each batch is synced (`fdatasync`) before it counts as delivered, and
//! a line that a killed process left half written is cut off before the next is written.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read as _, Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, SystemTime};

use config::FileSink;

use super::Delivery;
use crate::item::Item;

/// A file, written where nobody waits for the disk.
pub(crate) struct FileOutlet(Arc<Mutex<Lines>>);

impl FileOutlet {
    pub fn new(file: &FileSink) -> Self {
        Self(Arc::new(Mutex::new(Lines::new(file))))
    }

    pub async fn deliver(&self, items: &[Arc<Item>]) -> Delivery {
        let (lines, items) = (Arc::clone(&self.0), items.to_vec());
        let written = tokio::task::spawn_blocking(move || {
            lines.lock().unwrap_or_else(PoisonError::into_inner).write(&items, SystemTime::now()).map(|()| items.len())
        });
        match written.await.unwrap_or_else(|error| Err(io::Error::other(error))) {
            Ok(count) => Delivery::whole(count),
            Err(error) => Delivery::failed(error.to_string()),
        }
    }

    /// The file may have been moved: the next record begins it anew.
    pub async fn reopen(&self) {
        let lines = Arc::clone(&self.0);
        let closed = tokio::task::spawn_blocking(move || {
            lines.lock().unwrap_or_else(PoisonError::into_inner).open = None;
        });
        // It closes a file, which cannot panic.
        let _ = closed.await;
    }
}

/// A file of lines.
struct Lines {
    path: PathBuf,
    bytes_max: u64,
    age_max: Option<Duration>,
    kept: u32,
    open: Option<Open>,
}

struct Open {
    file: File,
    bytes: u64,
    began: SystemTime,
}

impl Lines {
    fn new(file: &FileSink) -> Self {
        let hours = |hours: u32| Duration::from_secs(u64::from(hours) * 3_600);
        Self {
            path: file.path.clone().into(),
            bytes_max: if file.rotate_mib == 0 { u64::MAX } else { u64::from(file.rotate_mib) << 20 },
            age_max: (file.rotate_hours > 0).then(|| hours(file.rotate_hours)),
            kept: file.kept,
            open: None,
        }
    }

    /// Writes records behind those of before, each a line, and syncs them.
    fn write(&mut self, items: &[Arc<Item>], now: SystemTime) -> io::Result<()> {
        let mut lines = Vec::with_capacity(items.iter().map(|item| item.json.len() + 1).sum());
        for item in items {
            lines.extend_from_slice(&item.json);
            lines.push(b'\n');
        }
        let mut open = match self.open.take() {
            Some(open) => open,
            None => self.opened(now)?,
        };
        let long = open.bytes.saturating_add(lines.len() as u64) > self.bytes_max;
        let old = self.age_max.is_some_and(|age| now.duration_since(open.began).is_ok_and(|passed| age <= passed));
        if open.bytes > 0 && (long || old) {
            drop(open);
            self.rotate()?;
            open = self.opened(now)?;
        }
        if open.bytes == 0 {
            open.began = now;
        }
        if let Err(error) = open.file.write_all(&lines).and_then(|()| open.file.sync_data()) {
            // No half of a batch stays; where that fails too, opening again cuts off a half line.
            if open.file.set_len(open.bytes).is_ok() {
                self.open = Some(open);
            }
            return Err(error);
        }
        open.bytes += lines.len() as u64;
        self.open = Some(open);
        Ok(())
    }

    fn opened(&self, now: SystemTime) -> io::Result<Open> {
        if let Some(folder) = self.path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
            fs::create_dir_all(folder)?;
        }
        let mut file = OpenOptions::new().create(true).read(true).append(true).open(&self.path)?;
        let about = file.metadata()?;
        let bytes = whole_lines(&mut file, about.len())?;
        if bytes < about.len() {
            file.set_len(bytes)?;
        }
        let began = about.created().or_else(|_| about.modified()).unwrap_or(now);
        Ok(Open { file, bytes, began })
    }

    /// Moves each file to the next place, the last out; each move is one step, so that no record is ever in no file.
    fn rotate(&self) -> io::Result<()> {
        for place in (0..self.kept).rev() {
            let from = if place == 0 { self.path.clone() } else { numbered(&self.path, place) };
            match fs::rename(from, numbered(&self.path, place + 1)) {
                Err(error) if place > 0 && error.kind() == io::ErrorKind::NotFound => {}
                moved => moved?,
            }
        }
        if self.kept == 0 { fs::remove_file(&self.path) } else { Ok(()) }
    }
}

fn numbered(path: &Path, place: u32) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(format!(".{place}"));
    name.into()
}

/// Bytes up to the end of the last whole line.
fn whole_lines(file: &mut File, bytes: u64) -> io::Result<u64> {
    const STEP: u64 = 64 << 10;
    let mut end = bytes;
    while end > 0 {
        let begin = end.saturating_sub(STEP);
        let mut piece = Vec::new();
        file.seek(SeekFrom::Start(begin))?;
        file.take(end - begin).read_to_end(&mut piece)?;
        if let Some(at) = piece.iter().rposition(|&byte| byte == b'\n') {
            return Ok(begin + at as u64 + 1);
        }
        end = begin;
    }
    Ok(0)
}

#[cfg(test)]
mod tests {
    use types::Nanos;

    use super::*;
    use crate::tally::What;

    struct Folder(PathBuf);

    impl Folder {
        fn new(name: &str) -> Self {
            let folder = std::env::temp_dir().join(format!("greyline-lines-{}-{name}", std::process::id()));
            fs::create_dir_all(&folder).unwrap();
            Self(folder)
        }

        fn lines(&self, bytes_max: u64, age_max: Option<Duration>, kept: u32) -> Lines {
            Lines { path: self.0.join("a.jsonl"), bytes_max, age_max, kept, open: None }
        }

        /// What lies in the folder: `name: first letters of the lines`.
        fn files(&self) -> String {
            let mut names: Vec<_> = fs::read_dir(&self.0).unwrap().map(|entry| entry.unwrap().path()).collect();
            names.sort();
            let told = names.iter().map(|path| {
                let text = fs::read_to_string(path).unwrap();
                assert!(text.is_empty() || text.ends_with('\n'), "{text:?}");
                format!("{}:{}", path.file_name().unwrap().display(), text.lines().collect::<Vec<_>>().join(","))
            });
            told.collect::<Vec<_>>().join(" ")
        }
    }

    impl Drop for Folder {
        fn drop(&mut self) {
            let _ = fs::remove_dir_all(&self.0);
        }
    }

    fn item(json: &str) -> Arc<Item> {
        Arc::new(Item { what: What::Alert, at: Nanos::ZERO, key: "k".into(), json: json.to_owned().into() })
    }

    #[test]
    fn long_files_are_begun_anew_and_the_last_kept() {
        let folder = Folder::new("long");
        let mut lines = folder.lines(6, None, 2);
        let now = SystemTime::now();
        for json in ["1", "2", "3", "4", "5", "6", "7", "8", "9"] {
            lines.write(&[item(json)], now).unwrap();
        }
        assert_eq!(folder.files(), "a.jsonl:7,8,9 a.jsonl.1:4,5,6 a.jsonl.2:1,2,3");
        lines.write(&[item("10"), item("11")], now).unwrap();
        assert_eq!(folder.files(), "a.jsonl:10,11 a.jsonl.1:7,8,9 a.jsonl.2:4,5,6");
    }

    #[test]
    fn old_files_are_begun_anew() {
        let folder = Folder::new("old");
        let mut lines = folder.lines(u64::MAX, Some(Duration::from_secs(3_600)), 1);
        let now = SystemTime::now();
        for (json, secs) in [("1", 0), ("2", 3_599), ("3", 3_600), ("4", 7_199), ("5", 7_200)] {
            lines.write(&[item(json)], now + Duration::from_secs(secs)).unwrap();
        }
        assert_eq!(folder.files(), "a.jsonl:5 a.jsonl.1:3,4");
    }

    #[test]
    fn none_are_kept() {
        let folder = Folder::new("none");
        let mut lines = folder.lines(2, None, 0);
        lines.write(&[item("1")], SystemTime::now()).unwrap();
        lines.write(&[item("2")], SystemTime::now()).unwrap();
        assert_eq!(folder.files(), "a.jsonl:2");
    }

    #[test]
    fn a_half_line_is_cut_off() {
        let folder = Folder::new("half");
        fs::write(folder.0.join("a.jsonl"), "1\n2\n{\"tor").unwrap();
        folder.lines(100, None, 1).write(&[item("3")], SystemTime::now()).unwrap();
        assert_eq!(folder.files(), "a.jsonl:1,2,3");
    }

    #[test]
    fn a_file_that_was_moved_is_begun_anew_once_reopened() {
        let folder = Folder::new("moved");
        let mut lines = folder.lines(100, None, 1);
        lines.write(&[item("1")], SystemTime::now()).unwrap();
        fs::rename(folder.0.join("a.jsonl"), folder.0.join("b")).unwrap();
        lines.open = None;
        lines.write(&[item("2")], SystemTime::now()).unwrap();
        assert_eq!(folder.files(), "a.jsonl:2 b:1");
    }

    #[test]
    fn a_full_disk_is_an_error_and_no_more() {
        let mut lines = Lines { path: "/dev/full".into(), bytes_max: 100, age_max: None, kept: 1, open: None };
        assert!(lines.write(&[item("1")], SystemTime::now()).is_err());
        assert!(lines.write(&[item("1")], SystemTime::now()).is_err());
    }
}
