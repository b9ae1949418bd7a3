//! Customer payments through Stripe.

use x8_core::Secret;

use super::Reader;

/// The most of a payment that the platform may keep: half of it, in hundredths of a per cent. More is a slip of the keyboard.
const MOST_FEE: u32 = 5_000;

/// What Stripe replaces by the session's id.
const SESSION: &str = "{CHECKOUT_SESSION_ID}";

/// The payment provider of real money, and the pages around it.
#[derive(Clone, Debug)]
pub struct Stripe {
    /// The platform's secret or restricted key.
    pub key: Secret,
    /// Verify webhooks of the connected accounts; several while one replaces another (P5).
    pub connect_secrets: Vec<Secret>,
    /// Another server than Stripe's own; for tests.
    pub base_url: Option<String>,
    /// The platform's share of each payment in hundredths of a per cent; 0 charges none (P3).
    pub fee_basis_points: u32,
    /// Where the page sends who paid; holds `{CHECKOUT_SESSION_ID}`.
    pub success_url: String,
    /// Where the page sends who turned back.
    pub cancel_url: String,
    /// Where a company whose onboarding link is used up asks for another.
    pub refresh_url: String,
    /// Where a company comes back from onboarding.
    pub return_url: String,
}

impl Reader<'_> {
    /// All of it or nothing: a key without a way to hear of payments would take money and book nothing.
    pub(super) fn stripe(&mut self, public_url: &str) -> Option<Stripe> {
        let key = self.secret("STRIPE_SECRET_KEY");
        let connect_secrets = self.secrets("STRIPE_CONNECT_WEBHOOK_SECRET");
        let base_url = self.address("STRIPE_BASE_URL");
        let success_url = self.page("STRIPE_SUCCESS_URL", || {
            format!("{public_url}/paid?session={SESSION}&company={{COMPANY}}&order={{ORDER}}")
        });
        let cancel_url = self.page("STRIPE_CANCEL_URL", || format!("{public_url}/not-paid"));
        let refresh_url = self.page("STRIPE_CONNECT_REFRESH_URL", || {
            format!("{public_url}/console?connect=again")
        });
        let return_url = self.page("STRIPE_CONNECT_RETURN_URL", || {
            format!("{public_url}/console?connect=done")
        });
        let fee_basis_points = self.fee();
        if !success_url.contains(SESSION) {
            self.problems.push(format!(
                "STRIPE_SUCCESS_URL: must contain {SESSION}, braces as they are"
            ));
        }
        let key = key?;
        if connect_secrets.is_empty() {
            self.problems.push(
                "STRIPE_CONNECT_WEBHOOK_SECRET: needed beside STRIPE_SECRET_KEY; it is shown when the Connect webhook endpoint is made".to_owned(),
            );
        }
        Some(Stripe {
            key,
            connect_secrets,
            base_url,
            fee_basis_points,
            success_url,
            cancel_url,
            refresh_url,
            return_url,
        })
    }

    fn fee(&mut self) -> u32 {
        const NAME: &str = "STRIPE_APPLICATION_FEE_BPS";
        let fee = self.parsed(NAME, 0, "hundredths of a per cent as a whole number");
        if fee > MOST_FEE {
            self.problems.push(format!(
                "{NAME}: {fee} is more than {MOST_FEE}, half of every payment"
            ));
        }
        fee
    }

    fn page(&mut self, name: &str, default: impl Fn() -> String) -> String {
        self.address(name).unwrap_or_else(default)
    }

    /// Several secrets, separated by commas: the new one and the one it replaces.
    pub(super) fn secrets(&self, name: &str) -> Vec<Secret> {
        let text = self.text(name).unwrap_or_default();
        text.split(',')
            .map(str::trim)
            .filter(|secret| !secret.is_empty())
            .map(Secret::new)
            .collect()
    }
}
