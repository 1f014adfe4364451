//! The fingerprint of Haitsma and Kalker (2002) on 8 kHz audio: privacy level 3.
//!
//! Every 11.5 ms the spectrum of the last 256 ms is summed up to 33 bands between 300 and 2,000 Hz, which every telephone
//! line lets through. Whether the step from one band to the next grew or shrank since the frame before is one bit, 32 of
//! them a frame. Lines, codecs and losses move some bits; what was said cannot be made of them again.

use std::sync::Arc;

use realfft::num_complex::Complex;
use realfft::{RealFftPlanner, RealToComplex};

/// Samples between two frames: 11.5 ms.
pub const HOP: usize = 92;
/// Samples that a frame looks at: 256 ms.
const WINDOW: usize = 2_048;
/// Bands of the spectrum.
const BANDS: usize = 33;
/// The lowest and the highest frequency looked at, in Hz.
const BAND_HZ: (f64, f64) = (300.0, 2_000.0);
/// Samples of a second.
const RATE_HZ: f64 = 8_000.0;
/// Frames that are compared at once: 2.9 s, and with the first window 3.2.
pub const BLOCK_FRAMES: usize = 256;
/// Bits of a frame that are named as its weakest.
const WEAKEST: usize = 5;
/// Mean power of a sample, within the bands, from which on a frame says something: 40 dB, as of [`crate::AUDIBLE`].
const POWER_MIN: f32 = 1e4;

/// What is kept of one frame.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Frame {
    /// Its 32 bits; 0 where it is too faint to say anything.
    pub bits: u32,
    /// Which of them would turn first, five bits each, the weakest lowest.
    weakest: u32,
}

impl Frame {
    /// A frame by its bits and the places of its weakest.
    fn new(bits: u32, weakest: [u8; WEAKEST]) -> Self {
        let packed = weakest.into_iter().rev().fold(0, |packed, place| packed << 5 | u32::from(place & 31));
        Self { bits, weakest: packed }
    }

    /// What it may have been before a line moved some of its weakest bits: `2^turned` words, itself first; none where it
    /// is too faint.
    pub fn readings(self, turned: u32) -> impl Iterator<Item = u32> {
        let turned = turned.min(WEAKEST as u32);
        (0..1_u32 << turned).take_while(move |_| self.bits != 0).map(move |choice| {
            (0..turned)
                .filter(|place| choice >> place & 1 == 1)
                .fold(self.bits, |bits, place| bits ^ 1 << (self.weakest >> (5 * place) & 31))
        })
    }
}

/// The last 256 ms of a stream, and the bands of its last frame.
#[derive(Clone, Debug)]
pub struct Window {
    /// A ring: `next` is where the oldest lies.
    ring: Box<[i16; WINDOW]>,
    next: u16,
    /// Samples until the next frame is due.
    until: u16,
    bands: Option<[f32; BANDS]>,
}

impl Default for Window {
    fn default() -> Self {
        Self { ring: Box::new([0; WINDOW]), next: 0, until: WINDOW as u16, bands: None }
    }
}

/// Makes frames: one for all streams of a worker.
pub struct Printer {
    transform: Arc<dyn RealToComplex<f32>>,
    hann: Box<[f32; WINDOW]>,
    /// The first line of the spectrum of each band, and the end of the last.
    edges: [u16; BANDS + 1],
    windowed: Vec<f32>,
    spectrum: Vec<Complex<f32>>,
    scratch: Vec<Complex<f32>>,
}

impl Default for Printer {
    fn default() -> Self {
        let transform = RealFftPlanner::new().plan_fft_forward(WINDOW);
        let mut hann = Box::new([0.0; WINDOW]);
        for (place, weight) in hann.iter_mut().enumerate() {
            let turns = place as f64 / WINDOW as f64;
            *weight = (0.5 - 0.5 * (std::f64::consts::TAU * turns).cos()) as f32;
        }
        let mut edges = [0; BANDS + 1];
        for (place, edge) in edges.iter_mut().enumerate() {
            let (low, high) = BAND_HZ;
            let hertz = low * (high / low).powf(place as f64 / BANDS as f64);
            *edge = (hertz * WINDOW as f64 / RATE_HZ).round() as u16;
        }
        let (windowed, spectrum) = (transform.make_input_vec(), transform.make_output_vec());
        let scratch = transform.make_scratch_vec();
        Self { transform, hann, edges, windowed, spectrum, scratch }
    }
}

impl Printer {
    /// Takes samples of a stream in, and hands on its frames that are full.
    pub fn hear(&mut self, window: &mut Window, mut samples: &[i16], mut each: impl FnMut(Frame)) {
        while !samples.is_empty() {
            let due = usize::from(window.until);
            let (now, later) = samples.split_at_checked(due).unwrap_or((samples, &[]));
            window.take(now);
            window.until -= now.len() as u16;
            samples = later;
            if window.until == 0 {
                window.until = HOP as u16;
                let bands = self.bands(window);
                // The first frame has none before it to be compared with.
                if let Some(before) = window.bands.replace(bands) {
                    each(frame(&before, &bands));
                }
            }
        }
    }

    /// Mean power of the window in each band.
    fn bands(&mut self, window: &Window) -> [f32; BANDS] {
        let mut bands = [0.0; BANDS];
        let (newer, older) = window.ring.split_at_checked(usize::from(window.next)).unwrap_or_default();
        let samples = older.iter().chain(newer);
        for ((place, &sample), &weight) in self.windowed.iter_mut().zip(samples).zip(self.hann.iter()) {
            *place = f32::from(sample) * weight;
        }
        let Self { transform, windowed, spectrum, scratch, edges, .. } = self;
        // It refuses buffers of other lengths than its own only.
        if transform.process_with_scratch(windowed, spectrum, scratch).is_err() {
            return bands;
        }
        for (band, edges) in bands.iter_mut().zip(edges.windows(2)) {
            let &[from, to] = edges else { continue };
            let lines = spectrum.get(usize::from(from)..usize::from(to)).unwrap_or_default();
            *band = lines.iter().map(Complex::norm_sqr).sum::<f32>() * SCALE;
        }
        bands
    }
}

