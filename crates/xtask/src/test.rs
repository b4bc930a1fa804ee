use clap::Args;
#[derive(Args)] pub(crate) struct Test {}
pub(crate) fn run(_: &Test) -> anyhow::Result<()> { Ok(()) }
