//! A bundle, and everything that can be done to one.

#![cfg(test)]

use std::fs;
use std::io::Cursor;
use std::path::{Path, PathBuf};

use evidence::{Before, Bundle, Fault, Findings, Handed, Sealed, Signer, Unfit, fingerprint, public_key};
use zip::ZipArchive;

fn scratch(name: &str) -> PathBuf {
    let folder = std::env::temp_dir().join(format!("greyline-evidence-{}-{name}", std::process::id()));
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap();
    folder
}

fn signer(folder: &Path) -> Signer {
    Signer::of_file(&folder.join("evidence.key")).unwrap()
}

/// The bundle, signed by whose key lies in a folder.
fn seal(bundle: Bundle, before: &Before, folder: &Path) -> Sealed {
    bundle.seal(before, &signer(folder)).unwrap()
}

fn bundle() -> Bundle {
    Bundle {
        alert_id: "00000000000000aa".to_owned(),
        made_at: "2026-11-29T00:00:00.000000Z".to_owned(),
        made_by: "officer".to_owned(),
        program: "greyline 0".to_owned(),
        redacted: false,
        files: vec![
            ("alert.json".to_owned(), b"{\"alert_id\":\"00000000000000aa\"}\n".to_vec()),
            ("calls.jsonl".to_owned(), b"{\"call_id\":\"1\"}\n{\"call_id\":\"2\"}\n".to_vec()),
            ("packets.pcapng".to_owned(), vec![7; 5_000]),
        ],
    }
}

/// Three bundles, each behind the one before.
fn three(folder: &Path) -> [PathBuf; 3] {
    let mut before = Before { number: 1, audit: (4, [9; 32]), ..Before::default() };
    ["one", "two", "three"].map(|name| {
        let path = folder.join(name);
        let sealed = seal(bundle(), &before, folder);
        sealed.write(&path).unwrap();
        before.manifest = sealed.manifest;
        before.number += 1;
        path
    })
}

/// What is said of what lies at these paths.
fn verify(paths: &[&Path], key: Option<&[u8]>) -> Vec<Findings> {
    let handed: Vec<_> = paths.iter().map(|path| Handed::open(path).unwrap()).collect();
    evidence::verify(&handed, key)
}

fn one(path: &Path) -> Findings {
    verify(&[path], None).remove(0)
}

/// What is said of a bundle to which something was done.
fn touched(name: &str, touch: impl FnOnce(&Path)) -> Vec<Fault> {
    let folder = scratch(name);
    let [path, ..] = three(&folder);
    assert_eq!(one(&path).faults, []);
    touch(&path);
    one(&path).faults
}

#[test]
fn an_archive_holds_the_same_folder() {
    let folder = scratch("zip");
    let sealed = seal(bundle(), &Before { number: 1, ..Before::default() }, &folder);
    let mut archive = ZipArchive::new(Cursor::new(sealed.zip("bundle-1").unwrap())).unwrap();
    assert_eq!(archive.len(), 8);
    archive.extract(&folder).unwrap();
    let found = one(&folder.join("bundle-1"));
    assert_eq!((found.faults.as_slice(), found.sound.len()), (&[][..], 6));
    assert_eq!(found.hash, sealed.manifest);
}

/// An archive of a bundle, and where to put one that somebody did something to.
fn archived(name: &str) -> (Vec<u8>, PathBuf) {
    let folder = scratch(name);
    let sealed = seal(bundle(), &Before { number: 1, ..Before::default() }, &folder);
    (sealed.zip("bundle-1").unwrap(), folder.join("handed.zip"))
}

