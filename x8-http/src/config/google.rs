//! Google, as an OAuth client for companies' calendars.

use x8_core::Secret;

use super::Reader;

/// This server as a client of Google's.
#[derive(Clone, Debug)]
pub struct Google {
    /// The OAuth client's id.
    pub client_id: String,
    /// Its secret.
    pub client_secret: Secret,
    /// Where Google sends people back; letter by letter as registered.
    pub redirect_uri: String,
    /// Another server in the place of Google's, for tests.
    pub base_url: Option<String>,
}

impl Reader<'_> {
    /// All of it or nothing: half a client would be noticed at a company's first try.
    pub(super) fn google(&mut self, public_url: &str) -> Option<Google> {
        let (id, secret) = ("GOOGLE_CLIENT_ID", "GOOGLE_CLIENT_SECRET");
        let client_id = self.text(id);
        let client_secret = self.secret(secret);
        let redirect_uri = self.address("GOOGLE_CALENDAR_REDIRECT_URI");
        let base_url = self.address("GOOGLE_BASE_URL");
        for (name, given, other) in [
            (id, client_id.is_some(), client_secret.is_some()),
            (secret, client_secret.is_some(), client_id.is_some()),
        ] {
            if !given && other {
                self.problems.push(format!(
                    "{name}: needed for Google calendars; both come from one OAuth client of the kind web application"
                ));
            }
        }
        Some(Google {
            client_id: client_id?,
            client_secret: client_secret?,
            redirect_uri: redirect_uri.unwrap_or_else(|| {
                format!("{public_url}/api/v1/integrations/google-calendar/callback")
            }),
            base_url,
        })
    }
}
