//! The pages a browser shows. Their sources lie in `web/`, in Svelte; what is built of them lies in `dist/`, is committed, and is carried within
//! the program, so that `cargo build` needs nothing else and a running page asks no other host.
//!
//! ```text
//! cd crates/console/web && npm install && npm run build        writes ../dist
//! ```
//!
//! (`npm ci` refuses: vite names a package for another system that nobody has published.)
//!
//! - **Pages know the API alone** (`/api/v1`): what they show any program may ask. They hold no record of their own.
//! - **What a sender wrote is text.** Svelte writes every value as text; `{@html}` is used nowhere, and a test sees to that. No script and no style
//!   stands within a page, so the policy that it is served with allows none (`script-src 'self'`).
//! - **Plots** are uPlot's over time, d3-geo's on the globe: Natural Earth's countries at 1:110 million (`world-atlas`), the night reckoned from the
//!   time. Everything else is tables and boxes, which read without their colours.
//! - Words in closed lists lie in `web/src/lib/words.js`, whose clock times are shown by in `view.svelte.js`, what is told as it happens in
//!   `live.svelte.js`.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::LazyLock;

/// Something that a page is made of.
#[derive(Debug)]
pub struct Asset {
    /// Where it stands, under the root.
    pub path: &'static str,
    /// Its type, as `Content-Type` says it.
    pub kind: &'static str,
    /// What it holds.
    pub bytes: &'static [u8],
    /// Another for other bytes, in quotes, as `ETag` says it.
    pub tag: String,
}

/// The page, and what it is made of.
static ASSETS: LazyLock<[Asset; 4]> = LazyLock::new(|| {
    let asset = |path, kind, bytes: &'static [u8]| {
        let mut hasher = DefaultHasher::new();
        bytes.hash(&mut hasher);
        Asset { path, kind, bytes, tag: format!("\"{:016x}\"", hasher.finish()) }
    };
    [
        asset("/", "text/html; charset=utf-8", include_bytes!("../dist/index.html")),
        asset("/console.js", "text/javascript; charset=utf-8", include_bytes!("../dist/console.js")),
        asset("/style.css", "text/css; charset=utf-8", include_bytes!("../dist/style.css")),
        asset("/icon.svg", "image/svg+xml", include_bytes!("../dist/icon.svg")),
    ]
});

/// All of them.
pub fn assets() -> &'static [Asset] {
    ASSETS.as_slice()
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::{Path, PathBuf};

    use sha2::{Digest, Sha256};

    use super::*;

    fn files(folder: &Path, all: &mut Vec<PathBuf>) {
        for entry in fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
            if entry.is_dir() {
                files(&entry, all);
            } else {
                all.push(entry);
            }
        }
    }

    #[test]
    fn everything_that_was_built_is_carried_and_refers_to_nothing_else() {
        let dist = Path::new(env!("CARGO_MANIFEST_DIR")).join("dist");
        assert_eq!(fs::read_dir(dist).unwrap().count(), assets().len());
        let page = std::str::from_utf8(assets()[0].bytes).unwrap();
        for asset in &assets()[1..] {
            assert!(page.contains(&format!("\".{}\"", asset.path)), "{} is not on the page", asset.path);
        }
        assert!(!page.contains("<style") && !page.contains(" style=") && !page.contains("javascript:"));
        assert_eq!(
            page.matches("<script").count(),
            page.matches("<script type=\"module\" crossorigin src=\"./").count()
        );
        for asset in assets() {
            // Names of XML's own, and of where one reads more; no request goes there.
            let text = std::str::from_utf8(asset.bytes).unwrap();
            let hosts = text.split("://").skip(1).map(|rest| rest.split(['/', '`', '"', '\'']).next().unwrap());
            let strange: Vec<_> = hosts.filter(|host| !["www.w3.org", "svelte.dev"].contains(host)).collect();
            assert!(strange.is_empty(), "{}: {strange:?}", asset.path);
        }
    }

    #[test]
    fn what_is_carried_was_built_of_what_lies_here() {
        let web = Path::new(env!("CARGO_MANIFEST_DIR")).join("web");
        let mut all = ["index.html", "package-lock.json", "vite.config.js"].map(|file| web.join(file)).to_vec();
        files(&web.join("public"), &mut all);
        files(&web.join("src"), &mut all);
        let mut named: Vec<_> =
            all.iter().map(|file| (file.strip_prefix(&web).unwrap().to_str().unwrap(), file)).collect();
        // As the build sorts them: names within their folder.
        named.sort_by_key(|(name, _)| name.split('/').map(str::to_owned).collect::<Vec<_>>());
        let mut sum = Sha256::new();
        for (name, file) in named {
            sum.update(name);
            sum.update([0]);
            sum.update(fs::read(file).unwrap());
        }
        let sum: String = sum.finalize().iter().map(|byte| format!("{byte:02x}")).collect();
        let page = std::str::from_utf8(assets()[0].bytes).unwrap();
        assert!(page.contains(&sum), "dist/ is out of date: npm install && npm run build in crates/console/web");
    }

    #[test]
    fn what_senders_wrote_is_never_markup() {
        let mut all = Vec::new();
        files(&Path::new(env!("CARGO_MANIFEST_DIR")).join("web/src"), &mut all);
        assert!(all.len() > 20);
        for file in all {
            let text = fs::read_to_string(&file).unwrap();
            for way in ["{@html", "innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(", "style=\""]
            {
                assert!(!text.contains(way), "{} has {way}", file.display());
            }
        }
    }

    #[test]
    fn the_lock_names_no_host() {
        let lock = Path::new(env!("CARGO_MANIFEST_DIR")).join("web/package-lock.json");
        assert!(!fs::read_to_string(lock).unwrap().contains("\"resolved\""));
    }
}
