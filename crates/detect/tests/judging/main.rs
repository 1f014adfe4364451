//! Judgement as a whole, over synthetic traffic. One program, since what judges is built anew for each.

#![cfg(test)]

mod battery;
mod limits;
mod lines;
mod saved;
mod scans;
mod settings;
