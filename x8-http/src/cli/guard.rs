//! `x8 guard`.

use std::{
    path::{Path, PathBuf},
    process::ExitCode,
    sync::Arc,
};

use clap::Args;
use tokio::io::{AsyncReadExt as _, stdin};
use x8_assistant::guard::{Context, Guard};
use x8_core::{
    Error, Result,
    catalog::Catalog,
    import::{ImportOptions, import},
};

use super::KindArg;
use crate::demo::Transcript;

/// What to check a reply against.
#[derive(Debug, Args)]
pub(super) struct Wanted {
    /// CSV, XLSX, XLS or ODS
    #[arg(long)]
    catalogue: PathBuf,
    /// What its rows are
    #[arg(long = "type", value_enum)]
    kind: KindArg,
    #[arg(
        long,
        help = "The turn as a JSON object; every key is optional: channel, sender, token, instance_id, language, \
                customer_text, payment_status, cart ([{sku, quantity}]), known ({name, phone, city}), \
                refused_place, privacy_policy_sent, shown_images, link_sent, conversation_first, open_order, told"
    )]
    context: Option<PathBuf>,
    /// The decimal mark, when the file alone does not tell
    #[arg(long)]
    decimal: Option<String>,
}

/// Checks the reply on standard input and prints the verdict, the object that `assistant/validate` answers. 0 the reply
/// was let through, 2 it was refused, 1 (an error) something could not be read.
pub(super) async fn run(wanted: &Wanted) -> Result<ExitCode> {
    let catalog = catalog(wanted).await?;
    let context = match &wanted.context {
        Some(file) => context(file).await?,
        None => Context::default(),
    };
    let mut reply = String::new();
    stdin().read_to_string(&mut reply).await.map_err(|error| {
        Error::invalid("guard.reply", "the reply on standard input is not text").caused_by(error)
    })?;
    let verdict = Guard::new(Arc::new(catalog)).check(&reply, &context);
    let line =
        serde_json::to_string(&verdict).map_err(|error| Error::internal("guard.print", error))?;
    Transcript.line(&line);
    Ok(if verdict.refused() {
        ExitCode::from(2)
    } else {
        ExitCode::SUCCESS
    })
}

async fn catalog(wanted: &Wanted) -> Result<Catalog> {
    let bytes = read(&wanted.catalogue).await?;
    let mut options = ImportOptions::new(wanted.kind.into());
    options.decimal = wanted
        .decimal
        .as_deref()
        .map(super::import::decimal_mark)
        .transpose()?;
    let read = import(&bytes, &options)?;
    if !read.report.errors.is_empty() {
        return Err(Error::invalid("guard.catalogue", read.report.to_string()));
    }
    Ok(Catalog::detached(read.offerings.to_vec()))
}

/// Every key is optional, unknown ones are ignored, and a wrong type is told with its place.
async fn context(file: &Path) -> Result<Context> {
    let bytes = read(file).await?;
    let mut reader = serde_json::Deserializer::from_slice(&bytes);
    let read = serde_path_to_error::deserialize(&mut reader).map_err(|error| {
        let place = error.path().to_string();
        let message = format!("the context cannot be read at `{place}`: {}", error.inner());
        Error::invalid("guard.context", message).with("file", file.display())
    })?;
    reader.end().map_err(|error| {
        let message = format!("the context must be one JSON object: {error}");
        Error::invalid("guard.context", message).with("file", file.display())
    })?;
    Ok(read)
}

async fn read(file: &Path) -> Result<Vec<u8>> {
    tokio::fs::read(file).await.map_err(|error| {
        Error::invalid("guard.read", "the file cannot be read")
            .with("file", file.display())
            .caused_by(error)
    })
}
