//! A PostgreSQL server for the tests: an unprivileged process on a free port, with its data in
//! a temporary folder that is removed at the end.

use std::{
    fs,
    net::TcpListener,
    os::unix::fs::PermissionsExt as _,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::{
        OnceLock,
        atomic::{AtomicU32, Ordering},
        mpsc,
    },
    thread,
};

const USER: &str = "hub";
const FOLDER: &str = "campaign-hub-postgres-";

/// The URL of a new, empty database.
pub(crate) fn new_database() -> String {
    static DATABASES: AtomicU32 = AtomicU32::new(0);
    create_database(port(), &format!("test_{}", DATABASES.fetch_add(1, Ordering::Relaxed)))
}

fn create_database(port: u16, name: &str) -> String {
    let created = Command::new(bin().join("createdb"))
        .args(["-h", "127.0.0.1", "-p", &port.to_string(), "-U", USER, name])
        .status()
        .expect("createdb can be started");
    assert!(created.success(), "createdb {name}");
    format!("postgres://{USER}@127.0.0.1:{port}/{name}")
}

/// The port of the server, which is started by the first caller.
fn port() -> u16 {
    static PORT: OnceLock<u16> = OnceLock::new();
    *PORT.get_or_init(|| {
        let (send, started) = mpsc::channel();
        // The server ends with the thread that started it, so that thread must outlive every
        // test.
        thread::spawn(move || {
            let shared = Cluster::start("", false);
            send.send(shared.port).expect("somebody waits");
            loop {
                thread::park();
            }
        });
        started.recv().expect("PostgreSQL starts")
    })
}

/// A PostgreSQL server, stopped when this value is dropped.
pub(crate) struct Cluster {
    data: PathBuf,
    port: u16,
    /// Whether commits survive a crash; without that it is faster.
    durable: bool,
    settings: &'static [&'static str],
    process: Child,
}

impl Cluster {
    /// Starts a server with its data in a folder of this name.
    pub(crate) fn start(name: &str, durable: bool) -> Self {
        Self::start_with(name, durable, &[], |_| {})
    }

    /// Starts a server with a certificate and a key that requires TLS.
    pub(crate) fn start_with_tls(name: &str, certificate: &Path, key: &Path) -> Self {
        Self::start_with(name, false, &["-c", "ssl=on"], |data| {
            fs::write(data.join("pg_hba.conf"), "hostssl all all 127.0.0.1/32 trust\n").expect("a file");
            for (from, to) in [(certificate, "server.crt"), (key, "server.key")] {
                let to = data.join(to);
                fs::copy(from, &to).expect("a file");
                fs::set_permissions(&to, fs::Permissions::from_mode(0o600)).expect("a mode");
                give_to_postgres(&to);
            }
        })
    }

    fn start_with(
        name: &str,
        durable: bool,
        settings: &'static [&'static str],
        prepare: impl FnOnce(&Path),
    ) -> Self {
        remove_stale();
        let folder = std::env::temp_dir().join(format!("{FOLDER}{}{name}", std::process::id()));
        fs::create_dir(&folder).expect("a temporary folder");
        let data = folder.join("data");
        give_to_postgres(&folder);
        let made = unprivileged("initdb")
            .args([
                "--auth=trust",
                "--no-sync",
                "--encoding=UTF8",
                "--locale=C",
                "--username",
                USER,
                "--pgdata",
            ])
            .arg(&data)
            .stdout(Stdio::null())
            .status()
            .expect("initdb can be started");
        assert!(made.success(), "initdb");
        let free = TcpListener::bind("127.0.0.1:0").and_then(|free| free.local_addr());
        let port = free.expect("a free port").port();
        prepare(&data);
        let process = launch(&data, port, durable, settings);
        Self { data, port, durable, settings, process }
    }

    /// The URL of a new, empty database.
    pub(crate) fn new_database(&self, name: &str) -> String {
        create_database(self.port, name)
    }

    /// Stops it immediately: pending writes are lost.
    pub(crate) fn crash(&mut self) {
        let message = Command::new("kill").args(["-QUIT", &self.process.id().to_string()]).status();
        assert!(message.expect("kill can be started").success());
        self.process.wait().expect("it ends");
    }

    /// Starts it again after a crash.
    pub(crate) fn recover(&mut self) {
        self.process = launch(&self.data, self.port, self.durable, self.settings);
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        _ = self.process.kill();
        _ = self.process.wait();
    }
}

/// Makes a file or a folder accessible to PostgreSQL, which does not run as root.
fn give_to_postgres(path: &Path) {
    if is_root() {
        let owned = Command::new("chown").arg("postgres").arg(path).status();
        assert!(owned.expect("chown can be started").success());
    }
}

fn launch(data: &Path, port: u16, durable: bool, settings: &[&str]) -> Child {
    let sync = format!("fsync={}", if durable { "on" } else { "off" });
    let process = unprivileged("postgres")
        .arg("-D")
        .arg(data)
        .args(["-p", &port.to_string(), "-k", "", "-c", "listen_addresses=127.0.0.1"])
        .args(["-c", &sync, "-c", "max_connections=400"])
        .args(settings)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("postgres can be started");
    let ready = (0..300).any(|_| {
        let answer = Command::new(bin().join("pg_isready"))
            .args(["-q", "-t", "1", "-h", "127.0.0.1", "-U", USER, "-p", &port.to_string()])
            .status();
        let ready = answer.is_ok_and(|status| status.success());
        if !ready {
            thread::sleep(std::time::Duration::from_millis(100));
        }
        ready
    });
    assert!(ready, "PostgreSQL answers");
    process
}

/// A PostgreSQL program that does not run as root, and ends with this process.
fn unprivileged(name: &str) -> Command {
    let program = bin().join(name);
    let mut command = Command::new("setpriv");
    if is_root() {
        command.args(["--reuid=postgres", "--regid=postgres", "--clear-groups"]);
    }
    command.args(["--pdeathsig=QUIT", "--"]).arg(program).current_dir(std::env::temp_dir());
    command
}

pub(crate) fn is_root() -> bool {
    let id = Command::new("id").arg("-u").output().expect("id can be started");
    id.stdout.starts_with(b"0\n")
}

/// The folder of the newest PostgreSQL's programs on Debian.
pub(crate) fn bin() -> PathBuf {
    let versions = fs::read_dir("/usr/lib/postgresql")
        .expect("PostgreSQL is installed; `cargo xtask test` does that, or: apt-get install postgresql");
    let newest = versions.filter_map(|entry| entry.ok()?.file_name().to_str()?.parse::<u32>().ok()).max();
    Path::new("/usr/lib/postgresql").join(newest.expect("a version").to_string()).join("bin")
}

/// Removes the remains of earlier runs.
fn remove_stale() {
    let folders = fs::read_dir(std::env::temp_dir()).expect("a temporary folder");
    for folder in folders.filter_map(Result::ok) {
        let name = folder.file_name().to_string_lossy().into_owned();
        if let Some(process) = name.strip_prefix(FOLDER)
            && !Path::new("/proc")
                .join(process.trim_end_matches(|letter: char| !letter.is_ascii_digit()))
                .exists()
        {
            _ = fs::remove_dir_all(folder.path());
        }
    }
}
