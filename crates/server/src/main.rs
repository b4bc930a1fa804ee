//! The command line: serve, load content, seed test data, manage stock and orders, and print
//! the API description.

use std::{fs, path::Path, process::ExitCode};

use anyhow::Context as _;
use campaign_hub_server::{
    Clock, api_description,
    commands::{Cli, Command, KeyCommand, OrderAdminConfig, OrderCommand},
    content, keys,
    orders::{self, OrderAdmin},
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
                    println!("counted {counted}, of which {} are reserved for orders", found.reserved);
                    found.left()
                }
                None => store.adjust_stock(&sku, add.into()).await?.with_context(missing)?,
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
        Command::Keys { database, keys: ring, command } => {
            let store = Store::open(&database.url()).await?;
            let source = ring.source(&database);
            match command {
                KeyCommand::New => println!("{}", keys::add(&store, &source).await?),
                KeyCommand::Reseal => {
                    let secrets = keys::read(&store, &source).await?;
                    let count = orders::reseal(&store, &secrets).await?;
                    println!("{count} texts re-encrypted with the current key");
                }
            }
            Ok(())
        }
        Command::Orders { admin, command } => {
            let OrderAdminConfig { database, keys, public_url, stripe, hold_working_days, now } = admin;
            let (url, source) = (database.url(), keys.source(&database));
            let admin =
                OrderAdmin::open(&url, &database.data, &source, public_url, stripe.open()?, now).await?;
            let admin = admin.with_hold_working_days(hold_working_days);
            match command {
                OrderCommand::List { status } => print!("{}", admin.list(status).await?),
                OrderCommand::Show { reference } => println!("{}", admin.show(&reference).await?),
                OrderCommand::Move { reference, status, note } => {
                    admin.change_status(&reference, status, &note).await?;
                    println!("{reference} is {}", status.name());
                }
                OrderCommand::Dispatch { reference, items } => {
                    let status = admin.dispatch(&reference, &items).await?;
                    println!("{reference} is {}", status.name());
                }
                OrderCommand::Receive { reference, items } => {
                    admin.receive(&reference, &items).await?;
                    println!("{reference} is returned");
                }
                OrderCommand::Refund { reference, by_hand } => {
                    println!("{}", admin.refund(&reference, by_hand).await?);
                }
                OrderCommand::Due => print!("{}", admin.list_due().await?),
                OrderCommand::Held => print!("{}", admin.list_held().await?),
                OrderCommand::Overdue => print!("{}", admin.list_overdue().await?),
                OrderCommand::Extend { reference, days } => {
                    println!("{reference} is held until {}", admin.extend(&reference, days).await?);
                }
                OrderCommand::ReplaceLink { reference } => {
                    admin.replace_link(&reference).await?;
                    println!("{reference} has a new link, which we email to the customer");
                }
                OrderCommand::WithdrawLink { reference } => {
                    admin.withdraw_link(&reference).await?;
                    println!("the link to {reference} no longer works");
                }
                OrderCommand::Invoice { reference, file } => {
                    write(&file, &admin.invoice(&reference).await?)?;
                }
                OrderCommand::PackingNote { reference, file } => {
                    write(&file, &admin.delivery_note(&reference).await?)?;
                }
                OrderCommand::Statement { branch, number, file, locale } => {
                    write(&file, &admin.statement(&branch, &number, locale).await?)?;
                }
                OrderCommand::Mails => print!("{}", admin.list_mails().await?),
                OrderCommand::Resend { mail } => {
                    admin.resend_mail(&mail).await?;
                    println!("{mail} will be sent next");
                }
                OrderCommand::Person { email } => println!("{}", admin.export_person(&email).await?),
                OrderCommand::Erase { email } => print!("{}", admin.erase_person(&email).await?),
                OrderCommand::Export { status } => print!("{}", admin.export(status).await?),
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
