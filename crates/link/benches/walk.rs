//! What reading a mapped capture costs a frame, without anybody looking at the frames.
//!
//! `cargo bench -p link` says nanoseconds; instructions, which do not depend on who else uses the machine, are the slope
//! between two lengths of the same capture:
//!
//! ```sh
//! walk=$(cargo bench -p link --bench walk --no-run --message-format=short 2>&1 | sed -n 's/.*(\(.*\))$/\1/p')
//! $walk make 1m.pcap 1000000 && $walk make 2m.pcap 2000000
//! for file in 1m 2m; do valgrind --tool=cachegrind --cachegrind-out-file=/dev/null $walk read $file.pcap; done
//! ```

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};
use std::time::Instant;

use link::{Capture, Config};

/// Bytes of a frame: 20 ms of G.711 over RTP, UDP, IPv4 and Ethernet.
const FRAME_BYTES: u32 = 214;

fn make(path: &Path, frames: u32, pcapng: bool) -> std::io::Result<()> {
    let mut file = BufWriter::new(File::create(path)?);
    let mut words = |words: &[u32]| words.iter().try_for_each(|word| file.write_all(&word.to_le_bytes()));
    let bytes = [0x5a5a_5a5a; FRAME_BYTES.div_ceil(4) as usize];
    if pcapng {
        words(&[0x0a0d_0d0a, 28, 0x1a2b_3c4d, 1, u32::MAX, u32::MAX, 28])?;
        words(&[1, 20, 1, 0, 20])?;
    } else {
        words(&[0xa1b2_c3d4, 0x0004_0002, 0, 0, 65_535, 1])?;
    }
    for frame in 0..frames {
        let (secs, micros) = (1_700_000_000 + frame / 50_000, frame % 50_000 * 20);
        if pcapng {
            let ticks = u64::from(secs) * 1_000_000 + u64::from(micros);
            let length = 32 + FRAME_BYTES.next_multiple_of(4);
            words(&[6, length, 0, (ticks >> 32) as u32, ticks as u32, FRAME_BYTES, FRAME_BYTES])?;
            words(&bytes)?;
            words(&[length])?;
        } else {
            // Two bytes more than a frame of 214, so that everything is written in words.
            words(&[secs, micros, FRAME_BYTES + 2, FRAME_BYTES + 2])?;
            words(&bytes)?;
        }
    }
    file.flush()
}

fn read(paths: &[PathBuf]) -> u64 {
    let Ok(mut capture) = Capture::open(paths, Config::default()) else { return 0 };
    let mut frames = 0;
    while let Some(batch) = capture.next_batch() {
        frames += std::hint::black_box(batch.heads()).len() as u64;
    }
    frames
}

#[expect(clippy::print_stdout, reason = "a bench speaks to whoever runs it")]
fn time(paths: &[PathBuf]) {
    let start = Instant::now();
    let frames = read(paths);
    let nanos = start.elapsed().as_nanos() as f64 / frames.max(1) as f64;
    println!("{frames} frames, {nanos:.1} ns a frame");
}

fn main() -> std::io::Result<()> {
    let args: Vec<String> = std::env::args().skip(1).filter(|arg| arg != "--bench").collect();
    match args.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        ["make", path, frames] => make(path.as_ref(), frames.parse().unwrap_or(0), path.ends_with("ng")),
        ["read", paths @ ..] => {
            time(&paths.iter().map(PathBuf::from).collect::<Vec<_>>());
            Ok(())
        }
        _ => {
            for name in ["walk.pcap", "walk.pcapng"] {
                let path = std::env::temp_dir().join(name);
                make(&path, 1_000_000, name.ends_with("ng"))?;
                // Twice: the first run brings the file into the page cache.
                time(std::slice::from_ref(&path));
                time(std::slice::from_ref(&path));
                std::fs::remove_file(path)?;
            }
            Ok(())
        }
    }
}
