//! What the probe gives up, so that whoever finds a way into it through a packet finds little there: files that are none of its own
//! (Landlock), system calls that no probe makes (seccomp), the rights of root. Each as far as the kernel offers it; what is not in
//! force stands in the log and in `greyline_sandbox_in_force`.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io;
use std::os::unix::fs::lchown;
use std::path::{Path, PathBuf};

use caps::{CapSet, Capability, CapsHashSet};
use config::Config;
use landlock::{
    ABI, Access, AccessFs, PathBeneath, PathFd, RestrictionStatus, Ruleset, RulesetAttr, RulesetCreatedAttr,
    RulesetError, RulesetStatus,
};
use metrics::Metrics;
use metrics::catalogue::SANDBOX;
use nix::unistd::{User, geteuid, initgroups, setgid, setuid};
use seccompiler::{BpfProgram, SeccompAction, SeccompFilter, TargetArch};

use crate::cli::WatchJob;
use crate::failure::Failure;

/// What of the system is read while it runs: how names are looked up, whom TLS believes, clocks, what the kernel says of interfaces
/// and of this process.
const SYSTEM: [&str; 8] = ["/etc", "/usr", "/lib", "/lib64", "/proc", "/sys", "/run/systemd/resolve", "/dev/urandom"];
/// What of the system is written.
const SINK: &str = "/dev/null";
/// The rights over files that are asked for at most; a kernel that knows fewer gives those.
const RIGHTS: ABI = ABI::V5;

/// System calls that no part of the probe makes: other programs, other processes, the kernel itself, clocks, mounts, keys. [`CLOCK`] stays
/// where it can only be read.
const NEVER: &[i64] = &[
    libc::SYS_execve,
    libc::SYS_execveat,
    libc::SYS_ptrace,
    libc::SYS_process_vm_readv,
    libc::SYS_process_vm_writev,
    libc::SYS_kcmp,
    libc::SYS_bpf,
    libc::SYS_perf_event_open,
    libc::SYS_userfaultfd,
    libc::SYS_io_uring_setup,
    libc::SYS_io_uring_enter,
    libc::SYS_io_uring_register,
    libc::SYS_init_module,
    libc::SYS_finit_module,
    libc::SYS_delete_module,
    libc::SYS_kexec_load,
    libc::SYS_reboot,
    libc::SYS_swapon,
    libc::SYS_swapoff,
    libc::SYS_mount,
    libc::SYS_umount2,
    libc::SYS_pivot_root,
    libc::SYS_chroot,
    libc::SYS_unshare,
    libc::SYS_setns,
    libc::SYS_open_by_handle_at,
    libc::SYS_fanotify_init,
    libc::SYS_settimeofday,
    libc::SYS_clock_settime,
    libc::SYS_clock_adjtime,
    libc::SYS_acct,
    libc::SYS_quotactl,
    libc::SYS_sethostname,
    libc::SYS_setdomainname,
    libc::SYS_add_key,
    libc::SYS_request_key,
    libc::SYS_keyctl,
    libc::SYS_personality,
    libc::SYS_mknodat,
];

/// The system call that says what the clock is worth, and sets it where the right to is there.
const CLOCK: i64 = libc::SYS_adjtimex;

/// System calls that make a connection: none of those who read what strangers sent.
const NETWORK: &[i64] = &[
    libc::SYS_socket,
    libc::SYS_socketpair,
    libc::SYS_connect,
    libc::SYS_bind,
    libc::SYS_listen,
    libc::SYS_accept,
    libc::SYS_accept4,
];

/// What is in force.
#[derive(Clone, Copy, Debug, Default)]
pub struct InForce {
    files: bool,
    calls: bool,
}

