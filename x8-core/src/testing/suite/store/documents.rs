//! [`Documents`](crate::port::Documents).

use futures_util::future::join_all;
use serde_json::json;

use super::{Fresh, World};
use crate::{
    ErrorKind,
    testing::{Checked, fixture, present, refused, same},
};

/// Small documents with optimistic versions.
///
/// # Errors
/// The first rule that does not hold.
pub async fn documents(make: &dyn Fresh) -> Checked {
    cases! { make;
        "P11: a document is written, read and replaced under its version" => versions,
        "P11: a stale or missing expectation is refused and changes nothing" => stale,
        "P11: of many writers with the same expectation, one wins" => race,
        "documents: a space lists its own, by key" => listed,
        "documents: a deleted one is gone and may be made anew" => deleted,
    }
}

async fn versions(world: &World) -> Checked {
    let store = &world.store;
    same(
        &store.document("pay", "a").await?,
        &None,
        "before the first write",
    )?;
    store
        .put_document("pay", "a", &json!({"open": true}), 0)
        .await?;
    let (value, version) = present(store.document("pay", "a").await?, "the document")?;
    same(&value, &json!({"open": true}), "its value")?;
    store
        .put_document("pay", "a", &json!([1, "é"]), version)
        .await?;
    let (value, next) = present(store.document("pay", "a").await?, "the document")?;
    same(
        &(value, next),
        &(json!([1, "é"]), version + 1),
        "replaced, one version on",
    )
}

async fn stale(world: &World) -> Checked {
    let store = &world.store;
    let absent = store.put_document("pay", "a", &json!(1), 3).await;
    refused(absent, ErrorKind::Conflict, "a version of what is absent")?;
    store.put_document("pay", "a", &json!(1), 0).await?;
    let anew = store.put_document("pay", "a", &json!(2), 0).await;
    refused(anew, ErrorKind::Conflict, "making it anew")?;
    let future = store.put_document("pay", "a", &json!(2), 9).await;
    refused(
        future,
        ErrorKind::Conflict,
        "a version that is not there yet",
    )?;
    let (value, _) = present(store.document("pay", "a").await?, "the document")?;
    same(&value, &json!(1), "the value after the refusals")
}

async fn race(world: &World) -> Checked {
    let values: Vec<serde_json::Value> = (0..20).map(|number| json!(number)).collect();
    for expected in [0, 1] {
        let writes = values
            .iter()
            .map(|value| world.store.put_document("pay", "a", value, expected));
        let won = join_all(writes)
            .await
            .into_iter()
            .filter(Result::is_ok)
            .count();
        same(&won, &1, "winners of 20 parallel writes")?;
    }
    Ok(())
}

async fn listed(world: &World) -> Checked {
    let store = &world.store;
    for (space, key) in [("pay", "b"), ("pay", "a"), ("calendar", "c")] {
        store
            .put_document(space, key, &json!(fixture::NOW.to_string()), 0)
            .await?;
    }
    let found = store.documents("pay").await?;
    let keys: Vec<&str> = found.iter().map(|(key, _)| key.as_str()).collect();
    same(&keys, &vec!["a", "b"], "keys of the space")
}

async fn deleted(world: &World) -> Checked {
    let store = &world.store;
    for key in ["a", "b"] {
        store.put_document("pay", key, &json!(1), 0).await?;
    }
    for _ in 0..2 {
        store.delete_document("pay", "a").await?;
    }
    store.delete_document("calendar", "b").await?;
    same(
        &store.document("pay", "a").await?,
        &None,
        "what was deleted",
    )?;
    same(&store.documents("pay").await?.len(), &1, "what stays")?;
    store.put_document("pay", "a", &json!(2), 0).await?;
    Ok(())
}
