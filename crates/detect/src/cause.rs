//! What a switch says of a call that was not answered, as SIP would have said it: call records of switches tell causes alone.

use std::time::Duration;

use types::Nanos;

/// Most causes that a gateway tells apart.
const CAUSES: [(u8, u16); 24] = [
    (1, 404),
    (2, 404),
    (3, 404),
    (16, 487),
    (17, 486),
    (18, 408),
    (19, 480),
    (20, 480),
    (21, 403),
    (22, 410),
    (23, 410),
    (26, 404),
    (28, 484),
    (31, 480),
    (34, 503),
    (38, 503),
    (41, 503),
    (42, 503),
    (55, 403),
    (57, 403),
    (58, 503),
    (65, 488),
    (70, 488),
    (87, 403),
];

/// From dialling to ringing, as networks plan it for calls to another exchange (ITU-T E.721, mean of toll connections).
const DIALLED: Duration = Duration::from_secs(5);

/// When a call that began at `at` is likely to have rung, given what ended it: where people did, it had.
pub(crate) fn rang_at(at: Nanos, cause: u8) -> Option<Nanos> {
    matches!(cause, 16 | 18 | 19).then(|| at.after(DIALLED))
}

/// The final response that a cause of ITU-T Q.850 stands for (RFC 3398 §7.2.4.1); 16 before the answer is the caller's own doing, which
/// SIP ends with 487. All others are for the network to explain.
pub(crate) fn status_of(cause: u8) -> u16 {
    CAUSES.iter().find(|(known, _)| *known == cause).map_or(500, |&(_, status)| status)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn causes_are_read_as_gateways_write_them() {
        for (cause, status) in [(1, 404), (16, 487), (17, 486), (19, 480), (21, 403), (28, 484), (34, 503), (127, 500)]
        {
            assert_eq!(status_of(cause), status, "{cause}");
        }
    }

    #[test]
    fn what_people_ended_had_rung() {
        let at = Nanos::from_parts(1_700_000_000, 0);
        for (cause, rang) in [(16, true), (19, true), (17, false), (34, false)] {
            assert_eq!(rang_at(at, cause), rang.then(|| at.after(DIALLED)), "{cause}");
        }
    }
}
