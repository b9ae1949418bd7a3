//! How the stand-in meets a request: its faults first, then what was asked.

use serde_json::{Value, json};

use super::{
    super::stand_in::{Reply, Seen, Vendor},
    Fault, RecordedRequest, routes,
    state::State,
};

impl Vendor for State {
    fn meet(&mut self, seen: Seen) -> Reply {
        let request = RecordedRequest::of(seen);
        let fault = self.fault_for(&request.path);
        self.requests.push(request.clone());
        match fault {
            None => done(self, &request),
            Some(fault) => failed(self, &request, fault),
        }
    }
}

impl RecordedRequest {
    pub(in crate::testing) fn of(seen: Seen) -> Self {
        Self {
            form: seen.form(),
            method: seen.method,
            path: seen.path,
            headers: seen.headers,
            query: seen.query,
        }
    }
}

fn failed(state: &mut State, request: &RecordedRequest, fault: Fault) -> Reply {
    match fault {
        Fault::Refuse { status, kind, code } => {
            let message = "refused with sk_fake_secret in the words";
            let error = json!({ "type": kind, "code": code, "message": message });
            Reply::json(status, &json!({ "error": error }))
        }
        Fault::RateLimited { seconds } => {
            let error = json!({ "type": "invalid_request_error", "code": "rate_limit" });
            Reply::json(429, &json!({ "error": error })).with("retry-after", seconds.to_string())
        }
        Fault::Redirect(to) => Reply::json(307, &Value::Null).with("location", to),
        Fault::PaidFirst => {
            let id = request.path.split('/').find(|part| part.starts_with("cs_"));
            // A session that is not open is left as it is.
            state.complete(id.unwrap_or_default(), "paid").ok();
            done(state, request)
        }
        Fault::HalfBody => done(state, request).half(),
        Fault::CutBefore => Reply::Cut,
        Fault::CutAfter => {
            done(state, request);
            Reply::Cut
        }
    }
}

fn done(state: &mut State, request: &RecordedRequest) -> Reply {
    let ((status, body), replayed) = routes::answer(state, request);
    answered(status, &body, replayed)
}

/// An answer of Stripe's, marked when it is a stored one.
pub(in crate::testing) fn answered(status: u16, body: &Value, replayed: bool) -> Reply {
    let reply = Reply::json(status, body);
    if replayed {
        reply.with("idempotent-replayed", "true")
    } else {
        reply
    }
}