/// Shuts this thread in, and all that it begins: before there is another one.
pub fn shut_in(job: &WatchJob, config: &Config) -> InForce {
    if !config.process.sandbox {
        tracing::warn!("the sandbox is switched off (process.sandbox)");
        return InForce::default();
    }
    // It cannot be made once it is out of reach; whoever opens it says why it is not there.
    let _ = config.store.folder.as_ref().map(|folder| store::make(folder.as_ref()));
    let files = match files(job, config) {
        Ok(RestrictionStatus { ruleset: RulesetStatus::FullyEnforced | RulesetStatus::PartiallyEnforced, .. }) => true,
        Ok(_) => {
            tracing::warn!("the kernel offers no Landlock: files that are none of the probe's own stay in its reach");
            false
        }
        Err(error) => {
            tracing::warn!(%error, "files that are none of the probe's own stay in its reach");
            false
        }
    };
    let clocks = leave_clocks_alone();
    let never = NEVER.iter().copied().chain((!clocks).then_some(CLOCK)).collect::<Vec<_>>();
    let calls = match without(&never) {
        Ok(()) => true,
        Err(error) => {
            tracing::warn!(error, "system calls that no probe makes stay in its reach");
            false
        }
    };
    InForce { files, calls }
}

/// From now on this thread, which reads what strangers sent, makes no connection.
pub fn shut_off(config: &Config) {
    if config.process.sandbox
        && let Err(error) = without(NETWORK)
    {
        tracing::warn!(error, "a thread that reads packets may open connections");
    }
}

/// Lets the outside see what is in force.
pub fn publish(in_force: InForce, metrics: &Metrics) {
    let InForce { files, calls } = in_force;
    for (measure, holds) in [("files", files), ("system_calls", calls), ("user", !geteuid().is_root())] {
        metrics.level(&SANDBOX, &[measure], f64::from(u8::from(holds)));
    }
}

fn files(job: &WatchJob, config: &Config) -> Result<RestrictionStatus, RulesetError> {
    let (read, written) = paths(job, config);
    let all = AccessFs::from_all(RIGHTS);
    // Nothing of what is in reach is a program to run.
    let (reads, writes) = (AccessFs::from_read(RIGHTS) & !AccessFs::Execute, all & !AccessFs::Execute);
    let mut ruleset = Ruleset::default().handle_access(all)?.create()?;
    for (paths, rights) in [(read, reads), (written, writes)] {
        for path in paths {
            // What is not there is out of reach already.
            let (Ok(opened), Ok(about)) = (PathFd::new(&path), fs::metadata(&path)) else { continue };
            let rights = if about.is_dir() { rights } else { rights & AccessFs::from_file(RIGHTS) };
            ruleset = ruleset.add_rule(PathBeneath::new(opened, rights))?;
        }
    }
    ruleset.restrict_self()
}

/// What is read, and what is written: files that may be replaced by others of their name by their folders.
fn paths(job: &WatchJob, config: &Config) -> (BTreeSet<PathBuf>, BTreeSet<PathBuf>) {
    let folder = |file: &Path| match file.parent() {
        Some(parent) if parent != Path::new("") => parent.to_owned(),
        _ => PathBuf::from("."),
    };
    let mut read: BTreeSet<_> = SYSTEM.into_iter().map(PathBuf::from).collect();
    read.extend(job.tap.config.iter().filter(|file| file.as_path() != Path::new("-")).map(|file| folder(file)));
    read.extend(config.files_read().into_iter().map(|file| folder(Path::new(file))));
    read.extend(config.capture.folders.iter().map(PathBuf::from));
    // Whom TLS believes, where the system is told to look elsewhere.
    read.extend(["SSL_CERT_FILE", "SSL_CERT_DIR"].into_iter().filter_map(std::env::var_os).map(PathBuf::from));
    let mut written = BTreeSet::from([PathBuf::from(SINK), PathBuf::from(&config.state.folder)]);
    let outputs = [&job.alerts, &job.shadow, &job.calls, &job.summary].into_iter().flatten();
    written.extend(outputs.filter(|file| file.as_path() != Path::new("-")).map(|file| folder(file)));
    written.extend(config.files_written().into_iter().map(|file| folder(Path::new(file))));
    written.extend(config.store.folder.iter().map(PathBuf::from));
    (read, written)
}

/// Files and folders that a configuration names and that the one the sandbox was made for leaves out of reach.
pub fn outside(job: &WatchJob, config: &Config, began: &Config) -> Vec<String> {
    if !began.process.sandbox {
        return Vec::new();
    }
    let ((read, written), (reads, writes)) = (paths(job, began), paths(job, config));
    let lacks = |paths: BTreeSet<PathBuf>, reach: &[&BTreeSet<PathBuf>]| {
        let is_in = |path: &Path| reach.iter().any(|paths| paths.iter().any(|inside| path.starts_with(inside)));
        paths.into_iter().filter(|path| !is_in(path)).collect::<Vec<_>>()
    };
    let lacking = lacks(reads, &[&read, &written]).into_iter().chain(lacks(writes, &[&written]));
    lacking.map(|path| path.display().to_string()).collect()
}

