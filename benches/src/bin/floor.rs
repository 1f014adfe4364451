//! `floor FILE`: reads a capture with the floor's tables and prints one line of totals.

#![allow(clippy::print_stdout, reason = "the totals are what the program is for")]

use std::error::Error;
use std::fs::File;

use benches::floor::Floor;
use memmap2::{Advice, Mmap};

fn main() -> Result<(), Box<dyn Error>> {
    let path = std::env::args_os().nth(1).ok_or("floor FILE")?;
    let file = File::open(path)?;
    #[allow(unsafe_code, reason = "a mapped file is the cheapest way to read one")]
    // SAFETY: nothing else writes to a load file while it is being measured.
    let capture = unsafe { Mmap::map(&file)? };
    capture.advise(Advice::Sequential)?;
    let mut floor = Floor::new();
    floor.read(&capture)?;
    println!("{:?}", floor.totals());
    Ok(())
}
