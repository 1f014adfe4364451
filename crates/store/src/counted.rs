//! Which calls alerts count.

use std::collections::BTreeSet;

use types::Nanos;

use crate::archive::{Alert, Archive, Query, of_one_call};
use crate::day::{Day, days};
use crate::error::StoreError;
use crate::file::COUNTED_SINCE;
use crate::kept::key;

impl Archive {
    /// By what the calls are found that an alert counts; nothing where the store was not told which these are, as of one that was kept by an
    /// earlier version.
    ///
    /// # Errors
    /// That the folder cannot be read.
    pub fn counted(&mut self, alert: &Alert) -> Result<Option<Query>, StoreError> {
        let Some(number) = alert.number() else { return Ok(None) };
        let (from, until) = alert.calls_at;
        let query = Query { counted_by: Some(number), from, until, ..Query::default() };
        let is_known = !self.calls(&Query { most: 1, ..query.clone() })?.calls.is_empty();
        Ok(is_known.then_some(query))
    }

    /// The numbers of all alerts of which the store knows calls that they count, since a moment. A day that cannot be read knows none.
    ///
    /// # Errors
    /// That the folder cannot be read.
    pub fn counting(&mut self, from: Nanos) -> Result<BTreeSet<u64>, StoreError> {
        let mut alerts = BTreeSet::new();
        for day in days(self.folder())?.into_iter().filter(|day| Day::of(from) <= *day) {
            let Ok(file) = self.day(day) else { continue };
            if file.version < COUNTED_SINCE {
                continue;
            }
            let asked = || -> rusqlite::Result<Vec<i64>> {
                let mut asked = file.sql.prepare("SELECT DISTINCT alert FROM counted")?;
                asked.query_map([], |row| row.get(0))?.collect()
            };
            alerts.extend(asked().unwrap_or_default().into_iter().map(i64::cast_unsigned));
        }
        Ok(alerts)
    }

    /// Whether some alert counts the call that a leg belongs to, of which something was sent at `at`: a call that began no earlier than on the day
    /// before. A day that is not there, or was kept by an earlier version, knows of none.
    ///
    /// # Errors
    /// That a file cannot be read.
    pub fn is_counted(&mut self, call_id: &[u8], at: Nanos) -> Result<bool, StoreError> {
        let leg = key(call_id);
        let last = Day::of(at);
        for day in [last, last.before(1)] {
            if !day.path(self.folder()).is_file() {
                continue;
            }
            let file = self.day(day)?;
            if file.version < COUNTED_SINCE {
                continue;
            }
            // A call is not recorded before it is over; until then its first leg alone is known.
            let asked = || -> rusqlite::Result<bool> {
                let mut asked = file.sql.prepare_cached(&format!(
                    "SELECT EXISTS (SELECT 1 FROM counted WHERE key = ?1) OR EXISTS (SELECT 1 FROM leg JOIN call ON call.id = leg.call
                     JOIN counted ON {} WHERE leg.key = ?1)",
                    of_one_call()
                ))?;
                asked.query_row([leg], |row| row.get(0))
            };
            if asked().map_err(|error| file.refused(error))? {
                return Ok(true);
            }
        }
        Ok(false)
    }
}
