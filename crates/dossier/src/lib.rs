//! An alert and its calls as one page of HTML that a judge can read and print: no script, nothing from elsewhere, words apart from code.
//!
//! The page says what happened before it says how that is known, and what was not seen as plainly as what was. Whatever others wrote (names,
//! Call-IDs, software) is text and nothing else: [`html`](self) escapes it, and what would turn the direction of writing or end a line is shown as a dot.

mod facts;
mod html;
mod page;
mod picture;
mod words;

pub use facts::{BundleMade, Matter};
pub use page::page;
pub use words::Language;
