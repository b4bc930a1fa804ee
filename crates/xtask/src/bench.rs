use clap::Args;
#[derive(Args)] pub(crate) struct Bench {}
pub(crate) fn run(_: &Bench) -> anyhow::Result<()> { Ok(()) }
