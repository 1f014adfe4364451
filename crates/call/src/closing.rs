//! The end of a call: its legs are over and were remembered long enough, so its record is written and its room freed.

use rtp::Closed;
use rtp::emodel::score;
use types::Nanos;

use crate::calls::Calls;
use crate::course::Courses;
use crate::join::LegRef;
use crate::leg::Leg;
use crate::lines::Binding;
use crate::media::Media;
use crate::phase::{Ending, Phase, Signal};
use crate::rare::Finished;
use crate::recency::Queue;
use crate::text::Word;
use crate::{CallRecord, Listener, MediaRecord, Outcome, Tally};

impl Calls {
    /// Ends the capture: what is silent by now is over, the rest stays `incomplete`, and every record is written.
    pub fn drain(&mut self, now: Nanos, media: &mut Media, listener: &mut impl Listener) {
        self.on_time(now, media, listener);
        for queue in [Queue::Linger, Queue::Talk, Queue::Setup] {
            while let Some(index) = self.recency.first(queue) {
                match queue {
                    Queue::Talk => self.end_if_silent(index, now, media, listener),
                    Queue::Linger => drop(self.take_back(index, now, media)),
                    Queue::Setup => {}
                }
                if self.legs.get(index).is_some_and(|leg| matches!(leg.phase, Phase::Waiting { .. })) {
                    // A final response is the end of a call as long as nobody is heard asking again.
                    self.apply(index, Signal::Silence, (now, now), listener);
                }
                self.settle(index, media, listener);
            }
        }
        self.end_exchanges(listener);
    }

    /// Frees room for one more leg when there is none: the call of the longest silent leg goes, the finished first.
    pub(crate) fn make_room_for_leg(&mut self, media: &mut Media, listener: &mut impl Listener) {
        while self.legs.len() >= self.config.legs_max as usize {
            let mut silent = [Queue::Linger, Queue::Setup, Queue::Talk].into_iter();
            let Some(index) = silent.find_map(|queue| self.recency.first(queue)) else { return };
            let first = self.first_of(index);
            self.tally.legs_evicted += 1;
            self.write(first, media, listener);
        }
    }

    /// A leg whose Call-ID starts another call: it can no longer be found, and is over.
    pub(crate) fn retire(&mut self, index: u32, media: &mut Media, listener: &mut impl Listener) {
        self.unindex(index);
        self.settle(index, media, listener);
    }

    /// A leg nothing more is expected of. The record waits for the other legs of its call.
    pub(crate) fn settle(&mut self, index: u32, media: &mut Media, listener: &mut impl Listener) {
        let Some(leg) = self.legs.get_mut(index).filter(|leg| !leg.settled) else { return };
        leg.settled = true;
        self.recency.take(&mut self.legs, index);
        let first = self.first_of(index);
        let Some(leg) = self.legs.get(first).filter(|leg| leg.first == first && leg.settled) else { return };
        if leg.others().iter().all(|&other| self.legs.get(other).is_none_or(|leg| leg.settled)) {
            self.write(first, media, listener);
        }
    }

    /// The first leg of the call that a leg belongs to.
    pub(crate) fn first_of(&self, index: u32) -> u32 {
        self.legs.get(index).map_or(index, |leg| leg.first)
    }

    fn unindex(&mut self, index: u32) {
        self.leave(index);
        let Some(leg) = self.legs.get(index) else { return };
        if let Ok(entry) = self.by_call_id.find_entry(leg.hash, |&held| held == index) {
            entry.remove();
        }
    }

