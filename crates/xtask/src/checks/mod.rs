//! The rules that no compiler holds.

mod contrast;
mod sources;

use anyhow::bail;

/// Runs all of them and reports every breach.
pub(crate) fn run() -> anyhow::Result<()> {
    let mut breaches = sources::breaches()?;
    breaches.extend(contrast::breaches()?);
    if breaches.is_empty() {
        eprintln!("→ the rules that no compiler holds: kept");
        return Ok(());
    }
    bail!("{} broken rules\n  {}", breaches.len(), breaches.join("\n  "))
}
