//! `x8 audit`.

use std::process::ExitCode;

use serde_json::json;
use x8_core::{Error, Result};

use crate::{config::Config, demo::Transcript, store};

/// Runs the violations query; 0 only if it returns no row.
pub(super) async fn run(config: &Config, json: bool) -> Result<ExitCode> {
    let store = store::existing(&config.database_url).await?;
    let findings = store.audit(jiff::Timestamp::now()).await?;
    let out = Transcript;
    if json {
        let object = json!({ "violations": findings.len(), "findings": findings });
        out.line(
            &serde_json::to_string(&object)
                .map_err(|error| Error::internal("audit.print", error))?,
        );
    } else {
        for finding in &findings {
            out.line(&format!(
                "{} company {} {}: {}",
                finding.rule, finding.company, finding.subject, finding.detail
            ));
        }
        out.line(&format!("violations: {}", findings.len()));
    }
    Ok(if findings.is_empty() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}
