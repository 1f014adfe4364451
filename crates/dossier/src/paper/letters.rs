//! Text set in lines: which letters of which font stand where.

use std::borrow::Cow;
use std::rc::Rc;
use std::sync::Arc;

use krilla::text::{Font, GlyphId, KrillaGlyph};
use parley::fontique::{Blob, Collection, CollectionOptions};
use parley::layout::{Alignment, AlignmentOptions, Cluster, PositionedLayoutItem};
use parley::style::{FontFamily, FontFamilyName, FontWeight, LineHeight, OverflowWrap, StyleProperty};
use parley::{BaseDirection, FontContext, Layout, LayoutContext};

use super::Unprintable;
use super::sheets::Ink;
use crate::text::{Text, is_treacherous};

/// The fonts, and the names they go by: one for European letters, one for Arabic ones.
const FONTS: [&[u8]; 4] = [
    include_bytes!("../../fonts/NotoSans-Regular.ttf"),
    include_bytes!("../../fonts/NotoSans-Bold.ttf"),
    include_bytes!("../../fonts/NotoNaskhArabic-Regular.ttf"),
    include_bytes!("../../fonts/NotoNaskhArabic-Bold.ttf"),
];
const FAMILIES: [FontFamilyName<'static>; 2] =
    [FontFamilyName::Named(Cow::Borrowed("Noto Sans")), FontFamilyName::Named(Cow::Borrowed("Noto Naskh Arabic"))];

/// What others wrote is kept apart from what stands around it (UAX #9, isolates).
const APART: [char; 2] = ['\u{2068}', '\u{2069}'];

/// How text is set.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Style {
    /// In points.
    pub size: f32,
    pub bold: bool,
    pub ink: Ink,
    /// Whether it is written from right to left.
    pub from_right: bool,
    pub side: Side,
}

/// Where lines stand that do not fill their width.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Side {
    /// Where reading begins.
    Start,
    Left,
    Middle,
    Right,
}

/// A line of text.
#[derive(Clone, Debug)]
pub(crate) struct Line {
    /// How much room it takes.
    pub height: f32,
    /// Where its letters stand, from its top.
    pub baseline: f32,
    pub ink: Ink,
    pub runs: Vec<Run>,
}

/// Letters of one font side by side.
#[derive(Clone, Debug)]
pub(crate) struct Run {
    /// From where the line begins.
    pub x: f32,
    pub size: f32,
    pub font: Font,
    pub glyphs: Vec<KrillaGlyph>,
    /// The text that the letters stand for.
    pub text: Rc<str>,
}

/// Sets text.
pub(crate) struct Letters {
    fonts: FontContext,
    layouts: LayoutContext<()>,
    /// Each font by the number its bytes go by.
    faces: Vec<(u64, Font)>,
}

impl Letters {
    pub fn new() -> Result<Self, Unprintable> {
        let collection = Collection::new(CollectionOptions { shared: false, system_fonts: false });
        let mut fonts = FontContext { collection, source_cache: parley::fontique::SourceCache::default() };
        let faces = FONTS.map(|bytes| {
            let blob = Blob::new(Arc::new(bytes));
            fonts.collection.register_fonts(blob.clone(), None);
            Font::new(bytes.into(), 0).map(|face| (blob.id(), face))
        });
        let faces = faces.into_iter().collect::<Option<_>>();
        let faces = faces.ok_or_else(|| Unprintable("a font of its own cannot be read".to_owned()))?;
        Ok(Self { fonts, layouts: LayoutContext::new(), faces })
    }

    /// Sets text within a width. What no font has a letter for is named by its number.
    pub fn set(&mut self, text: &Text, style: &Style, width: f32) -> Vec<Line> {
        let mut written = plain(text, style.from_right);
        let mut layout = self.layout(&written, style, width);
        let missing = missing(&layout);
        if !missing.is_empty() {
            let named = |(at, letter): (usize, char)| match missing.iter().any(|range| range.contains(&at)) {
                true => format!("[U+{:04X}]", u32::from(letter)),
                false => letter.to_string(),
            };
            written = written.char_indices().map(named).collect();
            layout = self.layout(&written, style, width);
        }
        self.lines(&layout, &written.into(), style)
    }

