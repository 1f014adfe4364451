//! One or many captures as one run of frames in the order of time.
//!
//! A capture alone, or one whose frames all come before the next frame of every other, hands its batches on where they
//! lie. Only where captures overlap in time are frames copied, a batch at a time. Captures are opened when their first
//! frame's turn comes, so that a folder may hold any number of them.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, VecDeque};
use std::mem;
use std::path::{Path, PathBuf};

use types::Nanos;

use crate::error::{DAMAGES_MAX, Damage, DamageWhy, OpenError, Refusal, RefusalWhy};
use crate::frame::{BATCH_FRAMES_MAX, Batch, Dropped};
use crate::frames::Frames;
use crate::inputs::{Listed, Listing, NAMED_MAX};
use crate::reader::{Filled, Reader};
use crate::tally::Tally;

/// Most captures that are open at once to be merged: each holds 8 KiB of heads and, if it is a stream, a chunk of 1 MiB
/// and what its decompression needs. A further one that begins before any of them has ended waits for the first to end,
/// and its frames come late and are counted.
pub const OPEN_MAX: usize = 256;

/// So few inputs stay open from the first look at them on.
const KEPT_INPUTS_MAX: usize = 8;

/// Stretches of drops that wait to be asked for; past it the last of them grows.
const DROPS_MAX: usize = 4_096;

/// A run of at least so many frames of one capture is handed on where it lies, a shorter one is copied.
const RUN_FRAMES_MIN: usize = 64;

/// How captures are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Config {
    /// Whether regular files are mapped, which is fastest. A mapped file that another program truncates meanwhile ends
    /// this process (SIGBUS); off, such a file is merely damaged. Files that grow do no harm: they are read to the length
    /// they had when they were opened.
    pub map: bool,
}

impl Default for Config {
    fn default() -> Self {
        Self { map: true }
    }
}

/// How much has been read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Progress {
    /// Bytes read of all inputs, before decompression.
    pub read: u64,
    /// Bytes of all inputs; `None` where one of them is a stream of unknown length.
    pub total: Option<u64>,
}

/// Where a file stands.
enum State {
    /// Not open now; its first frame has this time.
    Waiting,
    Open(Box<Reader>),
    Done,
}

struct Input {
    path: PathBuf,
    state: State,
    /// Its bytes, where known, and how many of them the progress holds.
    bytes: Option<u64>,
    counted: u64,
    /// Whether it had to wait for another to end.
    late: bool,
}

/// The input whose turn it is, and how many of its frames come before the next frame of every other.
#[derive(Clone, Copy)]
struct Turn {
    order: usize,
    run: usize,
}

/// One or many captures, merged in the order of time.
///
/// Frames with the same time come from the capture that begins first, and from the one named first where captures begin
/// at the same time: so the parts of a capture that was cut may be named in any order. Within one capture the order is
/// that of the file, also where its time runs backwards.
pub struct Capture {
    /// In the order of their first frames; those without frames come last.
    inputs: Vec<Input>,
    /// The time of the next frame of every input that has one, but for `lent` and `delayed`.
    queue: BinaryHeap<Reverse<(Nanos, usize)>>,
    /// The input whose frames the last batch lent out.
    lent: Option<usize>,
    /// Inputs whose turn came when [`OPEN_MAX`] were open.
    delayed: VecDeque<(Nanos, usize)>,
    open: usize,
    /// The latest frame delivered.
    latest: Nanos,
    merged: Frames,
    config: Config,
    tally: Tally,
    damages: Vec<Damage>,
    not_captures: Vec<PathBuf>,
    progress: Progress,
    drops: Vec<Dropped>,
}

