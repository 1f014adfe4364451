//! IP fragments put together.

use types::Losses;

/// Limits of the reassembly of IP fragments.
#[derive(Clone, Debug, Default)]
pub struct FragmentConfig {}

/// What became of the fragments.
#[derive(Clone, Debug, Default)]
pub struct FragmentTally {}

impl Losses for FragmentTally {
    fn losses(&self, _each: &mut dyn FnMut(&'static str, u64)) {}
}
