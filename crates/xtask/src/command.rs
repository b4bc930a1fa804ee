//! Runs other programs, and prints which and how long they took.

use std::{
    env,
    ffi::OsStr,
    fs,
    path::PathBuf,
    process::{Command, Stdio},
    thread,
    time::Instant,
};

use anyhow::{Context as _, bail};

/// The repository's root.
pub(crate) fn root() -> PathBuf {
    let here = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    here.ancestors().nth(2).map(PathBuf::from).unwrap_or(here)
}

/// A program that runs in the repository's root, without standard input. It does not inherit
/// the variables by which cargo describes this task: they contain the clone's path, and some
/// build scripts, with all that depends on them, would run again in every clone.
pub(crate) fn program(name: impl AsRef<OsStr>) -> Command {
    let mut command = Command::new(name);
    command.current_dir(root()).stdin(Stdio::null());
    for (variable, _) in env::vars_os() {
        let variable = variable.to_string_lossy();
        if variable.starts_with("CARGO_PKG_") || variable.starts_with("CARGO_MANIFEST_") {
            command.env_remove(&*variable);
        }
    }
    command
}

/// The same cargo that runs this task.
pub(crate) fn cargo() -> Command {
    program(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
}

/// Prints what is being done, runs the command, and prints how long it took.
pub(crate) fn step(what: &str, command: &mut Command) -> anyhow::Result<()> {
    eprintln!("→ {what}");
    let started = Instant::now();
    let name = command.get_program().to_string_lossy().into_owned();
    let status = command.status().with_context(|| format!("{what}: {name} cannot be started"))?;
    if !status.success() {
        bail!("{what}: {name} failed ({status})");
    }
    eprintln!("  {what}: {:.1} s", started.elapsed().as_secs_f64());
    Ok(())
}

/// The output of a program, or nothing if it is missing or fails.
pub(crate) fn output(command: &mut Command) -> Option<String> {
    let output = command.stderr(Stdio::null()).output().ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).into_owned())
}

/// The date and machine of a measurement, for a report's first line.
pub(crate) fn machine() -> anyhow::Result<String> {
    let date = output(Command::new("date").args(["-u", "+%Y-%m-%d"])).unwrap_or_default();
    let cpu = fs::read_to_string("/proc/cpuinfo")?;
    let model = cpu.lines().find_map(|line| line.strip_prefix("model name")).unwrap_or_default();
    let chromium =
        output(Command::new("/usr/bin/chromium").args(["--version", "--no-sandbox"])).unwrap_or_default();
    Ok(format!(
        "on {}: {} × {}, {}",
        date.trim(),
        thread::available_parallelism()?,
        model.trim_start_matches(['\t', ' ', ':']),
        chromium.trim(),
    ))
}
