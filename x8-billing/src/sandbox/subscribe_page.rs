//! The page on which a plan is bought: one small document without scripts or outside assets.

use x8_core::port::PageState;

use super::{SandboxConfig, page::STYLE, sold::Session};

/// The page of a session.
pub(super) fn render(session: &Session, config: &SandboxConfig) -> String {
    let (word, headline) = match session.state {
        PageState::Open => ("open", "Your plan"),
        PageState::Complete { .. } => ("complete", "Your subscription has begun"),
        PageState::Expired => ("expired", "This page has expired"),
    };
    let action = if session.state == PageState::Open {
        format!(
            "<form method=\"post\" action=\"{}/confirm\"><button>Subscribe for {} per month</button></form>\n",
            config.subscribe_url(&session.id),
            session.price
        )
    } else {
        String::new()
    };
    format!(
        "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\
<meta name=\"viewport\" content=\"width=device-width\"><meta name=\"robots\" content=\"noindex\">\
<title>Sandbox subscription</title><style>{STYLE}</style></head>\n<body data-stage=\"{word}\">\n\
<p class=\"sandbox\"><strong>Sandbox.</strong> This is a simulated subscription: no money moves.</p>\n\
<h1>{headline}</h1>\n<p>{}, {} per month</p>\n{action}</body></html>\n",
        session.plan, session.price
    )
}
