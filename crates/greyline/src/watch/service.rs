//! What the service manager is told (systemd, `Type=notify`): that all sources are open, that the configuration is being read anew,
//! that the end has come, and, as often as it wants to hear it, that the packet thread makes progress. Where nobody listens
//! nothing is said.

use sd_notify::NotifyState;

use crate::watch::http::Health;

/// Parts of the manager's patience after which it is told that all is well.
const PARTS: u32 = 3;

/// All sources are open and everything runs.
pub fn ready() {
    say(&[NotifyState::Ready]);
}

/// The configuration is being read anew; [`ready`] says when that is over.
pub fn reloading() {
    match NotifyState::monotonic_usec_now() {
        Ok(since) => say(&[NotifyState::Reloading, since]),
        Err(error) => tracing::warn!(%error, "the service manager cannot be told of the reload"),
    }
}

/// The end has come.
pub fn stopping() {
    say(&[NotifyState::Stopping]);
}

/// Says that the probe lives for as long as its packet thread makes progress; the manager starts it anew where it does not.
pub async fn watchdog(health: Health) {
    let Some(patience) = sd_notify::watchdog_enabled() else { return };
    let mut ticks = tokio::time::interval(patience / PARTS);
    loop {
        ticks.tick().await;
        if health.works() {
            say(&[NotifyState::Watchdog]);
        }
    }
}

fn say(what: &[NotifyState<'_>]) {
    if let Err(error) = sd_notify::notify(what) {
        tracing::warn!(%error, "the service manager cannot be told");
    }
}
