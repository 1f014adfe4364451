//! New knowledge while it runs: what was seen of everybody stays, and is judged from now on by what is known now.

use std::fmt;
use std::sync::Arc;

use config::Known;

use crate::feature::SheetName;
use crate::judge::{Fading, Judge};
use crate::names::Names;
use crate::report::Hearer;
use crate::settings::Settings;
use crate::standings::Standings;
use crate::tables::{CLASSES, Sheet, Tables};
use crate::terms::Terms;

/// Why new knowledge cannot be taken in without beginning anew.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Misfit {
    /// The evidence held is against classes in this order.
    Classes,
    /// Entities are held by the places of trunks, those of protected numbers by the places of their owners.
    Places,
}

impl fmt::Display for Misfit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Classes => "the class tables name other classes, or in another order: that needs a new start",
            Self::Places => "trunks or owners of protected numbers have changed places: that needs a new start",
        })
    }
}

impl<H: Hearer> Judge<H> {
    /// Goes on by what is known now. Evidence, habits and open operations stay as they are; how much is remembered too, since
    /// tables do not change their size while they run. Trunks and owners must lie in the same places as before
    /// ([`config::Config::in_places_of`]).
    ///
    /// # Errors
    /// What does not fit what was seen; then nothing has changed.
    pub fn renew(&mut self, settings: Settings, tables: Tables, known: Arc<Known>) -> Result<(), Misfit> {
        if !SheetName::ALL.into_iter().all(|sheet| same_classes(&self.tables, &tables, sheet)) {
            return Err(Misfit::Classes);
        }
        let (before, now) = (self.known.config(), known.config());
        let trunks = before.trunk.iter().zip(&now.trunk).all(|(before, now)| before.name == now.name);
        let owners = before.protected.iter().zip(&now.protected).all(|(before, now)| before.owner == now.owner);
        let fewer = now.trunk.len() < before.trunk.len() || now.protected.len() < before.protected.len();
        if fewer || !trunks || !owners {
            return Err(Misfit::Places);
        }
        if before.tap.home != now.tap.home {
            self.standings = Standings::new(now.tap.home.map(|home| home.get()));
        }
        let terms = |families| Terms::new(!now.licence.is_empty(), families, &tables);
        let aloud = settings.running.without(settings.shadow);
        self.terms = terms(settings.running);
        self.aloud = (aloud != settings.running).then(|| terms(aloud));
        self.fading = SheetName::ALL.map(|sheet| Fading::of(sheet, &settings));
        self.governor.bear(settings.bearable);
        self.calibration.renew(&tables);
        self.names = Names::of(&known, tables.confusables());
        (self.settings, self.tables, self.known) = (settings.in_sizes_of(&self.settings), tables, known);
        Ok(())
    }
}

/// Whether the classes and alternatives of a sheet are the same in both.
fn same_classes(before: &Tables, now: &Tables, sheet: SheetName) -> bool {
    let (before, now) = (before.sheet(sheet), now.sheet(sheet));
    let names = (0..CLASSES).all(|lane| before.class(lane).name == now.class(lane).name);
    let settles =
        |sheet: &Sheet| sheet.laws().iter().map(|law| law.settling.map(|settling| settling.slot)).collect::<Vec<_>>();
    names && before.kinds() == now.kinds() && settles(before) == settles(now)
}