#[test]
fn an_archive_is_checked_as_it_is() {
    let (archive, path) = archived("zip-checked");
    fs::write(&path, &archive).unwrap();
    let found = one(&path);
    assert_eq!((found.faults.as_slice(), found.sound.len()), (&[][..], 6));
    assert_eq!(Handed::open(&path).unwrap().read("alert.json", 100).unwrap(), bundle().files[0].1);

    // Of its first file, its list and its end a bit can be turned nowhere but in who packed each file and who may read it.
    let (mut refused, mut unnoticed) = (0, 0);
    for at in (0..archive.len()).filter(|at| !(100..archive.len() - 900).contains(at)) {
        let mut changed = archive.clone();
        changed[at] ^= 1;
        fs::write(&path, &changed).unwrap();
        match Handed::open(&path) {
            Err(_) => refused += 1,
            Ok(handed) => unnoticed += usize::from(evidence::verify(&[handed], None)[0].faults.is_empty()),
        }
    }
    assert_eq!(unnoticed, 8 * (2 + 2));
    assert!(refused > 300, "{refused}");
    for length in (0..archive.len()).rev().take(100) {
        fs::write(&path, &archive[..length]).unwrap();
        assert!(Handed::open(&path).is_err(), "{length}");
    }
}

/// What two programs could unpack in two ways, or to somewhere else, is not looked into.
#[test]
fn an_archive_of_another_make_is_refused() {
    let (archive, path) = archived("zip-refused");
    let why = |bytes: &[u8]| {
        fs::write(&path, bytes).unwrap();
        match Handed::open(&path) {
            Err(Unfit::Archive(why)) => why,
            other => panic!("{other:?}"),
        }
    };
    let replaced = |from: &[u8], to: &[u8]| {
        let mut bytes = archive.clone();
        let places = (0..bytes.len() - from.len()).filter(|&at| archive[at..].starts_with(from));
        places.for_each(|at| bytes[at..at + from.len()].copy_from_slice(to));
        bytes
    };
    let end = "its last bytes are not the end of its list";
    assert_eq!(why(&[&archive[..], b"more"].concat()), end);
    let mut commented = archive.clone();
    let place = commented.len() - 2;
    commented[place] = 4;
    commented.extend_from_slice(b"more");
    assert_eq!(why(&commented), end);
    assert_eq!(why(&[&archive[..], &archive].concat()), end, "a second archive behind the first");
    assert_eq!(why(&replaced(b"bundle-1/alert.json", b"bundle-1/../../json")), "a name leads elsewhere");
    assert_eq!(why(&replaced(b"bundle-1/alert.json", b"/undle-1/alert.json")), "a name leads elsewhere");
    assert_eq!(why(&replaced(b"bundle-1/alert.json", b"bundle-2/alert.json")), "it holds more than one folder");
    assert_eq!(why(&replaced(b"bundle-1/calls.jsonl", b"bundle-1/SHA256SUMS\0")), "a name leads elsewhere");
    assert_eq!(why(&replaced(b"bundle-1/alert.json", b"bundle-1/README.txt")), "a name is listed twice");
    // As other programs pack.
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let stored = zip::write::SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
    zip.add_directory("bundle-1", stored).unwrap();
    let packed = zip.finish().unwrap().into_inner();
    assert_eq!(why(&packed), "it is packed in another way than greyline packs");
}

#[test]
fn what_is_no_bundle_was_touched_by_nobody() {
    let folder = scratch("none");
    let file = folder.join("letter.txt");
    fs::write(&file, "Dear Sir").unwrap();
    assert!(matches!(Handed::open(&folder.join("nothing")), Err(Unfit::Unread(_))));
    for path in [&folder, &file] {
        assert!(matches!(Handed::open(path), Err(Unfit::NoBundle)), "{}", path.display());
    }
}

