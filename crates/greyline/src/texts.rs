//! Text to read line by line: a file, plain, gzip or zstd, or standard input.

use std::fs::File;
use std::io::{self, BufRead, BufReader};
use std::path::{Path, PathBuf};

use flate2::bufread::MultiGzDecoder;
use records::{Format, Input};

use crate::failure::Failure;

/// Bytes read at once.
const BUFFER: usize = 1 << 18;

/// Opens `file`, `-` for standard input, whatever it is packed in.
///
/// # Errors
/// That it cannot be opened or its first bytes not read.
pub fn open(file: &Path) -> io::Result<Box<dyn BufRead>> {
    let mut reader: Box<dyn BufRead> = if file == Path::new("-") {
        Box::new(BufReader::with_capacity(BUFFER, io::stdin()))
    } else {
        Box::new(BufReader::with_capacity(BUFFER, File::open(file)?))
    };
    Ok(match reader.fill_buf()? {
        [0x1f, 0x8b, ..] => Box::new(BufReader::with_capacity(BUFFER, MultiGzDecoder::new(reader))),
        [0x28, 0xb5, 0x2f, 0xfd, ..] => {
            Box::new(BufReader::with_capacity(BUFFER, zstd::stream::read::Decoder::with_buffer(reader)?))
        }
        _ => reader,
    })
}

/// The inputs as call records, if that is what they are; standard input and folders are captures.
///
/// # Errors
/// Some of the inputs are, and others are not.
pub fn records(inputs: &[PathBuf]) -> Result<Option<Vec<Input>>, Failure> {
    let (mut records, mut capture) = (Vec::new(), None);
    for input in inputs {
        match record(input) {
            Some(record) => records.push((record, input)),
            None => capture = Some(input),
        }
    }
    match (records.first(), capture) {
        (None, _) => Ok(None),
        (Some((_, record)), Some(capture)) => Err(Failure::Mixed(capture.clone(), (*record).clone())),
        (Some(_), None) => Ok(Some(records.into_iter().map(|(record, _)| record).collect())),
    }
}

/// A file of call records; `None` for anything else, and for what cannot be opened: whoever reads captures says why.
fn record(input: &Path) -> Option<Input> {
    if input == Path::new("-") || input.is_dir() {
        return None;
    }
    let name = input.display().to_string();
    let mut text = open(input).ok()?;
    let format = Format::of(&name, text.fill_buf().ok()?)?;
    Some(Input { name, format, text })
}
