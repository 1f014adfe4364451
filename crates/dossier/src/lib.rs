//! An alert and its calls as a report that a judge can read and print: a page of HTML without scripts, or a PDF. Nothing in it is from elsewhere, and its
//! words lie apart from code.
//!
//! What it says is put together once, in `draft`, and shown by [`page`] and [`paper`]. It says what happened before it says how that is known, and what was
//! not seen as plainly as what was. Whatever others wrote (names, Call-IDs, software) is text and nothing else: HTML is escaped, and what would turn the
//! direction of writing or end a line is shown as a dot.

mod draft;
mod facts;
mod html;
mod page;
mod paper;
mod picture;
mod report;
mod text;
mod words;

pub use facts::{BundleMade, ClockKept, Matter};
pub use page::page;
pub use paper::{Unprintable, paper};
pub use words::Language;