    fn layout(&mut self, text: &str, style: &Style, width: f32) -> Layout<()> {
        let Self { fonts, layouts, .. } = self;
        let mut builder = layouts.ranged_builder(fonts, text, 1.0, false);
        builder.push_default(StyleProperty::FontFamily(FontFamily::List(Cow::Borrowed(&FAMILIES))));
        builder.push_default(StyleProperty::FontSize(style.size));
        builder.push_default(StyleProperty::FontWeight(if style.bold { FontWeight::BOLD } else { FontWeight::NORMAL }));
        let height = if style.from_right { 1.8 } else { 1.4 };
        builder.push_default(StyleProperty::LineHeight(LineHeight::FontSizeRelative(height)));
        builder.push_default(StyleProperty::OverflowWrap(OverflowWrap::Anywhere));
        builder.set_base_direction(if style.from_right { BaseDirection::Rtl } else { BaseDirection::Ltr });
        let mut layout = builder.build(text);
        layout.break_all_lines(Some(width));
        let side = match style.side {
            Side::Start => Alignment::Start,
            Side::Left => Alignment::Left,
            Side::Middle => Alignment::Center,
            Side::Right => Alignment::Right,
        };
        layout.align(side, AlignmentOptions::default());
        layout
    }

    fn lines(&self, layout: &Layout<()>, text: &Rc<str>, style: &Style) -> Vec<Line> {
        let lines = layout.lines().map(|line| {
            let metrics = line.metrics();
            let runs = line.items().filter_map(|item| {
                let PositionedLayoutItem::GlyphRun(glyphs) = item else { return None };
                let (run, x) = (glyphs.run(), glyphs.offset());
                let (_, font) = self.faces.iter().find(|(id, _)| *id == run.font().data.id())?;
                let size = run.font_size();
                let glyphs = run.visual_clusters().fold(Vec::new(), |glyphs, cluster| with(glyphs, &cluster, size));
                Some(Run { x, size, font: font.clone(), glyphs, text: text.clone() })
            });
            let baseline = metrics.baseline - metrics.block_min_coord;
            Line { height: metrics.line_height, baseline, ink: style.ink, runs: runs.collect() }
        });
        lines.collect()
    }
}

/// The letters of a cluster behind those before it.
fn with(mut glyphs: Vec<KrillaGlyph>, cluster: &Cluster<'_, ()>, size: f32) -> Vec<KrillaGlyph> {
    if cluster.is_ligature_continuation() {
        if let Some(last) = glyphs.last_mut() {
            let range = cluster.text_range();
            last.text_range = last.text_range.start.min(range.start)..last.text_range.end.max(range.end);
        }
        return glyphs;
    }
    glyphs.extend(cluster.glyphs().map(|glyph| {
        let [advance, x, y] = [glyph.advance, glyph.x, glyph.y].map(|points| points / size);
        KrillaGlyph::new(GlyphId::new(glyph.id), advance, x, y, 0.0, cluster.text_range(), None)
    }));
    glyphs
}

/// Where there is text that no font has a letter for.
fn missing(layout: &Layout<()>) -> Vec<std::ops::Range<usize>> {
    let runs = layout.lines().flat_map(|line| line.runs().collect::<Vec<_>>());
    let clusters = runs.flat_map(|run| run.clusters().collect::<Vec<_>>());
    let missing = clusters.filter(|cluster| cluster.glyphs().any(|glyph| glyph.id == 0));
    missing.map(|cluster| cluster.text_range()).collect()
}

/// Text as it is set: what moves cursors or turns the direction of writing is a dot, and what others wrote does not turn what
/// stands around it.
fn plain(text: &Text, from_right: bool) -> String {
    let mut plain = String::new();
    for piece in text.pieces() {
        let apart = piece.foreign && (from_right || !piece.text.is_ascii());
        plain.extend(apart.then_some(APART[0]));
        plain.extend(piece.text.chars().map(|letter| if is_treacherous(letter) { '·' } else { letter }));
        plain.extend(apart.then_some(APART[1]));
    }
    plain
}
