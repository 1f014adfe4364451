//! Captures are files: this is one that nobody sees, in memory where the system has such a folder.

use std::cell::RefCell;
use std::fs::File;
use std::io::Write;
use std::os::fd::AsRawFd;
use std::path::{Path, PathBuf};

use link::{Capture, Config};

/// A file that is written anew for each input.
pub struct Scratch {
    file: File,
    path: PathBuf,
}

impl Scratch {
    fn new(number: usize) -> Self {
        let memory = Path::new("/dev/shm");
        let folder = if memory.is_dir() { memory.to_owned() } else { std::env::temp_dir() };
        let name = folder.join(format!("greyline-fuzz-{}-{number}", std::process::id()));
        let file = File::options().read(true).write(true).create_new(true).open(&name).expect("a scratch file");
        std::fs::remove_file(&name).expect("a scratch file");
        let path = PathBuf::from(format!("/proc/self/fd/{}", file.as_raw_fd()));
        Self { file, path }
    }

    fn write(&mut self, bytes: &[u8]) -> PathBuf {
        use std::io::{Seek, SeekFrom};
        self.file.set_len(0).expect("an empty file");
        self.file.seek(SeekFrom::Start(0)).expect("a file that seeks");
        self.file.write_all(bytes).expect("room in memory");
        self.path.clone()
    }
}

thread_local! {
    static FILES: RefCell<[Option<Scratch>; 2]> = const { RefCell::new([None, None]) };
}

/// The path of a file with these bytes, until the next call with the same `number` (0 or 1).
pub fn path_of(number: usize, bytes: &[u8]) -> PathBuf {
    FILES.with_borrow_mut(|files| files[number].get_or_insert_with(|| Scratch::new(number)).write(bytes))
}

/// A capture of these bytes, mapped; `None` where it is refused, which is no finding.
pub fn open(number: usize, bytes: &[u8]) -> Option<Capture> {
    Capture::open(&[path_of(number, bytes)], Config::default()).ok()
}
