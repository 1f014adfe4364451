//! What the operator of these trunks knows, as `greyline.toml` has it: trunks, licences, protected numbers and names.

use std::fmt::Write as _;

use crate::cast::Cast;

/// A list of words as TOML writes it.
fn quoted(words: impl Iterator<Item = String>) -> String {
    words.map(|word| format!("{word:?}")).collect::<Vec<_>>().join(", ")
}

impl Cast {
    /// The operator's file: what somebody who runs these trunks would have written down.
    #[must_use]
    pub fn operators_file(&self) -> String {
        let mut text = "[tap]\nhome = \"GB\"\n".to_owned();
        for trunk in self.trunks() {
            let addresses = trunk.gates.iter().map(|gate| gate.ip.to_string());
            let _ = write!(
                text,
                "\n[[trunk]]\nname = {:?}\naddresses = [{}]\nrole = \"{}\"\n",
                trunk.name,
                quoted(addresses),
                trunk.role.name()
            );
        }
        for licence in self.licences() {
            let trunk = self.trunk_of(licence.trunk);
            let gates = trunk.iter().flat_map(|trunk| &trunk.gates);
            let ranges = licence.numbers.iter().map(|(first, last)| format!("+{}-+{}", first.reveal(), last.reveal()));
            let _ = write!(
                text,
                "\n[[licence]]\nholder = {:?}\naddresses = [{}]\nnumber_ranges = [{}]\nseats = {}\ndestinations = [{}]\n",
                self.head(licence.group).id,
                quoted(gates.map(|gate| gate.ip.to_string())),
                quoted(ranges),
                licence.seats,
                quoted(licence.destinations.iter().map(ToString::to_string)),
            );
        }
        for protected in self.protected() {
            let trunks = protected.trunks.iter().filter_map(|trunk| self.trunk_of(*trunk));
            let _ = write!(
                text,
                "\n[[protected]]\nowner = {:?}\nnumbers = [{}]\ndisplay_names = [{}]\ntrunks = [{}]\n",
                protected.owner,
                quoted(protected.numbers.iter().map(|number| format!("+{}", number.reveal()))),
                quoted(protected.names.iter().cloned()),
                quoted(trunks.map(|trunk| trunk.name.clone())),
            );
        }
        text
    }
}
