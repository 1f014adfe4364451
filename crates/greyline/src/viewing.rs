//! `greyline replay --console`: a capture is read, and its alerts and calls are shown in a browser on this machine until somebody has seen
//! enough. The pages and what answers them are those of `watch`.

use std::fs;
use std::io::{self, Write as _};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use api::{Api, View, Way};
use config::{Address, Known, User, UserRole};
use tap::Stop;
use tokio::signal::unix::{SignalKind, signal};
use tokio::time::timeout;

use crate::cli::Job;
use crate::failure::Failure;
use crate::knowledge;
use crate::run::{self, Done};
use crate::serve;

/// Who looks, as the audit log names him.
const READER: &str = "whoever read the capture";

/// How long whoever reads may take to notice that it is to stop: one that waits for a capture does not.
const GRACE: Duration = Duration::from_secs(2);

/// A folder for as long as pages are shown.
struct Scratch(PathBuf);

impl Scratch {
    fn new(made: &OnceLock<PathBuf>) -> Result<Self, Failure> {
        let folder = std::env::temp_dir().join(format!("greyline-console-{}", process::id()));
        // One that is there already is somebody else's.
        fs::create_dir(&folder).map_err(|error| Failure::Write(folder.clone(), error))?;
        Ok(Self(made.get_or_init(|| folder).clone()))
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        remove(&self.0);
    }
}

fn remove(folder: &Path) {
    // What cannot be taken away lies among what the system clears.
    let _ = fs::remove_dir_all(folder);
}

/// Reads, and shows.
///
/// # Errors
/// What cannot be read or set up.
pub fn view(job: &Job) -> Result<Done, Failure> {
    let service = |what: &str, error: &dyn std::fmt::Display| Failure::Service(format!("{what}: {error}"));
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build();
    let runtime = runtime.map_err(|error| service("threads", &error))?;
    // Before there is anything to leave behind.
    let (stop, made) = (Stop::default(), Arc::default());
    let heeding = runtime.block_on(async { heed(stop.clone(), Arc::clone(&made)) });
    heeding.map_err(|error| service("signals", &error))?;
    let scratch = if job.store.is_none() { Some(Scratch::new(&made)?) } else { None };
    let mut job = job.clone();
    if let Some(Scratch(folder)) = &scratch {
        // The folder is open to its owner alone: `store` makes it so where it makes it.
        job.store = Some(folder.join("store"));
    }
    let known = Arc::new(knowledge::of(&job.tap, job.no_map)?);
    let done = run::replay(&job, &known, &stop)?;
    let store = job.store.clone().unwrap_or_default();
    runtime.block_on(show(&known, &store, stop))?;
    Ok(done)
}

/// Asks to stop on SIGINT and SIGTERM, and ends the program where nobody notices: nothing is left behind of what it kept.
fn heed(stop: Stop, scratch: Arc<OnceLock<PathBuf>>) -> io::Result<()> {
    let (mut interrupted, mut ended) = (signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?);
    tokio::spawn(async move {
        let mut asked = async || {
            tokio::select! {
                _ = interrupted.recv() => {}
                _ = ended.recv() => {}
            }
        };
        asked().await;
        stop.ask();
        // Whoever asks again means it.
        let _ = timeout(GRACE, asked()).await;
        scratch.get().into_iter().for_each(|folder| remove(folder));
        process::exit(crate::UNREAD.into());
    });
    Ok(())
}

async fn show(known: &Known, store: &Path, stop: Stop) -> Result<(), Failure> {
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
    // What stands behind # stays in the browser.
    let said = format!("\nOpen http://{at}/#token={token}\nCtrl-C ends it.\n");
    // Where standard error is gone nobody can be told.
    let _ = io::stderr().write_all(said.as_bytes());
    let page = api.router(Way::Loopback).merge(serve::pages(Way::Loopback));
    serve::serve(listener, None, page, stop).await;
    Ok(())
}
