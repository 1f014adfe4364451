//! `scorecard SCENARIO...`: plays scenarios straight into judgement and says what was found, how soon, under which name, and
//! who was accused who did nothing. Without a scenario, all of them: the card that is kept in `results/`.

#![allow(clippy::print_stdout, clippy::print_stderr, reason = "the table is the output")]

use std::error::Error;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::{Duration, Instant};

use benches::arguments::Arguments;
use benches::scorecard::{Done, Findings, Joined, Roll, knowledge_and};
use benches::switch::Switch;
use detect::{Judge, MeanE, Settings, Tables};
use synth::{Label, Options, Scenario};

const USAGE: &str = "\
scorecard [SCENARIO...] [--seed 1] [--seeds 1] [--days 3] [--warm-up 7] [--hardness 0] [--scale 0.1] [--nats N] [--blind] [--with FILE] [--alerts] [--means] [--switch]
  --nats    evidence an alert needs, in nats (the configuration's budget without it)
  --blind   judge without what the operator of the scenario would have written down
  --with    a configuration beside what the operator would have written down, or, with --blind, instead of it
  --alerts  every alert beside the table: its members in the end, and whose calls it counts
  --means   the mean e-values of what calls show, class by class, in place of the table
  --switch  calls as the records of a switch tell of them: causes, no ringing, no software, no media";

fn main() -> ExitCode {
    match run(Arguments::of_program()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("scorecard: {error}\n\n{USAGE}");
            ExitCode::from(2)
        }
    }
}

/// What is judged, and how.
struct Plan {
    options: Options,
    seeds: std::ops::Range<u64>,
    nats: Option<f32>,
    blind: bool,
    more: String,
    alerts: bool,
    means: bool,
    switch: bool,
}

fn run(mut arguments: Arguments) -> Result<(), Box<dyn Error>> {
    let first = arguments.value("--seed", 1_u64)?;
    let plan = Plan {
        options: Options {
            days: arguments.value("--days", 3.0)?,
            warm_up_days: arguments.value("--warm-up", 7.0)?,
            hardness: arguments.value("--hardness", 0)?,
            scale: arguments.value("--scale", 0.1)?,
            media: true,
            ..Options::default()
        },
        seeds: first..first + arguments.value("--seeds", 1)?,
        nats: arguments.optional("--nats")?,
        blind: arguments.flag("--blind"),
        more: arguments.optional::<String>("--with")?.map(std::fs::read_to_string).transpose()?.unwrap_or_default(),
        alerts: arguments.flag("--alerts"),
        means: arguments.flag("--means"),
        switch: arguments.flag("--switch"),
    };
    let mut names: Vec<String> = std::iter::from_fn(|| arguments.word()).collect();
    arguments.finish()?;
    if names.is_empty() {
        names.extend(Scenario::names().map(|(name, _)| name.to_owned()).filter(|name| name != "everything"));
    }
    if plan.means {
        println!("| scenario | sheet | class | events | mean e | highest of a feature | of values | broken |");
        println!("|---|---|---|--:|--:|---|--:|---|");
        for name in &names {
            Row::of(name, &plan)?;
        }
        return Ok(());
    }
    println!(
        "| scenario | calls | frauds | found | after calls (answered, over) | after minutes, median and p95 | as | alerts each | false alerts | pairs joined | falsely | µs a call |"
    );
    println!("|---|--:|--:|--:|---|---|---|---|--:|--:|--:|--:|");
    for name in &names {
        Row::of(name, &plan)?.print(name);
    }
    Ok(())
}

/// Mean e-values of a scenario, a line for each class.
fn print_means(name: &str, means: &[MeanE]) {
    for whole in means.iter().filter(|mean| mean.feature.is_none()) {
        let of = |mean: &&MeanE| mean.feature.is_some() && (mean.sheet, &mean.class) == (whole.sheet, &whole.class);
        let own: Vec<_> = means.iter().filter(of).collect();
        let named = |mean: &&MeanE| mean.feature.map_or("together", |feature| feature.name());
        let highest = own.iter().filter(|mean| mean.values >= 200).max_by(|a, b| a.mean.total_cmp(&b.mean));
        let highest = highest.map_or((String::new(), 0), |mean| {
            (format!("{} {:.3} ± {:.3}", named(mean), mean.mean, mean.error), mean.values)
        });
        let broken: Vec<_> = own.iter().filter(|mean| mean.is_broken()).map(named).collect();
        println!(
            "| {name} | {} | {} | {} | {:.3} ± {:.3} | {} | {} | {} |",
            whole.sheet.name(),
            whole.class,
            whole.values,
            whole.mean,
            whole.error,
            highest.0,
            highest.1,
            broken.join(", ")
        );
    }
}

