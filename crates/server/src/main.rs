//! The command line: serve, load content, seed test data, manage stock and orders, and print
//! the API description.

use std::{fs, path::Path, process::ExitCode};

use anyhow::Context as _;
use campaign_hub_server::{
    Clock, api_description,
    commands::{Cli, Command, DeskConfig, KeyWork, OrderWork},
    content, keys,
    orders::{self, Desk},
    retention, seed, serve,
    store::{Store, restore},
};
use clap::Parser as _;

// With the system's allocator the server renders a third fewer pages a second, and uses more
// memory after that.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

#[tokio::main]
async fn main() -> ExitCode {
    let cli = Cli::parse();
    match run(cli).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("campaign-hub-server: {error:#}");
            ExitCode::FAILURE
        }
    }
}

#[expect(clippy::print_stdout, reason = "these commands answer on standard output")]
async fn run(cli: Cli) -> anyhow::Result<()> {
    match cli.command {
        Command::Serve(config) => serve::serve(*config).await,
        Command::Load { database, folder } => {
            let store = Store::open(&database.url()).await?;
            let records = content::read(&folder).context("nothing was loaded")?;
            let change = store.replace_content(&records).await?;
            println!("{change}");
            Ok(())
        }
        Command::Seed { database, products, news, events } => {
            let store = Store::open(&database.url()).await?;
            let records = [seed::products(products), seed::news(news), seed::events(events)].concat();
            store.replace_seeded(&records).await?;
            println!("generated {products} products, {news} news items, {events} events");
            Ok(())
        }
        Command::Stock { database, sku, add, counted } => {
            let store = Store::open(&database.url()).await?;
            let missing = || format!("unknown SKU {sku}, or not enough stock");
            let left = match counted {
                Some(counted) => {
                    let found = store.count_stock(&sku, counted).await?.with_context(missing)?;
                    println!("counted {counted}, of which {} are reserved for orders", found.ordered);
                    found.left()
                }
                None => store.move_stock(&sku, add.into()).await?.with_context(missing)?,
            };
            println!("{left} left of {sku}");
            Ok(())
        }
        Command::LowStock { database, below } => {
            let store = Store::open(&database.url()).await?;
            for (sku, left) in store.low_stock(below).await? {
                println!("{left:>6}  {sku}");
            }
            Ok(())
        }
        Command::Backup { database, file } => {
            let store = Store::open(&database.url()).await?;
            store.back_up(&file).await?;
            println!("written to {}", file.display());
            Ok(())
        }
        Command::Restore { database, file, replace } => {
            restore(&file, &database.url(), replace).await?;
            println!("restored from {}", file.display());
            Ok(())
        }
        Command::Branch { database, branch, officer, approve_from, .. } => {
            let store = Store::open(&database.url()).await?;
            let Some(officer) = officer else {
                anyhow::ensure!(store.unregister_officer(&branch).await?, "{branch} has no approver");
                println!("{branch} no longer has an approver");
                return Ok(());
            };
            store.register_officer(&branch, &officer).await?;
            if let Some(from_pence) = approve_from {
                store.set_approval_limit(&branch, from_pence).await?;
            }
            println!("{officer} is now the approver for {branch}");
            Ok(())
        }
        Command::Retention { database, dry_run, now } => {
            let store = Store::open(&database.url()).await?;
            let now = now.map(Clock::starting_at).unwrap_or_default().now();
            print!("{}", retention::run_once(&store, &database.data.join("outbox"), now, dry_run).await?);
            Ok(())
        }
        Command::Keys { database, keys: ring, work } => {
            let store = Store::open(&database.url()).await?;
            let source = ring.source(&database);
            match work {
                KeyWork::New => println!("{}", keys::add(&store, &source).await?),
                KeyWork::Reseal => {
                    let secrets = keys::read(&store, &source).await?;
                    let count = orders::reseal(&store, &secrets).await?;
                    println!("{count} texts re-encrypted with the current key");
                }
            }
            Ok(())
        }
        Command::Orders { desk, work } => {
            let DeskConfig { database, keys, public_url, stripe, hold_working_days, now } = desk;
            let (url, source) = (database.url(), keys.source(&database));
            let desk = Desk::open(&url, &database.data, &source, public_url, stripe.open()?, now).await?;
            let desk = desk.holding_for(hold_working_days);
            match work {
                OrderWork::List { state } => print!("{}", desk.list(state).await?),
                OrderWork::Show { reference } => println!("{}", desk.show(&reference).await?),
                OrderWork::Move { reference, state, note } => {
                    desk.move_to(&reference, state, &note).await?;
                    println!("{reference} is {}", state.name());
                }
                OrderWork::Dispatch { reference, pieces } => {
                    let state = desk.dispatch(&reference, &pieces).await?;
                    println!("{reference} is {}", state.name());
                }
                OrderWork::Receive { reference, pieces } => {
                    desk.receive(&reference, &pieces).await?;
                    println!("{reference} is returned");
                }
                OrderWork::Refund { reference, by_hand } => {
                    println!("{}", desk.refund(&reference, by_hand).await?);
                }
                OrderWork::Due => print!("{}", desk.list_due().await?),
                OrderWork::Held => print!("{}", desk.list_held().await?),
                OrderWork::Overdue => print!("{}", desk.list_overdue().await?),
                OrderWork::Extend { reference, days } => {
                    println!("{reference} is held until {}", desk.extend(&reference, days).await?);
                }
                OrderWork::ReplaceLink { reference } => {
                    desk.replace_link(&reference).await?;
                    println!("{reference} has a new link, which we email to the customer");
                }
                OrderWork::WithdrawLink { reference } => {
                    desk.withdraw_link(&reference).await?;
                    println!("the link to {reference} no longer works");
                }
                OrderWork::Invoice { reference, file } => {
                    write(&file, &desk.invoice(&reference).await?)?;
                }
                OrderWork::PackingNote { reference, file } => {
                    write(&file, &desk.packing_note(&reference).await?)?;
                }
                OrderWork::Statement { branch, number, file, locale } => {
                    write(&file, &desk.statement(&branch, &number, locale).await?)?;
                }
                OrderWork::Mails => print!("{}", desk.list_mails().await?),
                OrderWork::Resend { mail } => {
                    desk.resend_mail(&mail).await?;
                    println!("{mail} will be sent next");
                }
                OrderWork::Person { email } => println!("{}", desk.export_person(&email).await?),
                OrderWork::Erase { email } => print!("{}", desk.erase_person(&email).await?),
                OrderWork::Export { state } => print!("{}", desk.export(state).await?),
            }
            Ok(())
        }
        Command::Openapi => {
            println!("{}", api_description().to_pretty_json()?);
            Ok(())
        }
    }
}

#[expect(clippy::print_stdout, reason = "these commands answer on standard output")]
fn write(file: &Path, pdf: &[u8]) -> anyhow::Result<()> {
    fs::write(file, pdf).with_context(|| format!("cannot write {}", file.display()))?;
    println!("written to {}", file.display());
    Ok(())
}
