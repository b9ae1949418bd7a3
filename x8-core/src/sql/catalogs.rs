//! Knowledge bases.

use std::sync::Arc;

use async_trait::async_trait;
use jiff::Timestamp;

use super::{
    Row, SqlStore, Tx,
    fault::Faults,
    row::{Columns, to_json},
};
use crate::{
    catalog::{Catalog, Offering, VersionKey},
    error::{Error, Result},
    id::{CatalogId, CompanyId},
    port::Catalogs,
    tenant::Tenant,
};

#[async_trait]
impl Catalogs for SqlStore {
    async fn publish_catalog(
        &self,
        tenant: Tenant,
        name: &str,
        offerings: &[Offering],
        now: Timestamp,
    ) -> Result<Arc<Catalog>> {
        let mut tx = self.write(tenant, "catalog.publish").await?;
        let catalog = publish(&mut tx, tenant, name, offerings, now).await?;
        tx.commit().await.of("catalog.publish")?;
        Ok(Arc::new(catalog))
    }

    async fn revise_catalog(
        &self,
        tenant: Tenant,
        expected: u32,
        name: &str,
        offerings: &[Offering],
        now: Timestamp,
    ) -> Result<Arc<Catalog>> {
        const OPERATION: &str = "catalog.revise";
        let mut tx = self.write(tenant, OPERATION).await?;
        let live =
            sqlx::query("SELECT version FROM x8_catalogs WHERE company_id = $1 AND live = TRUE")
                .bind(tenant.company().0)
                .fetch_optional(&mut *tx)
                .await
                .of(OPERATION)?
                .map_or(Ok(0), |row| row.count("version"))?;
        if live != expected {
            let refusal = Error::conflict(OPERATION, "somebody else changed it first");
            return Err(refusal.with("expected", expected).with("live", live));
        }
        let catalog = publish(&mut tx, tenant, name, offerings, now).await?;
        tx.commit().await.of(OPERATION)?;
        Ok(Arc::new(catalog))
    }

    async fn live_catalog(&self, tenant: Tenant) -> Result<Arc<Catalog>> {
        let mut reader = self.glance(tenant, "catalog.live").await?;
        let head = sqlx::query("SELECT * FROM x8_catalogs WHERE company_id = $1 AND live = TRUE")
            .bind(tenant.company().0)
            .fetch_optional(&mut *reader)
            .await
            .of("catalog.live")?;
        drop(reader);
        let Some(head) = head else {
            return Ok(Arc::new(Catalog::new(
                CatalogId(0),
                tenant.company(),
                0,
                String::new(),
                Vec::new(),
            )));
        };
        if let Some(known) = self.known(&head)? {
            return Ok(known);
        }
        // Its rows never change, so it does not matter that another one may be live by now.
        let mut tx = self.read(tenant, "catalog.live").await?;
        self.version(&mut tx, &head).await
    }

    async fn catalog(&self, tenant: Tenant, id: CatalogId) -> Result<Arc<Catalog>> {
        let mut tx = self.read(tenant, "catalog.get").await?;
        let head = find(&mut tx, tenant, id, "catalog.get").await?;
        self.version(&mut tx, &head).await
    }

    async fn catalog_versions(&self, tenant: Tenant) -> Result<Vec<(Catalog, bool)>> {
        let mut reader = self.glance(tenant, "catalog.versions").await?;
        sqlx::query("SELECT * FROM x8_catalogs WHERE company_id = $1 ORDER BY version DESC")
            .bind(tenant.company().0)
            .fetch_all(&mut *reader)
            .await
            .of("catalog.versions")?
            .iter()
            .map(|row| Ok((read_head(row, Vec::new())?, row.read("live")?)))
            .collect()
    }

    async fn restore_catalog(&self, tenant: Tenant, id: CatalogId) -> Result<Arc<Catalog>> {
        const OPERATION: &str = "catalog.restore";
        let mut tx = self.write(tenant, OPERATION).await?;
        let head = find(&mut tx, tenant, id, OPERATION).await?;
        set_live(&mut tx, tenant, Some(id)).await?;
        let catalog = self.version(&mut tx, &head).await?;
        tx.commit().await.of(OPERATION)?;
        Ok(catalog)
    }
}

