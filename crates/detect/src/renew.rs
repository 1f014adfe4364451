//! New knowledge while it runs: what was seen of everybody stays, and is judged from now on by what is known now.

use std::fmt;
use std::sync::Arc;

use config::Known;
use serde::{Deserialize, Serialize};

use crate::feature::SheetName;
use crate::holders::Holders;
use crate::judge::{Fading, Judge};
use crate::kind::Kind;
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
        let stood = (&Shape::of(&self.tables), &Places::of(&self.known));
        Misfit::between(stood, (&Shape::of(&tables), &Places::of(&known)))?;
        let (before, now) = (self.known.config(), known.config());
        if before.tap.home != now.tap.home {
            self.standings = Standings::new(now.tap.home.map(|home| home.get()));
        }
        match before.licence == now.licence {
            true => self.holders.go_on_in(&known),
            false => self.forget_licences(&known, &settings),
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

    /// The licences are others now: what is beyond them is counted anew.
    pub(crate) fn forget_licences(&mut self, known: &Known, settings: &Settings) {
        self.holders = Holders::new(known, settings.seats);
        self.journal.forget_licences();
        self.nodes.forget_licences();
        self.operations.iter_mut().flatten().for_each(|operation| operation.excess = None);
    }
}

/// What the evidence of entities rests on: sheet by sheet the classes and the alternatives, in their order, and which features settle for
/// both.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Shape(Vec<SheetShape>);

#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
struct SheetShape {
    classes: Vec<String>,
    kinds: Vec<Kind>,
    settles: Vec<Option<usize>>,
}

impl Shape {
    pub(crate) fn of(tables: &Tables) -> Self {
        let of = |sheet: &Sheet| SheetShape {
            classes: (0..CLASSES).map(|lane| sheet.class(lane).name.clone()).collect(),
            kinds: sheet.kinds().to_vec(),
            settles: sheet.laws().iter().map(|law| law.settling.and_then(|settling| settling.slot)).collect(),
        };
        Self(SheetName::ALL.map(|sheet| of(tables.sheet(sheet))).into())
    }
}

/// Whom entities are named by: trunks and owners of protected numbers, in their places.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Places {
    trunks: Vec<String>,
    owners: Vec<String>,
}

impl Places {
    pub(crate) fn of(known: &Known) -> Self {
        let config = known.config();
        Self {
            trunks: config.trunk.iter().map(|trunk| trunk.name.clone()).collect(),
            owners: config.protected.iter().map(|protected| protected.owner.clone()).collect(),
        }
    }
}

impl Misfit {
    /// What keeps those who stood on the first from going on by the second.
    pub(crate) fn between(stood: (&Shape, &Places), now: (&Shape, &Places)) -> Result<(), Self> {
        if stood.0 != now.0 {
            return Err(Self::Classes);
        }
        let stay = now.1.trunks.starts_with(&stood.1.trunks) && now.1.owners.starts_with(&stood.1.owners);
        if stay { Ok(()) } else { Err(Self::Places) }
    }
}
