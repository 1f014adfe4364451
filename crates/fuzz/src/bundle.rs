//! A bundle of evidence as an archive that somebody hands over: whatever it is, it is refused or checked, and sound is only what was signed. The first
//! byte says whether the rest is laid over an archive as greyline writes it, which else nobody would guess.

use std::sync::LazyLock;

use evidence::{Before, Bundle, Handed, Signer, verify};

/// An archive as it is handed out. Its key is made for each run of the fuzzer: what it signs nobody else can.
static ARCHIVE: LazyLock<Vec<u8>> = LazyLock::new(|| {
    let key = std::env::temp_dir().join(format!("greyline-fuzz-{}.key", std::process::id()));
    let signer = Signer::of_file(&key).unwrap();
    let files = vec![("alert.json".to_owned(), b"{}\n".to_vec()), ("calls.jsonl".to_owned(), b"{}\n{}\n".to_vec())];
    let sealed = Bundle { files, ..Bundle::default() }.seal(&Before { number: 1, ..Before::default() }, &signer);
    std::fs::remove_file(key).unwrap();
    sealed.unwrap().zip("bundle-1").unwrap()
});

/// Bytes of what is laid over it, behind its place.
const LAID_MAX: usize = 64;

pub fn check(bytes: &[u8]) {
    let [over, high, low, rest @ ..] = bytes else { return };
    if over % 2 == 0 {
        let found = Handed::of_archive(rest.to_vec()).map(|handed| verify(&[handed], None));
        // Nobody can guess a signature.
        assert!(found.is_err() || found.is_ok_and(|found| !found[0].faults.is_empty()));
        return;
    }
    let mut archive = ARCHIVE.clone();
    let at = usize::from(u16::from_be_bytes([*high, *low])) % archive.len();
    let laid = rest.iter().take(LAID_MAX);
    archive[at..].iter_mut().zip(laid).for_each(|(place, byte)| *place = *byte);
    let Ok(handed) = Handed::of_archive(archive) else { return };
    let found = verify(&[handed], None).remove(0);
    if found.faults.is_empty() {
        // Who packed a file and who may read it are the archive's alone: what it holds is as it was signed.
        let own = Handed::of_archive(ARCHIVE.clone()).unwrap();
        assert_eq!(found, verify(&[own], None).remove(0));
    }
}
