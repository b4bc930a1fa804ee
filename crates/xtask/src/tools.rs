//! Installs the tools that a build needs beyond cargo, once, into a folder in the user's cache
//! by name and version, so that all clones share them.

use std::{
    env, fs,
    path::{Path, PathBuf},
};

use anyhow::{Context as _, bail};

use crate::command::{cargo, output, program, root, step};

const TRUNK: &str = "0.21.14";
const CARGO_DENY: &str = "0.20.2";

/// Adds the wasm target if rustup lacks it.
pub(crate) fn wasm_target() -> anyhow::Result<()> {
    const TARGET: &str = "wasm32-unknown-unknown";
    let sysroot = output(program("rustc").args(["--print", "target-libdir", "--target", TARGET]));
    if sysroot.is_some_and(|folder| Path::new(folder.trim()).exists()) {
        return Ok(());
    }
    step("add the wasm target", program("rustup").args(["target", "add", TARGET]))
}

/// A `PATH` with Trunk and the wasm-bindgen version in the lock file.
pub(crate) fn path_with_build_tools() -> anyhow::Result<std::ffi::OsString> {
    wasm_target()?;
    let folders =
        [installed("trunk", TRUNK)?, installed("wasm-bindgen-cli", &locked_version("wasm-bindgen")?)?];
    let path = env::var_os("PATH").unwrap_or_default();
    Ok(env::join_paths(folders.into_iter().chain(env::split_paths(&path)))?)
}

/// The folder with cargo-deny.
pub(crate) fn cargo_deny() -> anyhow::Result<PathBuf> {
    Ok(installed("cargo-deny", CARGO_DENY)?.join("cargo-deny"))
}

/// wasm-opt from the Node packages, which are installed if npm is available.
pub(crate) fn wasm_opt() -> anyhow::Result<Option<PathBuf>> {
    node_program("wasm-opt")
}

/// esbuild, in the same way.
pub(crate) fn esbuild() -> anyhow::Result<Option<PathBuf>> {
    node_program("esbuild")
}

fn node_program(name: &str) -> anyhow::Result<Option<PathBuf>> {
    if output(program("npm").arg("--version")).is_none() {
        return Ok(None);
    }
    node_packages()?;
    Ok(Some(root().join("node_modules/.bin").join(name)))
}

/// Installs the Node packages in the lock file, if they are not installed.
pub(crate) fn node_packages() -> anyhow::Result<()> {
    let lock = fs::read(root().join("package-lock.json"))?;
    let mark = root().join("node_modules/.installed-lock.json");
    if fs::read(&mark).is_ok_and(|installed| installed == lock) {
        return Ok(());
    }
    step("install the Node packages", program("npm").args(["ci", "--no-audit", "--no-fund"]))?;
    fs::write(mark, lock)?;
    Ok(())
}

/// The programs of the Python packages in `tests/api/requirements.txt`, in their own virtual
/// environment.
pub(crate) fn python_packages() -> anyhow::Result<PathBuf> {
    let wanted = root().join("tests/api/requirements.txt");
    let requirements = fs::read(&wanted)?;
    let home = cache_folder()?.join("python");
    let mark = home.join("installed.txt");
    if fs::read(&mark).is_ok_and(|installed| installed == requirements) {
        return Ok(home.join("bin"));
    }
    debian("/usr/bin/python3", &["python3"])?;
    if output(program("python3").args(["-c", "import ensurepip"])).is_none() {
        debian("/usr/share/doc/python3-venv", &["python3-venv"])?;
    }
    step("make a Python environment", program("python3").args(["-m", "venv", "--clear"]).arg(&home))?;
    step(
        "install the Python packages",
        program(home.join("bin/pip"))
            .args(["install", "--quiet", "--disable-pip-version-check", "--requirement"])
            .arg(&wanted),
    )?;
    fs::write(mark, requirements)?;
    Ok(home.join("bin"))
}

/// Ensures that a program from Debian's packages is installed, and installs it if permitted.
pub(crate) fn debian(program_path: &str, packages: &[&str]) -> anyhow::Result<()> {
    if Path::new(program_path).exists() {
        return Ok(());
    }
    let is_root = output(program("id").arg("-u")).is_some_and(|id| id.trim() == "0");
    let command = format!("apt-get install -y {}", packages.join(" "));
    if !is_root || output(program("apt-get").arg("--version")).is_none() {
        bail!("{program_path} is missing; as root, run: {command}");
    }
    step("update the list of Debian packages", program("apt-get").args(["update", "-qq"]))?;
    step(
        &format!("install {}", packages.join(" ")),
        program("apt-get")
            .args(["install", "-y", "-qq", "--no-install-recommends"])
            .args(packages)
            .env("DEBIAN_FRONTEND", "noninteractive"),
    )
}

/// The folder with a tool's program, which is installed with cargo if missing.
fn installed(name: &str, version: &str) -> anyhow::Result<PathBuf> {
    let home = cache_folder()?.join(format!("{name}-{version}"));
    let bin = home.join("bin");
    // cargo writes this file last, so that an interrupted install is repeated.
    if home.join(".crates.toml").exists() {
        return Ok(bin);
    }
    // The tools share a target folder for their common dependencies.
    let compiled = cache_folder()?.join("target");
    let install = |locked: &[&str]| {
        let mut command = cargo();
        command
            .args(["install", name, "--version", version, "--root"])
            .arg(&home)
            .args(locked)
            // These tools run for seconds only, so fast compilation matters more: with
            // link-time optimisation they take 20 minutes on two cores.
            .env("CARGO_PROFILE_RELEASE_LTO", "off")
            .env("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "16")
            .env("CARGO_PROFILE_RELEASE_OPT_LEVEL", "1")
            .env("CARGO_PROFILE_RELEASE_DEBUG", "0")
            .env("CARGO_TARGET_DIR", &compiled)
            // Outside the repository, whose pinned target and profiles do not apply to tools.
            .current_dir(env::temp_dir());
        command
    };
    let what = format!("install {name} {version}, once, into {}", home.display());
    step(&what, &mut install(&["--locked"])).or_else(|_| {
        // A release's own lock file may contain a crate version that the configured registry
        // does not have.
        step(&format!("{what}, without its lock file"), &mut install(&[]))
    })?;
    Ok(bin)
}

fn cache_folder() -> anyhow::Result<PathBuf> {
    let base = env::var_os("XDG_CACHE_HOME")
        .map(PathBuf::from)
        .or_else(|| env::home_dir().map(|home| home.join(".cache")))
        .context("neither XDG_CACHE_HOME nor a home folder is known")?;
    Ok(base.join("campaign-hub/tools"))
}

/// The version of a crate in the lock file.
fn locked_version(name: &str) -> anyhow::Result<String> {
    let lock: toml::Table = fs::read_to_string(root().join("Cargo.lock"))?.parse()?;
    let packages = lock["package"].as_array().context("Cargo.lock lists packages")?;
    packages
        .iter()
        .find(|package| package["name"].as_str() == Some(name))
        .and_then(|package| package["version"].as_str())
        .map(str::to_owned)
        .with_context(|| format!("Cargo.lock has no {name}"))
}
