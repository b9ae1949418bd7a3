//! `x8 import`.

use std::{path::PathBuf, process::ExitCode, sync::Arc};

use x8_core::{
    Error, Result,
    catalog::Kind,
    import::{DecimalMark, Diff, Import, ImportOptions, Limits, import},
    port::Store,
    tenant::Company,
};

use super::company_of;
use crate::{
    config::Config,
    demo::Transcript,
    extract::CompanyKey,
    publish::{Imported, publish_file},
    store, tables,
};

/// What to read, and how to show it.
pub(super) struct Wanted {
    pub(super) file: PathBuf,
    pub(super) kind: Kind,
    pub(super) json: bool,
    pub(super) partial: bool,
    pub(super) decimal: Option<String>,
}

/// Reads the file and shows the report; when a company is named, also what changes there (K7), and publishes the rows
/// unless it is a dry run. 0 nothing was refused, 2 rows were refused, 1 (an error) the file could not be read; with
/// `--json` that too is one object, `{"ok": false, "error": …}`.
pub(super) async fn run(
    wanted: &Wanted,
    company: Option<CompanyKey>,
    dry_run: bool,
) -> Result<ExitCode> {
    if company.is_none() && !dry_run {
        return Err(Error::invalid(
            "import.run",
            "say --dry-run to only look, or --company N to publish",
        ));
    }
    let options = options(wanted)?;
    let bytes = load(wanted, &options.limits)
        .await
        .inspect_err(|error| show_refusal(wanted, error))?;
    let done = match &company {
        Some(key) => {
            let target = Target::open(key, wanted.kind).await?;
            target.take(bytes, &options, dry_run).await
        }
        None => import(&bytes, &options).map(|read| Imported {
            read,
            diff: None,
            published: None,
        }),
    };
    let done = done.inspect_err(|error| show_refusal(wanted, error))?;
    show(wanted, &done)?;
    Ok(if done.read.report.errors.is_empty() {
        ExitCode::SUCCESS
    } else {
        ExitCode::from(2)
    })
}

/// A file beyond the limit is refused before it is loaded.
async fn load(wanted: &Wanted, limits: &Limits) -> Result<Vec<u8>> {
    let unread = |error| {
        Error::invalid("import.read", "the file cannot be read")
            .with("file", wanted.file.display())
            .caused_by(error)
    };
    let told = tokio::fs::metadata(&wanted.file).await.map_err(unread)?;
    limits.admit(told.len())?;
    tokio::fs::read(&wanted.file).await.map_err(unread)
}

fn options(wanted: &Wanted) -> Result<ImportOptions> {
    let mut options = ImportOptions::new(wanted.kind);
    options.partial = wanted.partial;
    options.decimal = wanted.decimal.as_deref().map(decimal_mark).transpose()?;
    Ok(options)
}

/// The value of `--decimal`.
pub(super) fn decimal_mark(mark: &str) -> Result<DecimalMark> {
    DecimalMark::parse(mark).ok_or_else(|| {
        Error::invalid(
            "import.run",
            format!("--decimal is `.` or `,`, not `{mark}`"),
        )
    })
}

/// The report, what changes against the live version, and what was published.
fn show(wanted: &Wanted, done: &Imported) -> Result<()> {
    let Imported {
        read,
        diff,
        published,
    } = done;
    if wanted.json {
        Transcript.line(&as_json(read, diff.as_ref())?);
        return Ok(());
    }
    Transcript.line(&read.report.to_string());
    match diff {
        Some(diff) if diff.is_empty() => Transcript.line("nothing changes"),
        Some(diff) => Transcript.line(&diff.to_string()),
        None => {}
    }
    if let Some(live) = published {
        let count = read.offerings.len();
        Transcript.note(&format!(
            "{count} rows are live in version {} of {}",
            live.version, live.name
        ));
    }
    Ok(())
}

fn as_json(read: &Import, diff: Option<&Diff>) -> Result<String> {
    let broken = |error| Error::internal("import.print", error);
    let mut report = serde_json::to_value(&read.report).map_err(broken)?;
    if let (Some(diff), Some(report)) = (diff, report.as_object_mut()) {
        let diff = serde_json::to_value(diff).map_err(broken)?;
        report.insert("diff".to_owned(), diff);
    }
    Ok(report.to_string())
}

/// A file that cannot be read as a whole has no report; with `--json` it still answers one object.
fn show_refusal(wanted: &Wanted, error: &Error) {
    if wanted.json {
        let refusal = serde_json::json!({ "ok": false, "error": error.public() });
        Transcript.line(&refusal.to_string());
    }
}

/// Where the rows go.
struct Target {
    store: Arc<dyn Store>,
    company: Company,
}

impl Target {
    async fn open(key: &CompanyKey, kind: Kind) -> Result<Self> {
        let config = Config::from_env()
            .map_err(|problems| Error::invalid("x8.configure", problems.to_string()))?;
        let store = store::existing(&config.database_url).await?;
        let company = company_of(store.as_ref(), key).await?;
        if !tables::sells(company.kind, kind) {
            let message = format!("this is a {:?} company; it has no such table", company.kind);
            return Err(Error::invalid("import.run", message).with("company", &company.public_id));
        }
        Ok(Self { store, company })
    }

    async fn take(
        &self,
        bytes: Vec<u8>,
        options: &ImportOptions,
        dry_run: bool,
    ) -> Result<Imported> {
        let now = (!dry_run).then(jiff::Timestamp::now);
        publish_file(
            self.store.as_ref(),
            &self.company,
            &bytes.into(),
            options,
            now,
        )
        .await
    }
}
