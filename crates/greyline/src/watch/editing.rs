//! Licences and what is allowed, as pages edit them: a text takes the place of the file, the configuration is read anew with it, and where that is
//! refused what was there is put back.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use api::{Editor, Problem};

use crate::watch::renewal::Renewer;

/// How the name of a file ends while it is written.
const HALF: &str = ".half";

/// Edits, by having the configuration read anew.
pub fn editor(renewer: &Arc<Renewer>) -> Arc<Editor> {
    let renewer = Arc::clone(renewer);
    Arc::new(move |file: PathBuf, text: String| {
        let renewer = Arc::clone(&renewer);
        Box::pin(async move { edit(&renewer, file, text).await })
    })
}

async fn edit(renewer: &Renewer, file: PathBuf, text: String) -> Result<String, Problem> {
    let path = file.clone();
    let unwritten = move |error: io::Error| Problem::Store(format!("{}: {error}", path.display()));
    let before = replaced(file.clone(), Some(text.into_bytes())).await.map_err(unwritten.clone())?;
    match renewer.renew().await {
        Ok(renewed) => Ok(renewed.version),
        Err(why) => {
            replaced(file, before).await.map_err(unwritten)?;
            Err(Problem::Unclear(why))
        }
    }
}

/// Puts bytes into a file, or takes it away where there are none; what was there before.
async fn replaced(file: PathBuf, bytes: Option<Vec<u8>>) -> io::Result<Option<Vec<u8>>> {
    let replaced = tokio::task::spawn_blocking(move || {
        let before = match fs::read(&file) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => None,
            read => Some(read?),
        };
        match bytes {
            Some(bytes) => replace(&file, &bytes)?,
            None if before.is_some() => fs::remove_file(&file)?,
            None => {}
        }
        Ok(before)
    });
    replaced.await.map_err(io::Error::other)?
}

/// Whoever reads the file finds all of it or all of what was there before.
fn replace(file: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut half = file.as_os_str().to_owned();
    half.push(HALF);
    // It names numbers of people: nobody but its owner reads it.
    let mut writing = OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&half)?;
    writing.write_all(bytes)?;
    writing.sync_all()?;
    fs::rename(&half, file)?;
    let folder = file.parent().filter(|folder| *folder != Path::new("")).unwrap_or(Path::new("."));
    File::open(folder)?.sync_all()
}
