//! `greyline replay --console`: a capture is read, and its alerts and calls are shown in a browser on this machine until somebody has seen
//! enough. The pages and what answers them are those of `watch`.

use std::fs;
use std::io::Write as _;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use api::{Api, View, Way};
use config::{Address, Known, User, UserRole};
use tap::Stop;
use tokio::signal::unix::{SignalKind, signal};

use crate::cli::Job;
use crate::failure::Failure;
use crate::knowledge;
use crate::run::{self, Done};
use crate::serve;

/// Who looks, as the audit log names him.
const READER: &str = "whoever read the capture";

/// A folder for as long as pages are shown.
struct Scratch(PathBuf);

impl Scratch {
    fn new() -> Result<Self, Failure> {
        let folder = std::env::temp_dir().join(format!("greyline-console-{}", std::process::id()));
        // One that is there already is somebody else's.
        fs::create_dir(&folder).map_err(|error| Failure::Write(folder.clone(), error))?;
        Ok(Self(folder))
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        // What cannot be taken away lies among what the system clears.
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// Reads, and shows.
///
/// # Errors
/// What cannot be read or set up.
pub fn view(job: &Job) -> Result<Done, Failure> {
    let scratch = if job.store.is_none() { Some(Scratch::new()?) } else { None };
    let mut job = job.clone();
    if let Some(Scratch(folder)) = &scratch {
        // The folder is open to its owner alone: `store` makes it so where it makes it.
        job.store = Some(folder.join("store"));
    }
    let known = Arc::new(knowledge::of(&job.tap, job.no_map)?);
    let done = run::replay(&job, &known)?;
    let store = job.store.clone().unwrap_or_default();
    let service = |what: &str, error: &dyn std::fmt::Display| Failure::Service(format!("{what}: {error}"));
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build();
    let runtime = runtime.map_err(|error| service("threads", &error))?;
    runtime.block_on(show(&known, &store))?;
    Ok(done)
}

async fn show(known: &Known, store: &Path) -> Result<(), Failure> {
    let service = |error: &dyn std::fmt::Display| Failure::Service(format!("console: {error}"));
    let made = api::token().map_err(|_| service(&"the system gives no random numbers"))?;
    let (token, token_sha256) = made;
    let mut config = known.config().clone();
    config.user = vec![User { name: READER.to_owned(), role: UserRole::Admin, token_sha256 }];
    let known = Known::of(config).map_err(|_| service(&"the configuration does not take its reader"))?;
    let api = Api::new(serve::about(View::Replay), &Arc::new(known), Some(store.to_owned()), api::live("replay"));
    let anywhere = Address::new(SocketAddr::from(([127, 0, 0, 1], 0)));
    let listener = serve::open(anywhere).await.map_err(|error| service(&error))?;
    let at = listener.local_addr().map_err(|error| service(&error))?;
    let mut ended = signal(SignalKind::terminate()).map_err(|error| service(&error))?;
    let mut interrupted = signal(SignalKind::interrupt()).map_err(|error| service(&error))?;
    // What stands behind # stays in the browser.
    let said = format!("\nOpen http://{at}/#token={token}\nCtrl-C ends it.\n");
    // Where standard error is gone nobody can be told.
    let _ = std::io::stderr().write_all(said.as_bytes());
    let stop = Stop::default();
    let page = api.router(Way::Loopback).merge(serve::pages(Way::Loopback));
    let serving = tokio::spawn(serve::serve(listener, None, page, stop.clone()));
    tokio::select! {
        _ = interrupted.recv() => {}
        _ = ended.recv() => {}
    }
    stop.ask();
    serving.await.map_err(|error| service(&error))
}
