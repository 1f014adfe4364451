//! Bundles of evidence for whoever asks the API for them: what `greyline evidence` makes, as one file and never on disk.

use std::sync::Arc;

use api::{Bundled, Bundler, Evidence, Problem};
use config::Known;
use evidence::{Signer, held_since, hex};
use store::Archive;

use crate::bundles::{KEY, Made, RING, Wanted, make};
use crate::failure::Failure;

/// Bytes of packets in a bundle: it is made in memory, and sent from there.
const BYTES_MAX: usize = 64 << 20;
/// Calls in it.
const CALLS_MAX: usize = 20_000;

/// Makes bundles for whoever asks the API for them.
pub fn bundler() -> Arc<Bundler> {
    Arc::new(|archive: &mut Archive, known: &Known, order: &Evidence<'_>| {
        let key = archive.folder().join(KEY);
        if !key.is_file() {
            let why = "no key signs bundles here: the first `greyline evidence` makes evidence.key in the folder of the store";
            return Err(Problem::Conflict(why.to_owned()));
        }
        if held_since(&archive.folder().join(RING)).is_none() {
            let why = "no SIP messages are held here (store.packets_mib_max): `greyline evidence --capture` makes a bundle from a capture";
            return Err(Problem::Conflict(why.to_owned()));
        }
        let signer = Signer::of_file(&key).map_err(|error| Problem::Conflict(format!("evidence.key: {error}")))?;
        let (alert, redacted, by) = (order.alert, order.redacted, order.by);
        let wanted = Wanted { alert, redacted, captures: &[], bytes_max: BYTES_MAX, calls_max: CALLS_MAX, by };
        let made = make(archive, known, &signer, &wanted, |_| Ok(()));
        let made = made.map_err(|failure| match failure {
            Failure::Store(error) => error.into(),
            failure => Problem::Store(failure.to_string()),
        })?;
        let Made { number, sealed, calls: (calls, counted), messages, .. } = made;
        let folder = format!("bundle-{number}");
        let zip = sealed.zip(&folder).map_err(|error| Problem::Store(format!("the bundle: {error}")))?;
        let (messages, manifest) = (messages as u64, hex(&sealed.manifest));
        Ok(Bundled { number, calls: calls as u64, counted, messages, manifest, zip })
    })
}
