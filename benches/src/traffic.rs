//! Load: captures that look like a mirrored link between carriers, made from a seed and nothing else.
//!
//! Here are files to measure speed and memory on, written as fast as they are read. They hold no story, no speech and
//! no damage: the corpus and the fixtures do. Numbers and addresses are from ranges nobody owns.

pub mod cut;
pub mod dialog;
pub mod floods;
pub mod frames;
pub mod ipv6;
pub mod lines;
pub mod media;
pub mod script;
pub mod single;
pub mod stacks;
pub mod wraps;
