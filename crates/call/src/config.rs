//! `[calls]`: how much is remembered, and for how long.

/// Limits of the call room. Times are capture time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CallConfig {
    /// Legs (Call-IDs) remembered at once; past it the longest silent is dropped and counted as `call_legs_evicted`.
    /// About 450 B each, so the default is 112 MiB.
    pub legs_max: u32,
    /// SDP endpoints remembered for one leg; past it the oldest is forgotten and counted as `call_lines_replaced`.
    pub lines_max: u8,
    /// Media streams kept for one leg; past it a stream belongs to no call, and its packets are counted as
    /// `call_streams_refused`.
    pub streams_max: u16,
    /// Streams that ended before their leg, over all legs, whose figures wait for its record; past it they are left out
    /// of the record, counted as `call_streams_forgotten`. 368 B each, so the default is 23 MiB; up to 1 KB more where
    /// its course is kept.
    pub ended_streams_max: u32,
    /// Seconds between two marks in the course of a stream ([`crate::Course`]); 0 keeps none.
    pub course_secs: u32,
    /// Streams whose course is kept at once; past it a stream has none, counted as `call_courses_refused`. Up to 1 KB each, so the
    /// default is 128 MiB.
    pub courses_max: u32,
    /// Legs joined into one call; past it a leg stays a call of its own, counted as `call_legs_refused`.
    pub joined_max: u8,
    /// Requests outside calls that wait for their answer; past it the oldest is reported unanswered, counted as
    /// `call_exchanges_evicted`.
    pub exchanges_max: u32,
    /// Bytes of Call-ID, numbers, names and user agent kept for one leg; what does not fit is cut.
    pub text_bytes_max: u16,
    /// Seconds without a message before an unanswered call is over, one that was challenged or redirected among them.
    /// Above 180, since a proxy may wait that long (RFC 3261 §16.6, Timer C).
    pub setup_secs_max: u32,
    /// Seconds without a message or a media packet before an answered call is over whose media was seen since its
    /// last message and that is not on hold.
    pub silence_secs_max: u32,
    /// Seconds without a message before any other answered call is over: nobody hears of it until its BYE, be that hours later.
    /// A session timer (RFC 4028) that ran out ends it sooner. Those whose BYE is lost are kept as long, within `legs_max`.
    pub talk_secs_max: u32,
    /// Seconds a finished call is still remembered, so that what is sent again does not look like a new call, and a
    /// request outside calls waits for its answer: 64 × T1 (RFC 3261 §17.1.1.2 Timer D, §17.1.2.2 Timer F).
    pub linger_secs: u32,
    /// Seconds within which the second leg of a back-to-back user agent may follow the first, when only the two
    /// parties tell that they belong together.
    pub join_secs_max: u32,
    /// Seconds within which a leg may follow that says itself to which session it belongs.
    pub join_named_secs_max: u32,
    /// Seed of the hash tables, whose keys a sender chooses. No output depends on it.
    pub seed: u64,
}

impl Default for CallConfig {
    fn default() -> Self {
        Self {
            legs_max: 262_144,
            lines_max: 16,
            streams_max: 64,
            ended_streams_max: 65_536,
            course_secs: 0,
            courses_max: 131_072,
            joined_max: 8,
            exchanges_max: 65_536,
            text_bytes_max: 1_024,
            setup_secs_max: 200,
            silence_secs_max: 60,
            talk_secs_max: 12 * 3_600,
            linger_secs: 32,
            join_secs_max: 4,
            join_named_secs_max: 180,
            seed: 0,
        }
    }
}
