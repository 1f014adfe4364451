//! One byte of every 20 ms: how loud it is, in half decibels. All of privacy level 2 rests on it.

/// Samples that one byte stands for: 20 ms, whatever the packet time.
const SAMPLES: u32 = 160;

/// Bytes of a second.
pub const PACKETS_PER_SEC: usize = 50;

/// From here on something is said: 40 dB over one step of 16 bits, 50 dB below the loudest. Comfort noise lies some 10 dB
/// lower, quiet speech as much higher (ITU-T P.56 has a margin of 15.9 dB below the level of active speech).
pub const AUDIBLE: u8 = 80;

/// Sums samples up to bytes.
#[derive(Clone, Copy, Debug, Default)]
pub struct Loudness {
    power: u64,
    samples: u32,
}

impl Loudness {
    /// Takes samples in, and hands on a byte for every 20 ms that are full.
    pub fn hear(&mut self, mut samples: &[i16], mut each: impl FnMut(u8)) {
        while !samples.is_empty() {
            let missing = (SAMPLES - self.samples) as usize;
            let (now, later) = samples.split_at_checked(missing).unwrap_or((samples, &[]));
            self.power += now.iter().map(|&sample| u64::from(sample.unsigned_abs()).pow(2)).sum::<u64>();
            self.samples += now.len() as u32;
            if self.samples == SAMPLES {
                each(byte(self.power));
                *self = Self::default();
            }
            samples = later;
        }
    }
}

/// Half decibels of the mean power over 20 ms.
fn byte(power: u64) -> u8 {
    let mean = power as f64 / f64::from(SAMPLES);
    // At most 20 log 32,768 = 90.3 dB, so that it fits.
    (20.0 * mean.max(1.0).log10()).round() as u8
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_are_half_decibels_whatever_the_packet_time() {
        let check = |sample: i16, packet: usize, byte: u8| {
            let (mut loudness, mut told) = (Loudness::default(), Vec::new());
            for samples in vec![sample; 1_600].chunks(packet) {
                loudness.hear(samples, |byte| told.push(byte));
            }
            assert_eq!(told, [byte; 10], "{packet} samples a packet");
        };
        check(0, 160, 0);
        check(8, 160, 36); // the smallest step of µ-law: silence of a kind
        check(1_000, 80, 120);
        check(-1_000, 240, 120);
        check(i16::MIN, 33, 181);
    }
}