    /// Writes the record of a call and frees its legs.
    fn write(&mut self, first: u32, media: &mut Media, listener: &mut impl Listener) {
        self.part_at_last(first, listener);
        let Some(leg) = self.free(first) else { return };
        let others: Vec<Leg> = leg.others().iter().filter_map(|&other| self.free(other)).collect();
        let legs = || std::iter::once(&leg).chain(&others);
        let call_ids: Vec<_> = others.iter().map(|leg| leg.text.get(Word::CallId)).collect();
        let mut streams: Vec<_> = legs().flat_map(|leg| streams_of(leg, media, &mut self.courses)).collect();
        streams.sort_by_key(|stream| (stream.figures.first_at, stream.source, stream.destination, stream.ssrc));
        let sum = |count: fn(&Leg) -> u32| legs().map(count).fold(0, u32::saturating_add);
        let record = CallRecord {
            messages: sum(|leg| leg.messages),
            retransmissions: sum(|leg| leg.retransmissions),
            media_hidden: legs().any(Leg::has_ice),
            legs: &call_ids,
            media: &streams,
            ..leg.record(&self.common)
        };
        count(&mut self.tally, &record, leg.phase);
        listener.record(&record);
        for leg in legs() {
            self.common.paths.release(leg.path);
            self.common.agents.release(leg.agent);
        }
    }

    /// Takes a leg out of every table.
    fn free(&mut self, index: u32) -> Option<Leg> {
        self.unindex(index);
        if !self.legs.get(index)?.settled {
            self.recency.take(&mut self.legs, index);
        }
        let leg = self.legs.remove(index)?;
        for (place, line) in leg.lines().enumerate() {
            self.bindings.unbind(line.endpoint(), Binding { leg: index, line: place as u8 });
            self.common.codecs.release(line.codecs);
        }
        if let Some(rare) = &leg.rare {
            self.forget_names(LegRef { index, serial: leg.serial }, rare.names);
        }
        self.ended_streams -= leg.finished().len() as u32;
        Some(leg)
    }
}

/// The streams of a leg, closed.
fn streams_of<'a>(leg: &'a Leg, media: &mut Media, courses: &mut Courses) -> Vec<MediaRecord<'a>> {
    let call_id = leg.text.get(Word::CallId);
    let live = leg.streams().filter_map(|attached| {
        let Closed { key, figures, .. } = media.streams.close(attached.stream)?;
        let course = courses.close(attached.stream, key.ssrc(), &figures);
        Some(Finished { key, side: attached.side, figures, course })
    });
    let ended: Vec<_> = leg.finished().iter().cloned().chain(live).collect();
    let records = ended.into_iter().map(|Finished { key, side: from, figures, course }| {
        let rtcp = media.reports.figures(&key);
        media.reports.forget(&key);
        let rtt_ms = rtcp.as_ref().and_then(rtp::RtcpFigures::round_trip_ms);
        MediaRecord {
            leg: call_id,
            from,
            source: key.source(),
            destination: key.destination(),
            ssrc: key.ssrc(),
            score: score(&figures, rtt_ms),
            figures,
            course,
            rtcp,
        }
    });
    records.collect()
}

/// Adds a call to the sums of RFC 6076.
fn count(tally: &mut Tally, call: &CallRecord<'_>, phase: Phase) {
    tally.dtmf_packets += call.media.iter().map(|media| media.figures.dtmf_packets).sum::<u64>();
    if let Some(count) = tally.outcomes.get_mut(call.outcome as usize) {
        *count += 1;
    }
    let (Some(invite_at), Phase::Over { at: end_at, ending }) = (call.invite_at, phase) else { return };
    let figures = &mut tally.rfc6076;
    figures.sessions += 1;
    figures.redirected += u64::from(call.outcome == Outcome::Redirected);
    let answered = call.answer_at.is_some();
    if let Some(answer_at) = call.answer_at.filter(|_| !call.set_up_unknown) {
        figures.srd.add(invite_at, call.ring_at.unwrap_or(answer_at));
    } else if matches!(ending, Ending::Refused(400 | 403..=406 | 408..)) {
        figures.srd_failed.add(invite_at, call.ring_at.unwrap_or(end_at));
    }
    figures.answered += u64::from(answered);
    figures.effective += u64::from(answered || matches!(ending, Ending::Refused(480 | 486 | 600 | 603)));
    let unheard = ending == Ending::Lost && !answered && call.ring_at.is_none();
    figures.ineffective += u64::from(unheard || matches!(ending, Ending::Refused(408 | 500 | 503 | 504)));
    if let (Some(answer_at), Ending::HungUp(_)) = (call.answer_at, ending) {
        figures.completed += 1;
        if call.end_at.is_some() {
            figures.sdt.add(answer_at, end_at);
        }
    }
}
