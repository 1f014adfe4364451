//! The tables that `data/generate.py` compiled, as the compiler lays them out. Nothing here is written by hand but the shape.

use crate::place::{Country, Kind, Place, Validity, Zone, ZoneShare};

include!("../data/places.rs");

/// A little-endian number of `automaton.bin`.
pub(crate) type Word = [u8; 2];

/// `automaton.bin`: its making, rows, the places of numbers that end at them, tails.
const WORDS: &[Word] = include_bytes!("../data/automaton.bin").as_chunks().0;
const MAKING_AND_REST: (&[Word], &[Word]) = WORDS.split_at(MAKING.len());
const ROWS_AND_REST: (&[Word], &[Word]) = MAKING_AND_REST.1.split_at(10 * ROWS);
const ENDS_AND_TAILS: (&[Word], &[Word]) = ROWS_AND_REST.1.split_at(ROWS);

/// By state and digit, the state after it. A state past the rows is a tail.
pub(crate) static SUCCESSORS: &[[Word; 10]] = ROWS_AND_REST.0.as_chunks().0;
/// By state, the place of a number that ends there.
pub(crate) static ENDS: &[Word] = ENDS_AND_TAILS.0;
/// By state past the rows and digits left, the place: what those digits are no longer matters.
pub(crate) static TAILS: &[[Word; 16]] = ENDS_AND_TAILS.1.as_chunks().0;

const _: () = assert!(
    matches!(WORDS.first_chunk(), Some(&MAKING)) && TAILS.len() == TAIL_COUNT,
    "automaton.bin and places.rs are of one making"
);

const fn z(zone: u16, share: f32) -> ZoneShare {
    ZoneShare { zone: Zone(zone), share }
}

const fn p(country: [u8; 2], kind: Kind, validity: Validity, zones: &'static [ZoneShare]) -> Place {
    Place { country: Country(country), kind, validity, zones }
}
