//! News as they come: server-sent events. A browser that was away says what it read last, and gets what it missed.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::sse::{Event, KeepAlive, Sse};
use futures_util::stream::{Stream, unfold};
use tokio::sync::OwnedSemaphorePermit;

use crate::Api;
use crate::alerts::AlertBrief;
use crate::live::Next;
use crate::problem::{Problem, Refusals};
use crate::visitor::Visitor;

/// Who reads along at once at most.
pub(crate) const READERS_MAX: usize = 256;
/// How often something is sent where there is no news: proxies end what is silent, and who may read no more is let go.
const ALIVE: Duration = Duration::from_secs(15);

/// News as they come: `alert` for each word on an alert (an AlertBrief), `figures` once a second (Figures), and `missed` where alerts have
/// to be read anew. `Last-Event-ID` says what was read last. Numbers are masked.
#[utoipa::path(get, path = "/events", tag = "probe",
    responses((status = 200, description = "A stream of events.", content_type = "text/event-stream", body = String), Refusals))]
pub(crate) async fn events(
    State(api): State<Api>,
    visitor: Visitor,
    headers: HeaderMap,
) -> Result<Sse<impl Stream<Item = Result<Event, Infallible>>>, Problem> {
    let seat = Arc::clone(api.readers()).try_acquire_owned().map_err(|_| Problem::Busy)?;
    let last = headers.get("last-event-id").and_then(|last| last.to_str().ok());
    let read = api.live().begin(last);
    let reader = Reader { news: api.live().news(), read, api, visitor, _seat: seat };
    let events = unfold(reader, |mut reader| async move { reader.next().await.map(|event| (Ok(event), reader)) });
    Ok(Sse::new(events).keep_alive(KeepAlive::new().interval(ALIVE)))
}

/// Somebody who reads along.
struct Reader {
    api: Api,
    visitor: Visitor,
    read: crate::live::Read,
    news: tokio::sync::watch::Receiver<()>,
    _seat: OwnedSemaphorePermit,
}

impl Reader {
    /// The next event; nothing where there will be none: the session ended, the token is taken no more, or the probe ends.
    async fn next(&mut self) -> Option<Event> {
        loop {
            self.news.borrow_and_update();
            if !self.api.still_knows(&self.visitor, Instant::now()) {
                return None;
            }
            match self.api.live().next(&mut self.read) {
                Some(Next::Alert(record, id)) => {
                    return Event::default().event("alert").id(id).json_data(AlertBrief::of_word(&record)).ok();
                }
                Some(Next::Missed(id)) => return Some(Event::default().event("missed").id(id).data("alerts")),
                Some(Next::Figures(figures)) => return Event::default().event("figures").json_data(figures).ok(),
                None => tokio::select! {
                    changed = self.news.changed() => changed.ok()?,
                    () = tokio::time::sleep(ALIVE) => {}
                },
            }
        }
    }
}