#[test]
fn what_nobody_touched_is_sound() {
    let folder = scratch("sound");
    let paths = three(&folder);
    let paths: Vec<_> = paths.iter().map(PathBuf::as_path).collect();
    let all = verify(&paths, None);
    assert!(all.iter().all(|findings| findings.faults.is_empty()), "{all:?}");
    assert_eq!(
        all[0].sound,
        ["README.txt", "alert.json", "calls.jsonl", "packets.pcapng", "public-key.pem", "SHA256SUMS"]
    );
    let manifest = all[2].manifest.as_ref().unwrap();
    assert_eq!((manifest.bundle, manifest.audit_entries), (3, 4));
    // The key is as OpenSSL writes it, and whoever has it already holds the bundle against his.
    let public = public_key(&paths[0].join("public-key.pem")).unwrap();
    assert_eq!(verify(&paths[..1], Some(&public))[0].faults, []);
    assert_eq!(all[0].signed_with().unwrap(), fingerprint(&public));
    let readme = fs::read_to_string(paths[0].join("README.txt")).unwrap();
    assert!(readme.contains(&fingerprint(&public)) && readme.contains("calls.jsonl"), "{readme}");
    // A bundle is a new folder.
    assert!(seal(bundle(), &Before::default(), &folder).write(paths[0]).is_err());
    // The key belongs to its owner alone, and so does what holds numbers.
    let mode =
        |path: PathBuf| std::os::unix::fs::PermissionsExt::mode(&fs::metadata(path).unwrap().permissions()) & 0o777;
    let files = [folder.join("evidence.key"), paths[0].join("calls.jsonl"), paths[0].join("manifest.json")];
    assert_eq!((mode(paths[0].to_owned()), files.map(mode)), (0o700, [0o600; 3]));
}

#[test]
fn each_byte_counts() {
    let folder = scratch("bytes");
    let [path, ..] = three(&folder);
    let mut found = 0;
    for entry in fs::read_dir(&path).unwrap() {
        let file = entry.unwrap().path();
        let whole = fs::read(&file).unwrap();
        for at in [0, whole.len() / 3, whole.len() / 2, whole.len() - 1] {
            let mut changed = whole.clone();
            changed[at] ^= 1;
            fs::write(&file, &changed).unwrap();
            assert_ne!(one(&path).faults, [], "{} at {at}", file.display());
            found += 1;
        }
        fs::write(&file, &whole[..whole.len() - 1]).unwrap();
        assert_ne!(one(&path).faults, [], "{} cut short", file.display());
        fs::write(&file, &whole).unwrap();
    }
    assert_eq!((found, one(&path).faults), (8 * 4, vec![]));
}

#[test]
fn each_kind_of_touch_is_named() {
    let changed = touched("changed", |path| {
        let mut bytes = fs::read(path.join("packets.pcapng")).unwrap();
        bytes[4_000] = 8;
        fs::write(path.join("packets.pcapng"), bytes).unwrap();
    });
    assert!(
        matches!(changed.as_slice(), [Fault::Changed(name, how)] if name == "packets.pcapng" && how.contains("as long"))
    );

    let removed = touched("removed", |path| fs::remove_file(path.join("calls.jsonl")).unwrap());
    assert_eq!(removed, [Fault::Missing("calls.jsonl".to_owned())]);

    let added = touched("added", |path| fs::write(path.join("calls-2.jsonl"), "x").unwrap());
    assert_eq!(added, [Fault::Added("calls-2.jsonl".to_owned())]);

    // The order of lines within a file, and of files among themselves.
    let order = touched("order", |path| {
        fs::write(path.join("calls.jsonl"), "{\"call_id\":\"2\"}\n{\"call_id\":\"1\"}\n").unwrap();
    });
    assert!(matches!(order.as_slice(), [Fault::Changed(name, _)] if name == "calls.jsonl"), "{order:?}");
    let exchanged = touched("exchanged", |path| {
        let [a, b] = ["alert.json", "calls.jsonl"].map(|name| path.join(name));
        let held = fs::read(&a).unwrap();
        fs::rename(&b, &a).unwrap();
        fs::write(b, held).unwrap();
    });
    let pair = |a: &str, b: &str| Fault::Exchanged(a.to_owned(), b.to_owned());
    assert_eq!(exchanged, [pair("alert.json", "calls.jsonl"), pair("calls.jsonl", "alert.json")]);

    let unsigned = touched("unsigned", |path| fs::write(path.join("manifest.sig"), [0; 64]).unwrap());
    assert!(matches!(unsigned.as_slice(), [Fault::Signature(_)]));
    let no_signature = touched("no-signature", |path| fs::remove_file(path.join("manifest.sig")).unwrap());
    assert!(matches!(no_signature.as_slice(), [Fault::Signature(_)]));
    // Who changes the manifest to fit what he changed has to sign it.
    let rewritten = touched("rewritten", |path| {
        let manifest = fs::read_to_string(path.join("manifest.json")).unwrap();
        fs::write(path.join("manifest.json"), manifest.replace("officer", "nobody!")).unwrap();
    });
    assert!(matches!(rewritten.as_slice(), [Fault::Signature(_)]), "{rewritten:?}");
    let gone = touched("gone", |path| fs::remove_file(path.join("manifest.json")).unwrap());
    assert!(matches!(gone.as_slice(), [Fault::Manifest(_)]));
    let link = touched("link", |path| {
        fs::rename(path.join("alert.json"), path.parent().unwrap().join("elsewhere")).unwrap();
        std::os::unix::fs::symlink("../elsewhere", path.join("alert.json")).unwrap();
    });
    assert!(matches!(link.as_slice(), [Fault::Unread(name, _)] if name == "alert.json"), "{link:?}");
}

