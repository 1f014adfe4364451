//! Every family of metrics: its name, what it says, its labels. Dashboards and alert rules are checked against this list.

/// What a family's values do.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Kind {
    /// They only grow, until the program starts anew.
    Counter,
    /// They come and go.
    Gauge,
    /// Observations in buckets with these upper bounds.
    Histogram(&'static [f64]),
}

/// A family of metrics.
#[derive(Debug)]
pub struct Family {
    /// Its name.
    pub name: &'static str,
    /// What it says.
    pub help: &'static str,
    /// What its values do.
    pub kind: Kind,
    /// The names of its labels.
    pub labels: &'static [&'static str],
}

const fn counter(name: &'static str, labels: &'static [&'static str], help: &'static str) -> Family {
    Family { name, help, kind: Kind::Counter, labels }
}

const fn gauge(name: &'static str, labels: &'static [&'static str], help: &'static str) -> Family {
    Family { name, help, kind: Kind::Gauge, labels }
}

const fn histogram(
    name: &'static str,
    labels: &'static [&'static str],
    bounds: &'static [f64],
    help: &'static str,
) -> Family {
    Family { name, help, kind: Kind::Histogram(bounds), labels }
}

/// Which program this is, and by which rules, tables and configuration it judges; always 1.
pub static BUILD: Family = gauge(
    "greyline_build_info",
    &["version", "rules", "tables", "config"],
    "Version of the program, and of the rules, tables and configuration it judges by; always 1.",
);
/// Whether a source is there.
pub static SOURCE_UP: Family = gauge("greyline_source_up", &["source"], "Whether the source is there.");
/// How often a source went away.
pub static SOURCE_OUTAGES: Family =
    counter("greyline_source_outages_total", &["source"], "Times the source was not there, or went away.");
/// Files of a folder that were damaged.
pub static FILES_DAMAGED: Family = counter(
    "greyline_source_files_damaged_total",
    &["source"],
    "Files of the folder that could not be read to their end.",
);
/// Frames of each source.
pub static SOURCE_FRAMES: Family =
    counter("greyline_source_frames_total", &["source"], "Frames taken from the source.");
/// Frames lost before anybody saw them.
pub static SOURCE_DROPPED: Family = counter(
    "greyline_source_dropped_total",
    &["source", "place"],
    "Frames lost before they were read: by the network card, in the kernel's ring, in a socket, or by the host that captured.",
);
/// HEP packets by what came of them.
pub static HEP_PACKETS: Family =
    counter("greyline_hep_packets_total", &["result"], "HEP packets by what came of them: a frame, or why not.");
/// Frames that carried the time of their arrival.
pub static HEP_SKEWED: Family = counter(
    "greyline_hep_skewed_total",
    &[],
    "HEP packets whose sender's clock is too far away: they carry the time of their arrival.",
);
/// Connections of HEP senders.
pub static HEP_CONNECTIONS: Family =
    gauge("greyline_hep_connections", &["source"], "Connections of HEP senders that are open.");
/// Connections that were closed from this side.
pub static HEP_CLOSED: Family = counter(
    "greyline_hep_connections_closed_total",
    &["source", "reason"],
    "Connections for HEP that the probe closed: nothing valid came in time (silent), nothing came for long (idle), a wrong key, no HEP \
     (malformed), nothing valid yet while there was no room (crowded), no room among senders (refused).",
);
/// Frames.
pub static FRAMES: Family = counter("greyline_frames_total", &[], "Frames read.");
/// Their bytes.
pub static FRAME_BYTES: Family = counter("greyline_frame_bytes_total", &[], "Bytes of these, as captured.");
/// The stamp of the latest frame.
pub static LAST_FRAME: Family =
    gauge("greyline_last_frame_timestamp_seconds", &[], "Stamp of the latest frame, seconds since the epoch.");
/// Frames that held nothing readable.
pub static UNDECODED: Family =
    counter("greyline_frames_undecoded_total", &["reason"], "Frames that held no datagram and no segment, by reason.");
/// Copies of a mirror port.
pub static DUPLICATES: Family = counter(
    "greyline_duplicates_total",
    &[],
    "Frames that a mirror port repeated; counted once in everything about calls.",
);
/// What frames were wrapped in.
pub static ENCAPSULATIONS: Family =
    counter("greyline_encapsulations_total", &["kind"], "Frames by what they were wrapped in.");
/// Fragments.
pub static FRAGMENTS: Family = counter("greyline_fragments_total", &["version"], "Fragments of IP packets.");
/// Packets put together again.
pub static REASSEMBLED: Family = counter("greyline_reassembled_total", &[], "IP packets put together of fragments.");
/// SIP requests.
pub static SIP_REQUESTS: Family =
    counter("greyline_sip_requests_total", &["method"], "SIP requests by method; those that no RFC names are other.");
/// SIP responses.
pub static SIP_RESPONSES: Family = counter("greyline_sip_responses_total", &["code"], "SIP responses by status code.");
/// What carried SIP.
pub static SIP_PACKETS: Family =
    counter("greyline_sip_packets_total", &["transport"], "Frames with SIP messages by transport and IP version.");
/// SIP that could not be read.
pub static SIP_MALFORMED: Family =
    counter("greyline_sip_malformed_total", &[], "Payloads that looked like SIP and have no readable start line.");
/// SIP under TLS.
pub static SIP_ENCRYPTED: Family = counter(
    "greyline_sip_encrypted_connections_total",
    &[],
    "TCP connections that carry SIP under TLS, as far as that shows.",
);
/// RTP.
pub static RTP_PACKETS: Family = counter(
    "greyline_rtp_packets_total",
    &["known_by"],
    "RTP packets of streams that signalling announced, and of those found by their content.",
);
/// RTP streams.
pub static RTP_STREAMS: Family = counter("greyline_rtp_streams_total", &["known_by"], "RTP streams, in the same way.");
/// Other packets about media.
pub static MEDIA_PACKETS: Family =
    counter("greyline_media_packets_total", &["protocol"], "Packets of other protocols about media.");
/// What was refused or lost.
pub static LOSSES: Family = counter(
    "greyline_losses_total",
    &["loss"],
    "What a limit refused, or what could not be read, by name; the names are those of the summary.",
);
/// Calls by outcome.
pub static CALLS: Family = counter("greyline_calls_total", &["outcome"], "Calls that ended, by outcome.");
/// Requests outside calls.
pub static EXCHANGES: Family =
    counter("greyline_exchanges_total", &["kind", "verdict"], "Requests outside calls and what became of them.");
/// Legs followed now.
pub static CALLS_LIVE: Family = gauge("greyline_call_legs", &[], "Call legs followed now.");
/// How many there may be.
pub static CALLS_LIVE_MAX: Family = gauge("greyline_call_legs_max", &[], "Call legs that may be followed at once.");
/// Streams followed now.
pub static STREAMS_LIVE: Family = gauge("greyline_rtp_streams_live", &[], "RTP streams followed now.");
/// Calls of a trunk by outcome.
pub static TRUNK_CALLS: Family = counter(
    "greyline_trunk_calls_total",
    &["trunk", "outcome"],
    "Calls that ended, by the trunk they came over and by outcome.",
);
/// Calls of a trunk as RFC 6076 counts them.
pub static TRUNK_SESSIONS: Family = counter(
    "greyline_trunk_sessions_total",
    &["trunk", "result"],
    "Session attempts as RFC 6076 counts them (attempts without those redirected): all, established (SER), effective (SEER), \
     ineffective (ISA), completed (SCR).",
);
/// Post-dial delay.
pub static PDD: Family = histogram(
    "greyline_call_post_dial_delay_seconds",
    &["trunk"],
    &[0.1, 0.25, 0.5, 1.0, 2.0, 3.0, 5.0, 8.0, 12.0, 20.0],
    "From the INVITE to the first ringing or answer (RFC 6076 SRD).",
);
/// How long calls lasted.
pub static DURATION: Family = histogram(
    "greyline_call_duration_seconds",
    &["trunk"],
    &[1.0, 5.0, 15.0, 30.0, 60.0, 120.0, 300.0, 600.0, 1800.0, 3600.0, 7200.0],
    "From the answer to the end (RFC 6076 SDT).",
);
/// Jitter.
pub static JITTER: Family = histogram(
    "greyline_stream_jitter_seconds",
    &["trunk"],
    &[0.001, 0.002, 0.005, 0.01, 0.02, 0.03, 0.05, 0.1, 0.2],
    "Jitter of a stream at its end (RFC 3550 §6.4.1).",
);
/// Loss.
pub static LOSS: Family = histogram(
    "greyline_stream_loss_ratio",
    &["trunk"],
    &[0.0, 0.001, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5],
    "Packets of a stream that never came, of those expected (RFC 3550).",
);
/// Mean opinion score.
pub static MOS: Family = histogram(
    "greyline_stream_mos",
    &["trunk"],
    &[1.5, 2.0, 2.5, 3.0, 3.5, 3.8, 4.0, 4.2, 4.4],
    "Estimated mean opinion score of a stream (ITU-T G.107).",
);
/// Attempts judged.
pub static ATTEMPTS: Family = counter("greyline_attempts_judged_total", &[], "Call attempts that were judged.");
/// Entities with evidence.
pub static ENTITIES: Family = gauge("greyline_entities", &[], "Entities with evidence.");
/// How many there may be.
pub static ENTITIES_MAX: Family =
    gauge("greyline_entities_max", &[], "Entities with evidence that there may be at once.");
/// The threshold.
pub static THRESHOLD: Family = gauge(
    "greyline_alert_threshold_decibels",
    &[],
    "Evidence that an alert needs, as the budget of false alerts asks.",
);
/// The null.
pub static MEAN_E: Family = gauge(
    "greyline_mean_e_value",
    &["sheet", "class", "feature"],
    "Mean e-value of calls outside alerts against an innocent class; above 1.05 the tables do not fit this traffic.",
);
/// Alerts.
pub static ALERTS: Family =
    counter("greyline_alerts_total", &["kind", "severity"], "Alerts opened, by kind and severity at that time.");
/// Alerts that are open.
pub static ALERTS_OPEN: Family = gauge("greyline_alerts_open", &["kind", "severity"], "Alerts that are open.");
/// What detectors in shadow found.
pub static SHADOW: Family = counter(
    "greyline_shadow_alerts_total",
    &["kind"],
    "Operations found by detectors in shadow alone, which raise no alert.",
);
/// Evidence by family.
pub static EVIDENCE: Family = counter(
    "greyline_alert_evidence_decibels_total",
    &["family"],
    "Evidence of each family of detectors in alerts when they were opened.",
);
/// How soon.
pub static LATENCY: Family = histogram(
    "greyline_alert_latency_seconds",
    &[],
    &[0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 5.0],
    "From the stamp of the frame that justified an alert until that was handed to the outputs.",
);
/// What of the sandbox holds.
pub static SANDBOX: Family = gauge(
    "greyline_sandbox_in_force",
    &["measure"],
    "Whether the probe has given up files that are none of its own, system calls that it never makes, and being root.",
);
/// When judgement was written down.
pub static STATE_WRITTEN: Family = gauge(
    "greyline_state_written_timestamp_seconds",
    &[],
    "When what judgement knows last lay whole on disk, seconds since the epoch.",
);
/// How large that is.
pub static STATE_BYTES: Family = gauge("greyline_state_bytes", &[], "Bytes of it on disk.");
/// How long the packet thread was held up.
pub static STATE_HELD: Family =
    gauge("greyline_state_held_seconds", &[], "How long the packet thread was held up for it the last time.");
/// What could not be written down.
pub static STATE_FAILED: Family = counter(
    "greyline_state_failures_total",
    &[],
    "Times that what judgement knows, or where an alert stands, could not be written down.",
);
/// What waits for an output.
pub static SINK_QUEUE: Family = gauge("greyline_sink_queue_records", &["sink"], "Records that wait for the output.");
/// What waits on disk.
pub static SINK_SPILL: Family =
    gauge("greyline_sink_spill_bytes", &["sink"], "Bytes that wait for the output on disk.");
/// What an output took.
pub static SINK_DELIVERED: Family =
    counter("greyline_sink_delivered_total", &["sink"], "Records that the output has taken.");
/// What it did not.
pub static SINK_FAILED: Family =
    counter("greyline_sink_failures_total", &["sink"], "Attempts to deliver that failed; they are made again.");
/// What was given up.
pub static SINK_DROPPED: Family =
    counter("greyline_sink_dropped_total", &["sink", "reason"], "Records given up, and why.");

/// What the store took.
pub static STORE_KEPT: Family = counter(
    "greyline_store_records_total",
    &["records"],
    "Call records, words on alerts, and calls that alerts count that the store keeps.",
);
/// What it did not.
pub static STORE_DROPPED: Family = counter(
    "greyline_store_dropped_total",
    &["records", "reason"],
    "What the store does not keep, by reason: call records, words on alerts, which calls alerts count, and provenance (by what was judged, what the clock was worth).",
);
/// What waits for it.
pub static STORE_QUEUE: Family = gauge("greyline_store_queue_records", &[], "Call records that wait to be kept.");
/// What it takes.
pub static STORE_BYTES: Family = gauge("greyline_store_bytes", &[], "Bytes that the store takes on disk.");
/// Whether it lacks room.
pub static STORE_ALERTS_ONLY: Family = gauge(
    "greyline_store_alerts_only",
    &[],
    "Whether the store keeps alerts alone, since there is no room for call records.",
);

/// What the ring was handed.
pub static RING_MESSAGES: Family =
    counter("greyline_ring_messages_total", &[], "SIP messages handed to the ring that evidence is cut out of.");
/// What media it was handed.
pub static RING_HEADERS: Family =
    counter("greyline_ring_headers_total", &[], "RTP headers handed to the ring that evidence is cut out of.");
/// What it lost.
pub static RING_DROPPED: Family = counter(
    "greyline_ring_dropped_total",
    &[],
    "SIP messages and RTP headers that the ring lost: the disk is too slow or full, or they are too long for a datagram.",
);
/// What it takes.
pub static RING_BYTES: Family = gauge("greyline_ring_bytes", &[], "Bytes that the ring takes on disk.");
/// What was put aside of it.
pub static RING_ASIDE: Family = counter(
    "greyline_ring_aside_messages_total",
    &[],
    "SIP messages and RTP headers of calls that alerts count, put aside before the ring let go of them.",
);
/// What that takes.
pub static RING_ASIDE_BYTES: Family =
    gauge("greyline_ring_aside_bytes", &[], "Bytes that the messages put aside take on disk.");
/// Where it failed.
pub static RING_ASIDE_FAILURES: Family = counter(
    "greyline_ring_aside_failures_total",
    &[],
    "Files that the ring let go of without all being put aside that should have been.",
);

/// Whether it is kept to UTC.
pub static CLOCK_SYNCHRONISED: Family = gauge(
    "greyline_clock_synchronised",
    &[],
    "Whether the clock that stamps frames is kept to UTC, by what the kernel says of it (adjtimex(2)).",
);
/// What is still to be slewed.
pub static CLOCK_OFFSET: Family =
    gauge("greyline_clock_offset_seconds", &[], "By how much the clock is still to be slewed, forwards or back.");
/// How far it may be off.
pub static CLOCK_ERROR_MAX: Family = gauge(
    "greyline_clock_error_max_seconds",
    &[],
    "How far from UTC the clock is at most, by what the kernel allows for; it grows while nobody corrects it.",
);
/// How often it was set.
pub static CLOCK_STEPS: Family =
    counter("greyline_clock_steps_total", &[], "How often the clock was set rather than slewed, by 0.1 s or more.");

/// All families.
pub static ALL: &[&Family] = &[
    &BUILD,
    &SOURCE_UP,
    &SOURCE_OUTAGES,
    &FILES_DAMAGED,
    &SOURCE_FRAMES,
    &SOURCE_DROPPED,
    &HEP_PACKETS,
    &HEP_SKEWED,
    &HEP_CONNECTIONS,
    &HEP_CLOSED,
    &FRAMES,
    &FRAME_BYTES,
    &LAST_FRAME,
    &UNDECODED,
    &DUPLICATES,
    &ENCAPSULATIONS,
    &FRAGMENTS,
    &REASSEMBLED,
    &SIP_REQUESTS,
    &SIP_RESPONSES,
    &SIP_PACKETS,
    &SIP_MALFORMED,
    &SIP_ENCRYPTED,
    &RTP_PACKETS,
    &RTP_STREAMS,
    &MEDIA_PACKETS,
    &LOSSES,
    &CALLS,
    &EXCHANGES,
    &CALLS_LIVE,
    &CALLS_LIVE_MAX,
    &STREAMS_LIVE,
    &TRUNK_CALLS,
    &TRUNK_SESSIONS,
    &PDD,
    &DURATION,
    &JITTER,
    &LOSS,
    &MOS,
    &ATTEMPTS,
    &ENTITIES,
    &ENTITIES_MAX,
    &THRESHOLD,
    &MEAN_E,
    &ALERTS,
    &ALERTS_OPEN,
    &SHADOW,
    &EVIDENCE,
    &LATENCY,
    &SANDBOX,
    &STATE_WRITTEN,
    &STATE_BYTES,
    &STATE_HELD,
    &STATE_FAILED,
    &SINK_QUEUE,
    &SINK_SPILL,
    &SINK_DELIVERED,
    &SINK_FAILED,
    &SINK_DROPPED,
    &STORE_KEPT,
    &STORE_DROPPED,
    &STORE_QUEUE,
    &STORE_BYTES,
    &STORE_ALERTS_ONLY,
    &RING_MESSAGES,
    &RING_HEADERS,
    &RING_DROPPED,
    &RING_BYTES,
    &RING_ASIDE,
    &RING_ASIDE_BYTES,
    &RING_ASIDE_FAILURES,
    &CLOCK_SYNCHRONISED,
    &CLOCK_OFFSET,
    &CLOCK_ERROR_MAX,
    &CLOCK_STEPS,
];
