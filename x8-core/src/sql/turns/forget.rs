//! Deleting what turns keep of customers.

use super::super::{
    Row, Tx,
    fault::Faults,
    row::{Columns, to_json},
};
use crate::{
    conversation::{Identity, Session},
    error::{Error, Result},
    id::{ConversationId, CustomerId},
    port::Forgotten,
    tenant::Tenant,
};

const OPERATION: &str = "turn.forget";

/// What the tries cost stays: the account is the company's, the words were the customer's.
const KEEP_COST: &str = "INSERT INTO x8_calls (company_id, purpose, model, error, prompt_tokens, completion_tokens, cost, at)
     SELECT r.company_id, 'turn', r.model, CASE WHEN r.error IS NULL THEN NULL ELSE 'deleted' END, r.prompt_tokens,
            r.completion_tokens, r.cost, r.at
     FROM x8_tries r
     JOIN x8_turns t ON t.id = r.turn_id
     JOIN x8_conversations c ON c.company_id = t.company_id AND c.id = t.conversation_id
     WHERE t.company_id = $1 AND ($2 IS NULL OR c.customer_id = $2)";
const DELETE: &str = "DELETE FROM x8_turns WHERE company_id = $1 AND conversation_id IN (
         SELECT id FROM x8_conversations WHERE company_id = $1 AND ($2 IS NULL OR customer_id = $2))";
const BLANK: &str = "UPDATE x8_conversations SET session = $3, version = version + 1
     WHERE company_id = $1 AND ($2 IS NULL OR customer_id = $2) RETURNING id";
const PEOPLE: &str = "SELECT kind, value FROM x8_identities WHERE company_id = $1 AND ($2 IS NULL OR customer_id = $2)";

pub(super) async fn run(
    tx: &mut Tx,
    tenant: Tenant,
    customer: Option<CustomerId>,
) -> Result<Forgotten> {
    if let Some(id) = customer {
        exists(tx, tenant, id).await?;
    }
    let customer = customer.map(|id| id.0);
    for statement in [KEEP_COST, DELETE] {
        sqlx::query(statement)
            .bind(tenant.company().0)
            .bind(customer)
            .execute(&mut **tx)
            .await
            .of(OPERATION)?;
    }
    let mut conversations = sqlx::query(BLANK)
        .bind(tenant.company().0)
        .bind(customer)
        .bind(to_json(&Session::default())?)
        .fetch_all(&mut **tx)
        .await
        .of(OPERATION)?
        .iter()
        .map(|row| Ok(ConversationId(row.read("id")?)))
        .collect::<Result<Vec<_>>>()?;
    conversations.sort_unstable();
    let mut people = sqlx::query(PEOPLE)
        .bind(tenant.company().0)
        .bind(customer)
        .fetch_all(&mut **tx)
        .await
        .of(OPERATION)?
        .iter()
        .map(identity)
        .collect::<Result<Vec<_>>>()?;
    people.sort_unstable();
    Ok(Forgotten {
        conversations,
        people,
    })
}

async fn exists(tx: &mut Tx, tenant: Tenant, id: CustomerId) -> Result<()> {
    let found = sqlx::query("SELECT id FROM x8_customers WHERE company_id = $1 AND id = $2")
        .bind(tenant.company().0)
        .bind(id.0)
        .fetch_optional(&mut **tx)
        .await
        .of(OPERATION)?;
    let absent = || Error::not_found(OPERATION, "no such customer").with("customer", id);
    found.map(|_| ()).ok_or_else(absent)
}

fn identity(row: &Row) -> Result<Identity> {
    Ok(Identity::new(
        row.word("kind")?,
        row.read::<String>("value")?,
    ))
}