#[test]
fn whoever_signs_it_anew_has_another_key() {
    let folder = scratch("anew");
    let [path, ..] = three(&folder);
    let public = public_key(&path.join("public-key.pem")).unwrap();
    fs::remove_dir_all(&path).unwrap();
    let other = scratch("other");
    let before = Before { number: 1, audit: (4, [9; 32]), ..Before::default() };
    seal(bundle(), &before, &other).write(&path).unwrap();
    // For itself it is sound: that is why the operator's key has to come another way.
    assert_eq!(one(&path).faults, []);
    assert!(matches!(verify(&[&path], Some(&public))[0].faults.as_slice(), [Fault::Key(_)]));
}

#[test]
fn a_chain_shows_what_was_taken_out_or_put_in() {
    let folder = scratch("chain");
    let [first, second, third] = three(&folder);
    let faults = |paths: &[&Path]| verify(paths, None).into_iter().map(|it| it.faults).collect::<Vec<_>>();
    // The order in which they are handed over does not matter; what came before the first of them is not known here.
    assert_eq!(faults(&[&third, &first, &second]), vec![Vec::<Fault>::new(); 3]);
    assert_eq!(faults(&[&second, &third]), vec![Vec::<Fault>::new(); 2]);
    assert_eq!(faults(&[&first, &third]), [vec![], vec![Fault::NoPredecessor(2)]]);
    // One that is made anew, by the same key, no longer fits.
    fs::remove_dir_all(&second).unwrap();
    let mut other = bundle();
    other.files[0].1 = b"{}".to_vec();
    let hash = one(&first).hash;
    seal(other, &Before { number: 2, manifest: hash, audit: (4, [9; 32]) }, &folder).write(&second).unwrap();
    assert_eq!(faults(&[&first, &second, &third]), [vec![], vec![], vec![Fault::Unchained(2)]]);
    // The same one twice is no other; another with its number is.
    assert_eq!(faults(&[&first, &first]), vec![Vec::<Fault>::new(); 2]);
    fs::remove_dir_all(&third).unwrap();
    seal(bundle(), &Before { number: 1, ..Before::default() }, &folder).write(&third).unwrap();
    assert_eq!(faults(&[&first, &third]), [vec![Fault::Twice(1)], vec![Fault::Twice(1)]]);
}

#[test]
fn a_hostile_manifest_reads_nothing_outside_its_folder() {
    let folder = scratch("hostile");
    let [path, ..] = three(&folder);
    let manifest = fs::read_to_string(path.join("manifest.json")).unwrap();
    for name in ["../evidence.key", "/etc/passwd", "", ".hidden", "a/b", "a\\u0000b"] {
        fs::write(path.join("manifest.json"), manifest.replace("\"alert.json\"", &format!("\"{name}\""))).unwrap();
        let said = one(&path).faults;
        assert!(
            said.iter().any(|fault| matches!(fault, Fault::Manifest(why) if why.contains("no name of a file"))),
            "{name} {said:?}"
        );
    }
    for nonsense in ["", "[]", "{}", "null", &manifest.replace("\"v\": 1", "\"v\": 2")] {
        fs::write(path.join("manifest.json"), nonsense).unwrap();
        assert!(matches!(one(&path).faults.as_slice(), [Fault::Manifest(_)]), "{nonsense}");
    }
}
