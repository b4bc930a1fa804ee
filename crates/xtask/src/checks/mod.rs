//! Rules that the compiler cannot check.

mod contrast;
mod sources;

use anyhow::bail;

/// Runs all checks and reports every violation.
pub(crate) fn run() -> anyhow::Result<()> {
    let mut breaches = sources::breaches()?;
    breaches.extend(contrast::breaches()?);
    if breaches.is_empty() {
        eprintln!("→ the rules that no compiler holds: kept");
        return Ok(());
    }
    bail!("{} broken rules\n  {}", breaches.len(), breaches.join("\n  "))
}
