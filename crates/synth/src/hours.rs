//! When people telephone: the weight of every hour of a working day and of a day of rest.

use crate::calendar::Local;

/// Weights of the 24 hours, percent of the day (SCIENCE 8, consumer calls: two daytime peaks of business, an evening one).
const CONSUMER: [f64; 24] = [
    0.6, 0.3, 0.2, 0.15, 0.15, 0.3, 0.8, 2.0, 3.5, 5.0, 6.0, 6.3, 6.2, 5.6, 5.6, 5.8, 6.2, 6.8, 7.2, 7.3, 6.6, 5.2,
    3.4, 1.6,
];
/// SCIENCE 8, business calls: peaks 09-12 and 14-16, a dip at lunch, nearly nothing after 18.
const OFFICE: [f64; 24] = [
    0.02, 0.02, 0.02, 0.02, 0.02, 0.05, 0.2, 1.0, 4.5, 12.0, 13.0, 12.0, 8.5, 6.5, 12.0, 12.5, 10.0, 6.0, 1.2, 0.4,
    0.15, 0.08, 0.05, 0.03,
];
/// Calls home from abroad: the evening of the called (SCIENCE 4.2, diaspora), some at noon.
const EVENING: [f64; 24] = [
    0.8, 0.3, 0.1, 0.1, 0.1, 0.3, 0.9, 2.0, 3.0, 3.6, 4.0, 4.2, 4.8, 4.6, 4.3, 4.5, 5.2, 6.6, 9.0, 11.0, 11.5, 9.6,
    6.2, 2.6,
];
/// School and civil notices: early morning (closures) and after school.
const NOTICES: [f64; 24] = [
    0.0, 0.0, 0.0, 0.0, 0.0, 0.3, 6.0, 12.0, 11.0, 9.0, 8.0, 7.0, 5.0, 5.0, 6.0, 9.0, 11.0, 11.0, 7.0, 3.0, 0.5, 0.0,
    0.0, 0.0,
];
/// Bulk callers within the hours that the law leaves them (SCIENCE 4.2: 08-21 at the called) and that offices keep.
const WORKING: [f64; 24] = [
    0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 2.0, 11.5, 12.5, 12.0, 9.5, 9.5, 12.0, 12.0, 11.0, 6.5, 1.5, 0.3, 0.0, 0.0,
    0.0, 0.0,
];

/// The week of a class of callers.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Hours {
    weekday: [f64; 24],
    /// Calls on a day of rest for each on a working day, by the same hours.
    weekend: f64,
}

impl Hours {
    /// Consumers telephone 0.8 times as much at weekends (SCIENCE 8).
    pub(crate) const CONSUMER: Self = Self { weekday: CONSUMER, weekend: 0.8 };
    /// Offices 0.15 times.
    pub(crate) const OFFICE: Self = Self { weekday: OFFICE, weekend: 0.15 };
    /// Families abroad more than on working days.
    pub(crate) const DIASPORA: Self = Self { weekday: EVENING, weekend: 1.5 };
    /// Schools and town halls.
    pub(crate) const NOTICES: Self = Self { weekday: NOTICES, weekend: 0.35 };
    /// Bulk callers, who keep to working days more than offices do (SCIENCE 8, robocalls .2 to .3; less for reminders).
    pub(crate) const WORKING: Self = Self { weekday: WORKING, weekend: 0.04 };

    /// The weight of a moment, up to [`Hours::peak`]; hours run into each other.
    pub(crate) fn weight(&self, local: Local) -> f64 {
        // The weight of an hour stands at its middle.
        let position = local.hour() + 23.5;
        let (before, share) = (position as usize, position.fract());
        let of = |hour: usize| self.weekday.get(hour % 24).copied().unwrap_or(0.0);
        let weight = of(before) * (1.0 - share) + of(before + 1) * share;
        if local.weekend { weight * self.weekend } else { weight }
    }

    /// The largest weight there is.
    pub(crate) fn peak(&self) -> f64 {
        self.weekday.iter().copied().fold(0.0, f64::max) * self.weekend.max(1.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weights_follow_the_hour_and_the_week() {
        let at = |hour: f64, weekend| Local { second: (hour * 3_600.0) as u32, day: 0, weekend };
        assert!((Hours::CONSUMER.weight(at(19.5, false)) - 7.3).abs() < 1e-9);
        assert!((Hours::CONSUMER.weight(at(19.5, true)) - 7.3 * 0.8).abs() < 1e-9);
        assert!((Hours::CONSUMER.weight(at(0.0, false)) - (1.6 + 0.6) / 2.0).abs() < 1e-9);
        for hours in [Hours::CONSUMER, Hours::OFFICE, Hours::DIASPORA, Hours::WORKING, Hours::NOTICES] {
            let largest = (0..96).map(|quarter| hours.weight(at(f64::from(quarter) / 4.0, false))).fold(0.0, f64::max);
            assert!(largest <= hours.peak());
        }
    }
}
