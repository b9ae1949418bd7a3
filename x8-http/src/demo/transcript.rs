//! What a person sees of the play, as it happens.

use std::io::Write as _;

use super::Outcome;

/// Prints to standard output, line by line, flushed at once. Lines are lost quietly when nobody reads any more.
#[derive(Clone, Copy, Debug, Default)]
pub struct Transcript;

impl Transcript {
    /// A new part begins.
    pub fn heading(&self, text: &str) {
        self.line(&format!("\n=== {text}"));
    }

    /// Something worth knowing.
    pub fn note(&self, text: &str) {
        self.line(&format!("    ({text})"));
    }

    /// Something is wrong.
    pub fn problem(&self, text: &str) {
        self.line(&format!("  ! {text}"));
    }

    /// Somebody says something; further lines are indented below it.
    pub fn says(&self, who: &str, text: &str) {
        let indented = text.replace('\n', &format!("\n{:14}", ""));
        self.line(&format!("{who:>12}: {indented}"));
    }

    /// Where the order stands.
    pub fn state(&self, text: &str) {
        self.line(&format!("{:14}[{text}]", ""));
    }

    /// How it all ended.
    pub fn summary(&self, outcome: &Outcome) {
        self.heading("summary");
        for company in &outcome.companies {
            self.line(&format!(
                "    {} ({}): order {}, payment {}, {}.{:02} EUR, booking {}",
                company.name,
                company.kind,
                company.order_state,
                company.payment_status,
                company.total_cents / 100,
                company.total_cents % 100,
                company.booking_state
            ));
        }
        self.line(&format!("    violations: {}", outcome.violations));
    }

    /// One line.
    pub fn line(&self, text: &str) {
        let mut out = std::io::stdout().lock();
        let _nobody_reads = writeln!(out, "{text}").and_then(|()| out.flush());
    }
}
