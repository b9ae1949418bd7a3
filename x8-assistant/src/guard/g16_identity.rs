//! G16: who a reply goes to comes from the turn. What a model echoes is compared for the record and thrown away.

use super::{Action, Rule, work::Work};

pub(super) fn apply(work: &mut Work<'_>) {
    let echoes = [
        ("sender", work.claims.sender.clone(), &work.context.sender),
        ("token", work.claims.token.clone(), &work.context.token),
        (
            "instance_id",
            work.claims.instance_id.clone(),
            &work.context.instance_id,
        ),
    ];
    for (key, claimed, own) in echoes {
        if claimed.is_some_and(|claimed| claimed.trim() != own.trim()) {
            // The values may be secrets of another tenant: only the key is recorded.
            work.find(Rule::G16, Action::Replaced, key);
        }
    }
}