impl SqlStore {
    /// A version whose head was just read: from memory, or with its rows.
    async fn version(&self, tx: &mut Tx, head: &Row) -> Result<Arc<Catalog>> {
        if let Some(known) = self.known(head)? {
            return Ok(known);
        }
        let read = Arc::new(with_rows(tx, head).await?);
        self.versions.put(key(head)?, &read, read.approx_bytes());
        Ok(read)
    }

    fn known(&self, head: &Row) -> Result<Option<Arc<Catalog>>> {
        Ok(self.versions.get(key(head)?))
    }
}

fn key(head: &Row) -> Result<VersionKey> {
    let company = CompanyId(head.read("company_id")?);
    Ok((company, CatalogId(head.read("id")?)))
}

/// The next version, live from now on.
async fn publish(
    tx: &mut Tx,
    tenant: Tenant,
    name: &str,
    offerings: &[Offering],
    now: Timestamp,
) -> Result<Catalog> {
    set_live(tx, tenant, None).await?;
    let head = sqlx::query(
        "INSERT INTO x8_catalogs (company_id, version, name, live, created_at)
         SELECT $1, 1 + coalesce(max(version), 0), $2, TRUE, $3 FROM x8_catalogs WHERE company_id = $1
         RETURNING *",
    )
    .bind(tenant.company().0)
    .bind(name)
    .bind(now.as_millisecond())
    .fetch_one(&mut **tx)
    .await
    .of("catalog.publish")?;
    let catalog = read_head(&head, offerings.to_vec())?;
    insert_rows(tx, &catalog).await?;
    Ok(catalog)
}

async fn find(tx: &mut Tx, tenant: Tenant, id: CatalogId, operation: &'static str) -> Result<Row> {
    sqlx::query("SELECT * FROM x8_catalogs WHERE company_id = $1 AND id = $2")
        .bind(tenant.company().0)
        .bind(id.0)
        .fetch_optional(&mut **tx)
        .await
        .of(operation)?
        .ok_or_else(|| Error::not_found(operation, "no such catalogue version").with("catalog", id))
}

/// Makes one version live and all others not; in this order, since two live ones are refused at any moment.
async fn set_live(tx: &mut Tx, tenant: Tenant, id: Option<CatalogId>) -> Result<()> {
    sqlx::query("UPDATE x8_catalogs SET live = FALSE WHERE company_id = $1 AND live = TRUE")
        .bind(tenant.company().0)
        .execute(&mut **tx)
        .await
        .of("catalog.publish")?;
    if let Some(id) = id {
        sqlx::query("UPDATE x8_catalogs SET live = TRUE WHERE company_id = $1 AND id = $2")
            .bind(tenant.company().0)
            .bind(id.0)
            .execute(&mut **tx)
            .await
            .of("catalog.restore")?;
    }
    Ok(())
}

async fn insert_rows(tx: &mut Tx, catalog: &Catalog) -> Result<()> {
    for (position, offering) in (0_i64..).zip(catalog.offerings()) {
        sqlx::query(
            "INSERT INTO x8_offerings (company_id, catalog_id, position, sku, body) VALUES ($1, $2, $3, $4, $5)",
        )
        .bind(catalog.company.0)
        .bind(catalog.id.0)
        .bind(position)
        .bind(offering.sku.as_str())
        .bind(to_json(offering)?)
        .execute(&mut **tx)
        .await
        .of("catalog.publish")?;
    }
    Ok(())
}

async fn with_rows(tx: &mut Tx, head: &Row) -> Result<Catalog> {
    let offerings = sqlx::query(
        "SELECT body FROM x8_offerings WHERE company_id = $1 AND catalog_id = $2 ORDER BY position",
    )
    .bind(head.read::<i64>("company_id")?)
    .bind(head.read::<i64>("id")?)
    .fetch_all(&mut **tx)
    .await
    .of("catalog.rows")?
    .iter()
    .map(|row| row.json("body"))
    .collect::<Result<Vec<Offering>>>()?;
    read_head(head, offerings)
}

fn read_head(row: &Row, offerings: Vec<Offering>) -> Result<Catalog> {
    Ok(Catalog::new(
        CatalogId(row.read("id")?),
        CompanyId(row.read("company_id")?),
        row.count("version")?,
        row.read("name")?,
        offerings,
    ))
}