impl Capture {
    /// Opens captures: files, folders (every capture in them, by content and recursively), and `-`, standard input.
    ///
    /// Reads no more of each than it takes to find its first frame, which for a pipe means waiting for that.
    ///
    /// # Errors
    /// Every named input that cannot be read at all. What is wrong with a file that was found in a folder is no error: it
    /// is listed by [`Capture::damages`] or [`Capture::not_captures`].
    pub fn open(inputs: &[PathBuf], config: Config) -> Result<Self, OpenError> {
        let Listing { files, others, damages, mut refusals } = Listing::of(inputs);
        let mut capture = Self {
            inputs: Vec::new(),
            queue: BinaryHeap::new(),
            lent: None,
            delayed: VecDeque::new(),
            open: 0,
            latest: Nanos::ZERO,
            merged: Frames::default(),
            config,
            tally: Tally::default(),
            damages: Vec::new(),
            not_captures: Vec::new(),
            progress: Progress { read: 0, total: Some(0) },
            drops: Vec::new(),
        };
        damages.into_iter().for_each(|damage| capture.damaged(damage));
        others.into_iter().for_each(|path| capture.not_a_capture(path));
        if refusals.is_empty() {
            let keep = files.len() <= KEPT_INPUTS_MAX;
            // Of each folder, whether a capture was found in it.
            let mut found: Vec<bool> = inputs.iter().map(|input| !input.is_dir()).collect();
            for Listed { path, folder } in files {
                match (capture.add(&path, keep), folder) {
                    (Ok(()), folder) => {
                        if let Some(found) = folder.and_then(|folder| found.get_mut(folder)) {
                            *found = true;
                        }
                    }
                    (Err(why), None) => refusals.push(Refusal { file: path, why }),
                    (Err(RefusalWhy::Empty | RefusalWhy::NotACapture), Some(_)) => capture.not_a_capture(path),
                    (Err(why), Some(_)) => capture.damaged(Damage { file: path, offset: 0, why: lost(why) }),
                }
            }
            let folders = inputs.iter().zip(found).filter(|(_, found)| !found);
            refusals.extend(folders.map(|(input, _)| Refusal { file: input.clone(), why: RefusalWhy::NoCaptures }));
        }
        capture.order_by_first_frame();
        if refusals.is_empty() { Ok(capture) } else { Err(OpenError { refusals }) }
    }

    /// Renumbers the inputs, before the first batch.
    fn order_by_first_frame(&mut self) {
        let mut inputs: Vec<_> = mem::take(&mut self.inputs).into_iter().map(Some).collect();
        let queue = mem::take(&mut self.queue).into_sorted_vec();
        for Reverse((at, order)) in queue.into_iter().rev() {
            if let Some(input) = inputs.get_mut(order).and_then(Option::take) {
                self.queue.push(Reverse((at, self.inputs.len())));
                self.inputs.push(input);
            }
        }
        self.inputs.extend(inputs.into_iter().flatten());
    }

