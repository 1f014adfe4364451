//! The values of all families.

use std::collections::BTreeMap;

use prometheus::core::Collector;
use prometheus::{GaugeVec, HistogramOpts, HistogramVec, IntCounterVec, Opts, Registry, TextEncoder};

use crate::catalogue::{self, Family, Kind};

/// The families do not fit together, or a label was forgotten: our own mistake, which a test would have found.
pub type Unfit = prometheus::Error;

/// The values of every family of the catalogue, and of the process itself.
pub struct Metrics {
    registry: Registry,
    counters: BTreeMap<&'static str, IntCounterVec>,
    gauges: BTreeMap<&'static str, GaugeVec>,
    histograms: BTreeMap<&'static str, HistogramVec>,
}

impl Metrics {
    /// All families, without a value.
    ///
    /// # Errors
    /// Families that do not fit together.
    pub fn new() -> Result<Self, Unfit> {
        let mut metrics = Self {
            registry: Registry::new(),
            counters: BTreeMap::new(),
            gauges: BTreeMap::new(),
            histograms: BTreeMap::new(),
        };
        for &&Family { name, help, kind, labels } in catalogue::ALL {
            let opts = Opts::new(name, help);
            match kind {
                Kind::Counter => {
                    let family = metrics.registered(IntCounterVec::new(opts, labels)?)?;
                    metrics.counters.insert(name, family);
                }
                Kind::Gauge => {
                    let family = metrics.registered(GaugeVec::new(opts, labels)?)?;
                    metrics.gauges.insert(name, family);
                }
                Kind::Histogram(bounds) => {
                    let opts = HistogramOpts::new(name, help).buckets(bounds.to_vec());
                    let family = metrics.registered(HistogramVec::new(opts, labels)?)?;
                    metrics.histograms.insert(name, family);
                }
            }
        }
        #[cfg(target_os = "linux")]
        metrics.registry.register(Box::new(prometheus::process_collector::ProcessCollector::for_self()))?;
        Ok(metrics)
    }

    fn registered<C: Collector + Clone + 'static>(&self, family: C) -> Result<C, Unfit> {
        self.registry.register(Box::new(family.clone()))?;
        Ok(family)
    }

    /// Says to what a counter has come. It never falls.
    pub fn total(&self, family: &Family, labels: &[&str], total: u64) {
        if let Some(counter) =
            self.counters.get(family.name).and_then(|family| family.get_metric_with_label_values(labels).ok())
        {
            counter.inc_by(total.saturating_sub(counter.get()));
        }
    }

    /// Adds to a counter.
    pub fn add(&self, family: &Family, labels: &[&str], more: u64) {
        if let Some(counter) =
            self.counters.get(family.name).and_then(|family| family.get_metric_with_label_values(labels).ok())
        {
            counter.inc_by(more);
        }
    }

    /// Says where a gauge stands.
    pub fn level(&self, family: &Family, labels: &[&str], level: f64) {
        if let Some(gauge) =
            self.gauges.get(family.name).and_then(|family| family.get_metric_with_label_values(labels).ok())
        {
            gauge.set(level);
        }
    }

    /// Lets all series of a gauge go.
    pub fn forget(&self, family: &Family) {
        if let Some(gauges) = self.gauges.get(family.name) {
            gauges.reset();
        }
    }

    /// Puts an observation in its bucket.
    pub fn observe(&self, family: &Family, labels: &[&str], value: f64) {
        if let Some(histogram) = self.histogram(family, labels) {
            histogram.observe(value);
        }
    }

    /// A histogram, to be kept by who observes often.
    pub(crate) fn histogram(&self, family: &Family, labels: &[&str]) -> Option<prometheus::Histogram> {
        self.histograms.get(family.name)?.get_metric_with_label_values(labels).ok()
    }

    /// A counter, to be kept by who counts often.
    pub(crate) fn counter(&self, family: &Family, labels: &[&str]) -> Option<prometheus::IntCounter> {
        self.counters.get(family.name)?.get_metric_with_label_values(labels).ok()
    }

    /// The page that Prometheus scrapes (text format 0.0.4).
    ///
    /// # Errors
    /// Values that cannot be written, of which there are none.
    pub fn text(&self) -> Result<String, Unfit> {
        TextEncoder::new().encode_to_string(&self.registry.gather())
    }
}
