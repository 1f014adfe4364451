//! A worker with others ahead of it: one thread walks through a capture, further ones look at its frames, the last carries them.
//!
//! What is looked at ahead is what can be known of a frame without knowing anything else ([`crate::scout`]). All that depends on
//! the order of frames is the worker's alone, which takes them in the order of the capture: so its words are the same however
//! many are ahead of it, and however these are scheduled.
//!
//! Lots of frames go from hand to hand over bounded channels, in one direction, the emptied ones back to the first without
//! waiting: nobody waits for anybody who waits for him. Lanes are filled and emptied in turn, so that lots keep their order.

use std::io;
use std::iter::repeat_with;
use std::num::NonZeroUsize;
use std::thread::{self, Scope};

use call::Listener;
use crossbeam_channel::{Receiver, Sender, bounded};
use link::{Capture, Dropped, Progress};

use crate::scout::{Scout, Scouted};
use crate::worker::Worker;

/// Batches of a lot: handing it on then costs next to nothing of what each of its frames does.
const LOT_BATCHES: usize = 4;
/// Lots that wait in a lane, of at most 256 frames and about 1 MiB a batch; of mapped files nothing but what was seen of them, 80
/// bytes a frame.
const LANE_LOTS: usize = 4;
/// Most workers: one reads, one carries, and more than so many lookouts no reader can keep busy.
const WORKERS_MAX: usize = 64;

/// Frames on their way.
#[derive(Default)]
struct Lot {
    batches: [Scouted; LOT_BATCHES],
    /// What was dropped by the capturing host, behind each batch.
    drops: [Vec<Dropped>; LOT_BATCHES],
    progress: Progress,
}

/// Carries a capture through a worker to its end, `workers` threads working at it, or until `goes_on` says that it is enough,
/// which is asked now and then.
///
/// # Errors
/// The system has no threads to give.
pub fn carry<L: Listener>(
    capture: &mut Capture,
    worker: &mut Worker,
    listener: &mut L,
    workers: NonZeroUsize,
    mut goes_on: impl FnMut(&L, &Worker, Progress) -> bool,
) -> io::Result<()> {
    let ahead = workers.get().min(WORKERS_MAX) - 1;
    if ahead == 0 {
        alone(capture, worker, listener, goes_on);
    } else {
        thread::scope(|scope| {
            let (lanes, back) = send_ahead(scope, capture, worker.scout(), ahead)?;
            for lane in lanes.iter().cycle() {
                let Ok(lot) = lane.recv() else { break };
                for (scouted, drops) in lot.batches.iter().zip(&lot.drops) {
                    worker.on_scouted(scouted, listener);
                    drops.iter().for_each(|&dropped| worker.on_dropped(dropped, listener));
                }
                if !goes_on(listener, worker, lot.progress) {
                    break;
                }
                // Where there is room enough already, this one is let go.
                let _ = back.try_send(lot);
            }
            Ok::<_, io::Error>(())
        })?;
    }
    worker.drain(listener);
    Ok(())
}

/// Reads and carries in turn.
fn alone<L: Listener>(
    capture: &mut Capture,
    worker: &mut Worker,
    listener: &mut L,
    mut goes_on: impl FnMut(&L, &Worker, Progress) -> bool,
) {
    while let Some(batch) = capture.next_batch() {
        worker.on_batch(&batch, listener);
        capture.drops().for_each(|dropped| worker.on_dropped(dropped, listener));
        if !goes_on(listener, worker, capture.progress()) {
            return;
        }
    }
    capture.drops().for_each(|dropped| worker.on_dropped(dropped, listener));
}

/// Starts so many threads ahead of the worker: one that reads, and looks itself where it is the only one. Gives the lanes in
/// which lots come, and where to give them back.
fn send_ahead<'scope>(
    scope: &'scope Scope<'scope, '_>,
    capture: &'scope mut Capture,
    scout: Scout,
    ahead: usize,
) -> io::Result<(Vec<Receiver<Lot>>, Sender<Lot>)> {
    let lookouts = ahead - 1;
    let (read, lanes): (Vec<_>, Vec<_>) = repeat_with(|| bounded(LANE_LOTS)).take(lookouts.max(1)).unzip();
    let (back, empty) = bounded(LANE_LOTS * ahead);
    let named = |name: &str| thread::Builder::new().name(format!("greyline {name}"));
    if lookouts == 0 {
        named("read").spawn_scoped(scope, move || read_on(capture, &read, &empty, |lot| look(&scout, lot)))?;
        return Ok((lanes, back));
    }
    named("read").spawn_scoped(scope, move || read_on(capture, &read, &empty, |_| {}))?;
    let mut seen_lanes = Vec::with_capacity(lookouts);
    for lane in lanes {
        let (seen, seen_lane) = bounded(LANE_LOTS);
        named("look").spawn_scoped(scope, move || {
            for mut lot in lane {
                look(&scout, &mut lot);
                if seen.send(lot).is_err() {
                    return;
                }
            }
        })?;
        seen_lanes.push(seen_lane);
    }
    Ok((seen_lanes, back))
}

/// Reads a capture to its end into the lanes in turn, as long as somebody takes what is read.
fn read_on(capture: &mut Capture, lanes: &[Sender<Lot>], empty: &Receiver<Lot>, done: impl Fn(&mut Lot)) {
    for lane in lanes.iter().cycle() {
        let mut lot = empty.try_recv().unwrap_or_default();
        let goes_on = fill(capture, &mut lot);
        done(&mut lot);
        if lane.send(lot).is_err() || !goes_on {
            return;
        }
    }
}

/// Fills a lot; `false` at the end of the capture.
fn fill(capture: &mut Capture, lot: &mut Lot) -> bool {
    let mut goes_on = true;
    for (scouted, drops) in lot.batches.iter_mut().zip(&mut lot.drops) {
        // Past the end nothing is read, and nothing is left of what was in the lot before.
        goes_on = goes_on && capture.next_frames(&mut scouted.frames);
        if !goes_on {
            scouted.frames.clear();
        }
        drops.clear();
        drops.extend(capture.drops());
    }
    lot.progress = capture.progress();
    goes_on
}

fn look(scout: &Scout, lot: &mut Lot) {
    lot.batches.iter_mut().for_each(|scouted| scout.scout(scouted));
}
