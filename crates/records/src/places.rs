//! Where each column stands: by its name in the header, or by its number.

use config::Columns;

/// The most columns of a line.
pub(crate) const COLUMNS_MAX: usize = 1_024;

/// Where a span stands, and how many nanoseconds its unit has.
pub(crate) type Span = (usize, u64);
pub(crate) const SECONDS: u64 = 1_000_000_000;
const MILLISECONDS: u64 = 1_000_000;

/// Where each column stands.
#[derive(Clone, Debug, Default)]
pub(crate) struct Places {
    pub invite_at: usize,
    pub caller: usize,
    pub callee: usize,
    pub call_id: Option<usize>,
    pub ring_at: Option<usize>,
    pub answer_at: Option<usize>,
    pub end_at: Option<usize>,
    pub duration: Option<Span>,
    pub talk: Option<Span>,
    pub ring: Option<Span>,
    pub source: Option<usize>,
    pub destination: Option<usize>,
    pub display: Option<usize>,
    pub status: Option<usize>,
    pub q850: Option<usize>,
    pub ended_by: Option<usize>,
    pub attestation: Option<usize>,
    pub diversion: Option<usize>,
    pub user_agent: Option<usize>,
}

impl Places {
    /// The places of columns among the names of a header, or by their numbers where there is none.
    pub(crate) fn of(columns: &Columns, header: Option<&[String]>) -> Result<Self, String> {
        let defaults = Columns::default();
        let find = |key: &str, name: &str, default: &str| match header {
            Some(header) => match header.iter().position(|column| column == name) {
                Some(place) => Ok(Some(place)),
                None if name == default => Ok(None),
                None => Err(missing(key, name, header)),
            },
            // What nobody has numbered is not there.
            None if name == default => Ok(None),
            None => match name.parse::<usize>() {
                Ok(number @ 1..=COLUMNS_MAX) => Ok(Some(number - 1)),
                _ => Err(format!(
                    "`records.columns.{key}` takes the number of a column from 1, since there is no header, and not {name:?}"
                )),
            },
        };
        let need = |key: &str, name: &str, default: &str| match (find(key, name, default)?, header) {
            (Some(place), _) => Ok(place),
            (None, Some(header)) => Err(missing(key, name, header)),
            (None, None) => {
                Err(format!("there is no header: `records.columns.{key}` has to be the number of a column"))
            }
        };
        macro_rules! column {
            ($find:ident $key:ident) => {
                $find(stringify!($key), &columns.$key, &defaults.$key)?
            };
        }
        // Of a span in two units the one that somebody has named counts, and else the finer.
        macro_rules! span {
            ($secs:ident $ms:ident) => {{
                let secs = column!(find $secs).map(|place| (place, SECONDS));
                let ms = column!(find $ms).map(|place| (place, MILLISECONDS));
                if columns.$secs == defaults.$secs { ms.or(secs) } else { secs }
            }};
        }
        Ok(Self {
            invite_at: column!(need invite_at),
            caller: column!(need caller),
            callee: column!(need callee),
            call_id: column!(find call_id),
            ring_at: column!(find ring_at),
            answer_at: column!(find answer_at),
            end_at: column!(find end_at),
            duration: span!(duration_secs duration_ms),
            talk: span!(talk_secs talk_ms),
            ring: span!(ring_secs ring_ms),
            source: column!(find source),
            destination: column!(find destination),
            display: column!(find display),
            status: column!(find status),
            q850: column!(find q850),
            ended_by: column!(find ended_by),
            attestation: column!(find attestation),
            diversion: column!(find diversion),
            user_agent: column!(find user_agent),
        })
    }

    /// The columns of a line that are read at all.
    pub(crate) fn width(&self) -> usize {
        let spans = [self.duration, self.talk, self.ring].map(|span| Some(span?.0));
        let texts = [self.call_id, self.ring_at, self.answer_at, self.end_at, self.source, self.destination];
        let words = [self.display, self.status, self.q850, self.ended_by, self.attestation, self.diversion];
        let optional = spans.iter().chain(&texts).chain(&words).chain([&self.user_agent]);
        let last = optional.flatten().copied().chain([self.invite_at, self.caller, self.callee]).max();
        last.map_or(0, |last| last + 1)
    }
}

fn missing(key: &str, name: &str, header: &[String]) -> String {
    format!(
        "there is no column {name:?} among {}: say in `records.columns` which one is `{key}`",
        header.iter().map(|column| format!("{column:?}")).collect::<Vec<_>>().join(", ")
    )
}
