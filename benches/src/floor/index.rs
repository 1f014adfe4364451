//! A table from a 64-bit key to a number: open addressing, linear probing, at most half full, never forgets.

/// Slots of an empty table, a power of two.
const SLOTS: usize = 1 << 12;

/// Call-IDs and media endpoints find their call here. Keys are whole: a Call-ID is its 64-bit hash.
#[derive(Debug)]
pub struct Index {
    slots: Vec<Slot>,
    used: usize,
}

#[derive(Clone, Copy, Debug, Default)]
struct Slot {
    /// 0 is an empty slot.
    key: u64,
    value: u32,
}

impl Index {
    /// An empty table.
    pub fn new() -> Self {
        Self { slots: vec![Slot::default(); SLOTS], used: 0 }
    }

    /// What belongs to `key`.
    pub fn find(&self, key: u64) -> Option<u32> {
        let slot = self.slots.get(self.place(key))?;
        (slot.key == key).then_some(slot.value)
    }

    /// What belongs to `key`, which from now on is `value` if it was nothing.
    pub fn find_or_insert(&mut self, key: u64, value: u32) -> u32 {
        self.entry(key, value).map_or(value, |slot| slot.value)
    }

    /// Makes `value` what belongs to `key`.
    pub fn set(&mut self, key: u64, value: u32) {
        if let Some(slot) = self.entry(key, value) {
            slot.value = value;
        }
    }

    fn entry(&mut self, key: u64, value: u32) -> Option<&mut Slot> {
        if self.slots.len() < self.used * 2 {
            self.grow();
        }
        let place = self.place(key);
        let slot = self.slots.get_mut(place)?;
        if slot.key == 0 {
            *slot = Slot { key, value };
            self.used += 1;
        }
        Some(slot)
    }

    /// Where `key` is, or would be put.
    fn place(&self, key: u64) -> usize {
        let mask = self.slots.len() - 1;
        let mut place = spread(key) as usize & mask;
        while self.slots.get(place).is_some_and(|slot| slot.key != key && slot.key != 0) {
            place = (place + 1) & mask;
        }
        place
    }

    fn grow(&mut self) {
        let wider = vec![Slot::default(); self.slots.len() * 2];
        let old = std::mem::replace(&mut self.slots, wider);
        for slot in old.into_iter().filter(|slot| slot.key != 0) {
            let place = self.place(slot.key);
            if let Some(empty) = self.slots.get_mut(place) {
                *empty = slot;
            }
        }
    }
}

/// Spreads the bits of a key that may be an address and a port.
fn spread(key: u64) -> u64 {
    let product = u128::from(key ^ 0x9e37_79b9_7f4a_7c15) * 0xd6e8_feb8_6659_fd93;
    product as u64 ^ (product >> 64) as u64
}
