//! How the stand-in meets a request: its faults first, then what was asked.

use serde_json::Value;

use super::{
    super::stand_in::{Reply, Seen, Vendor, fields},
    GoogleFault, GoogleRequest, events, routes,
    state::{State, refusal},
};

impl Vendor for State {
    fn meet(&mut self, seen: Seen) -> Reply {
        let request = GoogleRequest::of(seen);
        let fault = self.fault_for(&request.method, &request.path);
        self.requests.push(request.clone());
        match fault {
            None => done(self, &request),
            Some(fault) => failed(self, &request, fault),
        }
    }
}

impl GoogleRequest {
    fn of(seen: Seen) -> Self {
        let is_form = seen
            .headers
            .get("content-type")
            .is_some_and(|kind| kind == "application/x-www-form-urlencoded");
        let body = if is_form {
            let fields = seen.form().into_iter();
            fields
                .map(|(key, value)| (key, Value::String(value)))
                .collect()
        } else {
            serde_json::from_slice(&seen.body).unwrap_or_default()
        };
        Self {
            method: seen.method,
            path: decoded(&seen.path),
            query: seen.query,
            headers: seen.headers,
            body,
        }
    }
}

fn failed(state: &mut State, request: &GoogleRequest, fault: GoogleFault) -> Reply {
    match fault {
        GoogleFault::Refuse {
            status,
            domain,
            reason,
            retry_after,
        } => {
            let (status, body) = refusal(status, domain, reason, "refused by script");
            let reply = Reply::json(status, &body);
            match retry_after {
                Some(wait) => reply.with("retry-after", wait.to_string()),
                None => reply,
            }
        }
        GoogleFault::Page(status) => Reply::Text {
            status,
            header: None,
            text: "<html>down</html>".to_owned(),
        },
        GoogleFault::CutBefore => Reply::Cut,
        GoogleFault::CutAfter => {
            done(state, request);
            Reply::Cut
        }
        GoogleFault::HalfBody => done(state, request).half(),
        GoogleFault::Silence => Reply::Silence,
        GoogleFault::Redirect(to) => Reply::json(307, &Value::Null).with("location", to),
        GoogleFault::EditedFirst => {
            events::touch(state, request);
            done(state, request)
        }
        GoogleFault::DeletedFirst => {
            if let Some((calendar, id)) = events::named(state, request) {
                events::delete_by_hand(state, &calendar, &id);
            }
            done(state, request)
        }
    }
}

fn done(state: &mut State, request: &GoogleRequest) -> Reply {
    let (status, body) = routes::answer(state, request);
    Reply::json(status, &body)
}

/// Percent signs undone; a plus stays one.
fn decoded(path: &str) -> String {
    let path = path.replace('+', "%2B");
    fields(path.as_bytes())
        .into_keys()
        .next()
        .unwrap_or_default()
}
