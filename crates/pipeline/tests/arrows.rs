//! Holds the map true: every dependency arrow between rooms is in the table of `crates/README.md`, and nothing else is.

#![cfg(test)]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

type Arrows = BTreeMap<String, BTreeSet<String>>;

/// The last column of the map: room → rooms it may depend on.
fn drawn(crates: &Path) -> Arrows {
    let map = fs::read_to_string(crates.join("README.md")).unwrap();
    let rows = map.lines().filter(|line| line.starts_with("| `"));
    rows.map(|row| {
        let cells: Vec<_> = row.trim_matches('|').split('|').map(str::trim).collect();
        let names = |cell: &str| cell.split('`').skip(1).step_by(2).map(String::from).collect();
        let room: BTreeSet<String> = names(cells[0]);
        (room.into_iter().next().unwrap(), names(cells[cells.len() - 1]))
    })
    .collect()
}

/// What the manifests say: room → rooms among its `[dependencies]`.
fn built(crates: &Path) -> Arrows {
    let folders = fs::read_dir(crates).unwrap().map(|entry| entry.unwrap());
    let rooms: BTreeSet<_> = folders
        .filter(|entry| entry.path().join("Cargo.toml").exists() && entry.file_name() != "fuzz")
        .map(|entry| entry.file_name().into_string().unwrap())
        .collect();
    let arrows = |room: &String| {
        let manifest = fs::read_to_string(crates.join(room).join("Cargo.toml")).unwrap();
        let dependencies = manifest.split("\n[dependencies]\n").nth(1).unwrap_or_default();
        let lines = dependencies.lines().take_while(|line| !line.starts_with('['));
        let names = lines.filter_map(|line| line.split(['.', ' ', '=']).next().map(String::from));
        (room.clone(), names.filter(|name| rooms.contains(name)).collect())
    };
    rooms.iter().map(arrows).collect()
}

#[test]
fn the_map_shows_every_arrow_and_no_other() {
    let crates = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let (drawn, built) = (drawn(crates), built(crates));
    assert!(built.len() > 5, "no rooms found");
    assert_eq!(drawn, built);
}