/// What makes the power of spectral lines mean power of a sample: both halves of the spectrum over the window's length
/// squared, and over the mean square of Hann's window, 3/8.
const SCALE: f32 = (2.0 / (WINDOW * WINDOW) as f64 * 8.0 / 3.0) as f32;

impl Window {
    fn take(&mut self, samples: &[i16]) {
        for &sample in samples {
            if let Some(place) = self.ring.get_mut(usize::from(self.next)) {
                *place = sample;
            }
            self.next = (self.next + 1) % WINDOW as u16;
        }
    }
}

/// The bits of a frame: whether the step between two bands is greater than it was.
fn frame(before: &[f32; BANDS], now: &[f32; BANDS]) -> Frame {
    if now.iter().sum::<f32>() < POWER_MIN {
        return Frame::default();
    }
    let (mut bits, mut weakest) = (0, [(f32::INFINITY, 0); WEAKEST]);
    for (place, (before, now)) in before.windows(2).zip(now.windows(2)).enumerate() {
        let (&[low_before, high_before], &[low, high]) = (before, now) else { continue };
        let growth = (low - high) - (low_before - high_before);
        bits |= u32::from(growth > 0.0) << place;
        // Kept in order, weakest first: few, so that shifting them is nothing.
        let rank = weakest.iter().position(|&(weak, _)| growth.abs() < weak);
        if let Some(weaker) = rank.and_then(|rank| weakest.get_mut(rank..)) {
            weaker.rotate_right(1);
            if let Some(first) = weaker.first_mut() {
                *first = (growth.abs(), place as u8);
            }
        }
    }
    // 0 is kept for what is too faint.
    Frame::new(bits.max(1), weakest.map(|(_, place)| place))
}

/// The share of bits that differ between two blocks, over the frames that say something in both, and how many these are.
#[must_use]
pub fn error_share(a: &[u32], b: &[u32]) -> (f32, usize) {
    let (mut errors, mut frames) = (0, 0);
    for (&a, &b) in a.iter().zip(b) {
        let both = u32::from(a != 0 && b != 0);
        errors += (a ^ b).count_ones() * both;
        frames += both as usize;
    }
    (errors as f32 / (32 * frames.max(1)) as f32, frames)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tone(hertz: f64, count: usize) -> Vec<i16> {
        let wave = |at: usize| (std::f64::consts::TAU * hertz * at as f64 / RATE_HZ).sin();
        (0..count).map(|at| (8_000.0 * wave(at)) as i16).collect()
    }

    fn frames(samples: &[i16], packet: usize) -> Vec<Frame> {
        let (mut printer, mut window, mut frames) = (Printer::default(), Window::default(), Vec::new());
        for samples in samples.chunks(packet) {
            printer.hear(&mut window, samples, |frame| frames.push(frame));
        }
        frames
    }

    #[test]
    fn the_power_of_a_tone_lies_in_its_band() {
        let (mut printer, mut window) = (Printer::default(), Window::default());
        window.take(&tone(1_000.0, WINDOW));
        let bands = printer.bands(&window);
        let most = (0..BANDS).max_by(|&a, &b| bands[a].total_cmp(&bands[b])).unwrap();
        // ln(1,000 / 300) / ln(2,000 / 300) of 33 bands.
        assert_eq!(most, 20);
        let power: f32 = bands.iter().sum();
        assert!((power / 3.2e7 - 1.0).abs() < 0.02, "the mean square of a sine of 8,000: {power}");
    }

    #[test]
    fn frames_come_every_hop_whatever_the_packet_time() {
        let mut samples = tone(400.0, 4_000);
        samples.extend(tone(1_500.0, 4_000));
        let whole = frames(&samples, samples.len());
        assert_eq!(whole.len(), (8_000 - WINDOW) / HOP);
        assert_eq!(whole, frames(&samples, 160));
        assert_eq!(whole, frames(&samples, 81));
    }

    #[test]
    fn silence_says_nothing() {
        assert!(frames(&[0; 4_000], 160).iter().all(|frame| frame.bits == 0 && frame.readings(3).next().is_none()));
    }

    #[test]
    fn readings_turn_the_weakest_bits() {
        let frame = Frame::new(0b1000, [3, 0, 31, 7, 8]);
        assert_eq!(Vec::from_iter(frame.readings(0)), [0b1000]);
        assert_eq!(Vec::from_iter(frame.readings(2)), [0b1000, 0, 0b1001, 1]);
        assert_eq!(frame.readings(5).count(), 32);
        let (mut before, mut now) = ([1e6; BANDS], [1e6; BANDS]);
        (before[4], now[9]) = (9e5, 3e6);
        let frame = super::frame(&before, &now);
        assert_eq!(frame.bits & 1 << 9, 1 << 9, "the step down from the ninth band grew");
        assert_eq!(frame.weakest & 31, 0, "where nothing changed is weakest");
    }

    #[test]
    fn faint_frames_do_not_count() {
        assert_eq!(error_share(&[0b11, 0, 5], &[0b10, 7, 0]), (1.0 / 32.0, 1));
        assert_eq!(error_share(&[], &[]).1, 0);
    }
}