/// What became of a scenario, over all seeds.
#[derive(Default)]
struct Row {
    calls: u64,
    frauds: usize,
    /// For each that was found: what it had done before, and the alert's kind at the end.
    found: Vec<(Done, &'static str)>,
    alerts_each: Vec<usize>,
    falsely: usize,
    joined: Joined,
    took: Duration,
}

impl Row {
    fn of(name: &str, plan: &Plan) -> Result<Self, Box<dyn Error>> {
        let mut row = Self::default();
        for seed in plan.seeds.clone() {
            let usual = Scenario::usual(name);
            let options = Options { seed, start: usual.start, ..plan.options };
            let scenario = Scenario::named(name, &options)?;
            let cast = Some(scenario.cast()).filter(|_| !plan.blind);
            let known = Arc::new(knowledge_and(cast, &plan.more)?);
            let mut settings = Settings::of(&known);
            settings.threshold_nats = plan.nats.unwrap_or(settings.threshold_nats);
            let mut judge = Judge::new(settings, Tables::ours()?, known, Findings::default())?;
            let mut roll = Roll::default();
            let began = Instant::now();
            if plan.switch {
                scenario.play(&mut Switch(&mut judge), &mut roll);
            } else {
                scenario.play(&mut judge, &mut roll);
            }
            if plan.means {
                judge.drain();
                print_means(name, &judge.means());
            }
            let findings = judge.into_hearer();
            row.took += began.elapsed();
            row.add(&roll, &findings);
            if plan.alerts {
                for finding in findings.opened() {
                    let head = roll.group_of(finding).and_then(|group| roll.head(group));
                    let group = head.map_or("?", |head| &head.id);
                    eprintln!(
                        "{name} {seed}: {} {} {:.0} dB {} ({group}): {}",
                        finding.time, finding.kind, finding.db, finding.entity, finding.why
                    );
                    let last = findings.last(finding.id);
                    eprintln!(
                        "  in the end {} {:.0} dB, {}; {} members: {}; calls of {:?}",
                        last.kind,
                        last.db,
                        last.why,
                        last.members.len(),
                        last.members.join(" "),
                        roll.groups_in(&findings, finding.id)
                    );
                }
            }
        }
        Ok(row)
    }

    fn add(&mut self, roll: &Roll, findings: &Findings) {
        self.calls += roll.calls();
        let Joined { own, rightly, others, falsely } = roll.joined(findings);
        self.joined.own += own;
        self.joined.rightly += rightly;
        self.joined.others += others;
        self.joined.falsely += falsely;
        let guilty = |group| roll.head(group).is_some_and(|head| head.label == Label::Fraud);
        let of: Vec<_> =
            findings.opened().map(|finding| (roll.group_of(finding).filter(|&group| guilty(group)), finding)).collect();
        self.falsely += of.iter().filter(|(group, _)| group.is_none()).count();
        for (group, _) in roll.frauds() {
            self.frauds += 1;
            let mut own = of.iter().filter(|(found, _)| *found == Some(group)).map(|(_, finding)| finding).peekable();
            if let Some(first) = own.peek() {
                self.found.push((roll.done(group, first.at), findings.last(first.id).kind));
                self.alerts_each.push(own.count());
            }
        }
    }

    fn print(mut self, name: &str) {
        self.found.sort_by_key(|(done, _)| done.calls);
        let median = self.found.get(self.found.len() / 2);
        let after =
            median.map_or(String::new(), |(done, _)| format!("{} ({}, {})", done.calls, done.answered, done.over));
        let mut minutes: Vec<_> = self.found.iter().map(|(done, _)| done.minutes).collect();
        minutes.sort_by(f64::total_cmp);
        let at = |share: f64| minutes.get((share * minutes.len() as f64) as usize).or(minutes.last());
        let minutes = at(0.5).zip(at(0.95)).map_or(String::new(), |(median, most)| format!("{median:.1}, {most:.1}"));
        let mut kinds: Vec<_> = self.found.iter().map(|(_, kind)| *kind).collect();
        kinds.sort_unstable();
        kinds.dedup();
        let most = self.alerts_each.iter().max().map_or(String::new(), ToString::to_string);
        let rightly = match self.joined {
            Joined { own: 0, .. } => String::new(),
            Joined { own, rightly, .. } => format!("{:.1} %", 100.0 * rightly as f64 / own as f64),
        };
        println!(
            "| {name} | {} | {} | {} | {after} | {minutes} | {} | {most} | {} | {rightly} | {:.1e} | {:.1} |",
            self.calls,
            self.frauds,
            self.found.len(),
            kinds.join(" "),
            self.falsely,
            self.joined.falsely as f64 / self.joined.others.max(1) as f64,
            self.took.as_secs_f64() * 1e6 / self.calls.max(1) as f64
        );
    }
}
