//! Rules that the compiler cannot check.

mod contrast;
mod imports;
mod rust_text;
mod sources;

use anyhow::bail;

/// Runs all checks and reports every violation.
pub(crate) fn run() -> anyhow::Result<()> {
    let sources = sources::read()?;
    let mut breaches = sources::breaches(&sources);
    breaches.extend(imports::breaches(&sources));
    breaches.extend(contrast::breaches()?);
    if breaches.is_empty() {
        eprintln!("→ the rules that no compiler holds: kept");
        return Ok(());
    }
    bail!("{} broken rules\n  {}", breaches.len(), breaches.join("\n  "))
}