    /// The next frames in the order of time; `None` when there are no more.
    #[inline]
    pub fn next_batch(&mut self) -> Option<Batch<'_>> {
        let turn = self.next_turn()?;
        if self.is_short(turn) {
            self.merge(turn);
            return Some(self.merged.batch());
        }
        Some(self.lend(turn)?.lend(turn.run))
    }

    /// Makes `frames` what [`Capture::next_batch`] would have given, to be taken to another thread; `false` when there are
    /// no more.
    pub fn next_frames(&mut self, frames: &mut Frames) -> bool {
        frames.clear();
        let Some(turn) = self.next_turn() else { return false };
        if self.is_short(turn) {
            self.merge(turn);
            mem::swap(&mut self.merged, frames);
        } else if let Some(reader) = self.lend(turn) {
            reader.share(turn.run, frames);
        }
        true
    }

    /// What was counted so far.
    #[must_use]
    pub const fn tally(&self) -> &Tally {
        &self.tally
    }

    /// What the capturing hosts say they dropped, as far as it was read and not fetched before: to be asked for with every
    /// batch, so that it is heard of in the same place of the capture in every run.
    pub fn drops(&mut self) -> impl Iterator<Item = Dropped> + '_ {
        self.drops.drain(..)
    }

    /// The first [`DAMAGES_MAX`] damages met so far; [`Tally::damages`] counts all.
    #[must_use]
    pub fn damages(&self) -> &[Damage] {
        &self.damages
    }

    /// The first [`NAMED_MAX`] files in folders that are no captures; [`Tally::not_captures`] counts all.
    #[must_use]
    pub fn not_captures(&self) -> &[PathBuf] {
        &self.not_captures
    }

    /// How much has been read, up to date with each batch.
    #[must_use]
    pub const fn progress(&self) -> Progress {
        self.progress
    }

    fn damaged(&mut self, damage: Damage) {
        self.tally.damages += 1;
        if self.damages.len() < DAMAGES_MAX {
            self.damages.push(damage);
        }
    }

    fn not_a_capture(&mut self, path: PathBuf) {
        self.tally.not_captures += 1;
        if self.not_captures.len() < NAMED_MAX {
            self.not_captures.push(path);
        }
    }

    /// Looks at a capture for the time of its first frame, and closes it again unless it is to be kept.
    fn add(&mut self, path: &Path, keep: bool) -> Result<(), RefusalWhy> {
        let mut reader = Box::new(Reader::open(path, self.config.map)?);
        let keep = keep || !reader.origin.again;
        let before = self.tally;
        let filled = reader.fill(if keep { BATCH_FRAMES_MAX } else { 1 }, &mut self.tally);
        let bytes = reader.origin.bytes;
        self.progress.total = self.progress.total.zip(bytes).map(|(total, bytes)| total + bytes);
        let order = self.inputs.len();
        let mut input = Input { path: path.to_owned(), state: State::Waiting, bytes, counted: 0, late: false };
        if keep || !matches!(filled, Filled::Frames) {
            reader.drops().for_each(|dropped| dropped.join(&mut self.drops, DROPS_MAX));
        }
        match (filled, reader.next_at()) {
            (Filled::Frames, Some(at)) => {
                if keep {
                    input.state = State::Open(reader);
                    self.open += 1;
                } else {
                    // It will be read, and counted, from its beginning.
                    self.tally = before;
                }
                self.queue.push(Reverse((at, order)));
                self.inputs.push(input);
            }
            (filled, _) => {
                self.tally.frameless += 1;
                self.inputs.push(input);
                self.finish(order, filled);
            }
        }
        Ok(())
    }

    /// Notes that an input has ended, well or in damage, and lets one that waited for it take its place.
    fn finish(&mut self, order: usize, filled: Filled) {
        let Some(input) = self.inputs.get_mut(order) else { return };
        if let State::Open(_) = mem::replace(&mut input.state, State::Done) {
            self.open -= 1;
        }
        self.tally.captures += 1;
        // A damaged input counts as read to its end: nothing more will come of it.
        let bytes = input.bytes.unwrap_or(input.counted);
        self.progress.read += bytes.saturating_sub(input.counted);
        input.counted = bytes;
        if let Filled::Broken(offset, why) = filled {
            let file = input.path.clone();
            self.damaged(Damage { file, offset, why });
        }
        if self.open < OPEN_MAX {
            self.queue.extend(self.delayed.pop_front().map(Reverse));
        }
    }

    /// After frames of an open input were delivered: reads on where none are left, and queues it by its next frame.
    fn settle(&mut self, order: usize) {
        let Some(Input { state: State::Open(reader), bytes, counted, .. }) = self.inputs.get_mut(order) else { return };
        if let Some(at) = reader.next_at() {
            self.queue.push(Reverse((at, order)));
            return;
        }
        let filled = reader.fill(BATCH_FRAMES_MAX, &mut self.tally);
        reader.drops().for_each(|dropped| dropped.join(&mut self.drops, DROPS_MAX));
        let consumed = reader.consumed().min(bytes.unwrap_or(u64::MAX));
        self.progress.read += consumed.saturating_sub(*counted);
        *counted = consumed.max(*counted);
        match (filled, reader.next_at()) {
            (Filled::Frames, Some(at)) => self.queue.push(Reverse((at, order))),
            (filled, _) => self.finish(order, filled),
        }
    }

    /// The next turn, once the frames of the one before are done with.
    fn next_turn(&mut self) -> Option<Turn> {
        if let Some(order) = self.lent.take() {
            self.settle(order);
        }
        self.turn()
    }

    /// Whether the frames of a turn are so few that those of the next are copied to them.
    fn is_short(&self, turn: Turn) -> bool {
        turn.run < RUN_FRAMES_MIN && !self.queue.is_empty()
    }

    /// The input with the earliest next frame, taken out of the queue and open.
    fn turn(&mut self) -> Option<Turn> {
        loop {
            let Reverse((at, order)) = self.queue.pop()?;
            let Some(input) = self.inputs.get_mut(order) else { continue };
            match &input.state {
                State::Open(reader) => {
                    let heads = reader.heads();
                    let run = self.queue.peek().map_or(heads.len(), |&Reverse(bound)| {
                        heads.iter().position(|head| (head.at, order) >= bound).unwrap_or(heads.len())
                    });
                    return Some(Turn { order, run });
                }
                State::Waiting if self.open >= OPEN_MAX => {
                    input.late = true;
                    self.delayed.push_back((at, order));
                }
                State::Waiting => self.reopen(order),
                State::Done => {}
            }
        }
    }

    /// Opens an input whose turn has come and queues it by its first frame.
    fn reopen(&mut self, order: usize) {
        let Some(input) = self.inputs.get_mut(order) else { return };
        match Reader::open(&input.path, self.config.map) {
            Ok(reader) => {
                input.state = State::Open(Box::new(reader));
                self.open += 1;
                self.settle(order);
            }
            Err(why) => self.finish(order, Filled::Broken(0, lost(why))),
        }
    }

    /// Notes how late the next frames of an input are, which are about to be delivered.
    fn clock(&mut self, turn: Turn) {
        let Some(Input { state: State::Open(reader), late, .. }) = self.inputs.get(turn.order) else { return };
        let heads = reader.heads().get(..turn.run).unwrap_or_default();
        if *late {
            self.tally.late += heads.iter().filter(|head| head.at < self.latest).count() as u64;
        }
        self.latest = self.latest.max(heads.last().map_or(Nanos::ZERO, |head| head.at));
    }

    /// The reader of an input of which a run is about to be handed on where it lies.
    fn lend(&mut self, turn: Turn) -> Option<&mut Reader> {
        self.clock(turn);
        self.lent = Some(turn.order);
        let Some(Input { state: State::Open(reader), .. }) = self.inputs.get_mut(turn.order) else { return None };
        Some(reader)
    }

    /// Copies the frames of overlapping inputs together, until the batch is full or a long run of one input follows.
    fn merge(&mut self, first: Turn) {
        self.merged.clear();
        let mut turn = first;
        loop {
            turn.run = turn.run.min(BATCH_FRAMES_MAX.saturating_sub(self.merged.len()));
            turn.run = self.copy(turn);
            self.settle(turn.order);
            if self.merged.is_full() {
                break;
            }
            match self.turn() {
                Some(next) if next.run < RUN_FRAMES_MIN => turn = next,
                Some(next) => {
                    self.settle(next.order);
                    break;
                }
                None => break,
            }
        }
    }

    /// Copies the frames of a turn, as many as the batch has room for.
    fn copy(&mut self, turn: Turn) -> usize {
        let Some(Input { state: State::Open(reader), .. }) = self.inputs.get(turn.order) else { return 0 };
        let batch = Batch::new(reader.bytes(), reader.heads());
        let mut run = 0;
        for head in batch.heads().iter().take(turn.run) {
            if self.merged.is_full() {
                break;
            }
            self.merged.push(&batch.frame(head));
            run += 1;
        }
        self.clock(Turn { order: turn.order, run });
        if let Some(Input { state: State::Open(reader), .. }) = self.inputs.get_mut(turn.order) {
            reader.deliver(run);
        }
        run
    }
}

/// What a refusal means for a file that was not named itself, or that was a capture a moment ago.
fn lost(why: RefusalWhy) -> DamageWhy {
    match why {
        RefusalWhy::Header(why) => why,
        RefusalWhy::Unsupported(format) => DamageWhy::Unsupported(format),
        RefusalWhy::Unreadable(error) => DamageWhy::Unreadable(error.to_string()),
        _ => DamageWhy::Unreadable("it is no longer a capture".to_owned()),
    }
}

/// A worker takes its capture to the thread it runs on.
const _: () = {
    const fn sends<T: Send>() {}
    sends::<Capture>();
};
