//! `cargo xtask lint`: clippy for both targets, and the dependencies.

use crate::{
    command::{cargo, program, step},
    tools,
};

pub(crate) fn run() -> anyhow::Result<()> {
    step(
        "lint the server and the tasks",
        cargo().args(["clippy", "--workspace", "--all-targets", "--", "--deny", "warnings"]),
    )?;
    tools::wasm_target()?;
    step(
        "lint the app",
        cargo().args(["clippy", "--package", "campaign-hub", "--target", "wasm32-unknown-unknown"]).args([
            "--features",
            "hydrate,split",
            "--all-targets",
            "--",
            "--deny",
            "warnings",
        ]),
    )?;
    step(
        "check licences, bans and sources",
        program(tools::cargo_deny()?).args(["--log-level", "error", "check", "licenses", "bans", "sources"]),
    )
}