/// Gives up the right to set clocks, which root has; whether it is gone.
fn leave_clocks_alone() -> bool {
    let drop = |set| caps::drop(None, set, Capability::CAP_SYS_TIME);
    let gone = [CapSet::Effective, CapSet::Permitted].into_iter().try_for_each(drop);
    if let Err(error) = &gone {
        tracing::warn!(%error, "the right to set clocks could not be given up: what they are worth is not asked");
    }
    gone.is_ok()
}

/// Does without these system calls, which fail from now on in this thread and those it begins.
fn without(calls: &[i64]) -> Result<(), String> {
    let said = |error: &dyn std::fmt::Display| error.to_string();
    let arch = TargetArch::try_from(std::env::consts::ARCH).map_err(|error| said(&error))?;
    let rules: BTreeMap<_, _> = calls.iter().map(|&call| (call, Vec::new())).collect();
    let refused = SeccompAction::Errno(libc::EPERM.unsigned_abs());
    let filter = SeccompFilter::new(rules, SeccompAction::Allow, refused, arch).map_err(|error| said(&error))?;
    let program = BpfProgram::try_from(filter).map_err(|error| said(&error))?;
    seccompiler::apply_filter(&program).map_err(|error| said(&error))
}

/// Goes on as the user of the configuration, where it is root's process: all threads there are. Where interfaces are read, this thread
/// and those it begins keep the right to open them again. What lies in the folders of state
/// and of the store is the user's from then on.
///
/// # Errors
/// A user who is not there, or a step that the kernel refuses: nothing is read as root that was not to be.
pub fn drop_privileges(config: &Config) -> Result<(), Failure> {
    let Some(name) = config.process.user.as_deref().filter(|_| geteuid().is_root()) else { return Ok(()) };
    let failed =
        |what: &str, error: &dyn std::fmt::Display| Failure::Service(format!("process.user {name}: {what}: {error}"));
    let user = User::from_name(name).map_err(|error| failed("looking it up", &error))?;
    let user = user.ok_or_else(|| failed("looking it up", &"there is no such user"))?;
    let owner = (user.uid.as_raw(), user.gid.as_raw());
    for folder in [&config.state.folder].into_iter().chain(&config.store.folder) {
        give(Path::new(folder), owner).map_err(|error| failed(folder, &error))?;
    }
    let named = std::ffi::CString::new(name).map_err(|error| failed("its name", &error))?;
    caps::securebits::set_keepcaps(true).map_err(|error| failed("keeping capabilities", &error))?;
    initgroups(&named, user.gid).map_err(|error| failed("its groups", &error))?;
    setgid(user.gid).map_err(|error| failed("its group", &error))?;
    setuid(user.uid).map_err(|error| failed("becoming it", &error))?;
    let mut kept = CapsHashSet::new();
    if !config.capture.interfaces.is_empty() {
        kept.insert(Capability::CAP_NET_RAW);
    }
    let none = CapsHashSet::new();
    for (set, own) in [(CapSet::Effective, &kept), (CapSet::Permitted, &kept), (CapSet::Inheritable, &none)] {
        caps::set(None, set, own).map_err(|error| failed("giving up capabilities", &error))?;
    }
    caps::securebits::set_keepcaps(false).map_err(|error| failed("keeping capabilities", &error))?;
    tracing::info!(user = name, keeps_net_raw = !kept.is_empty(), "privileges were given up");
    Ok(())
}

/// Gives a folder and what is in it to a user. Links are given, not what they lead to.
fn give(path: &Path, (user, group): (u32, u32)) -> io::Result<()> {
    lchown(path, Some(user), Some(group))?;
    if fs::symlink_metadata(path)?.is_dir() {
        for entry in fs::read_dir(path)? {
            give(&entry?.path(), (user, group))?;
        }
    }
    Ok(())
}
