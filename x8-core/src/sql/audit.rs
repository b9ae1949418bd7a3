//! The violations query, read from the view that people can read too.

use jiff::Timestamp;

use super::{Scope, SqlStore, fault::Faults, row::Columns};
use crate::{error::Result, port::AuditFinding};

impl SqlStore {
    /// What is a violation at `now`: the view's candidates whose grace is over.
    pub(super) async fn violations(&self, now: Timestamp) -> Result<Vec<AuditFinding>> {
        let mut reader = self.glance(Scope::Platform, "ledger.audit").await?;
        sqlx::query(
            "SELECT rule, company_id, subject, detail FROM x8_violation_candidates
             WHERE due_at IS NULL OR due_at < $1 ORDER BY company_id, rule, subject",
        )
        .bind(now.as_millisecond())
        .fetch_all(&mut *reader)
        .await
        .of("ledger.audit")?
        .iter()
        .map(|row| {
            Ok(AuditFinding {
                rule: row.read("rule")?,
                company: row.read("company_id")?,
                subject: row.read("subject")?,
                detail: row.read("detail")?,
            })
        })
        .collect()
    }
}
