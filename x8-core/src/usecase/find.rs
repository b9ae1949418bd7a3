//! Find: the orders of a company that somebody asks for (P8).

use super::Engine;
use crate::{
    error::Result,
    id::OrderId,
    order::{Order, OrderFilter},
    port::Page,
    tenant::Tenant,
};

/// Rows that are read at once.
const READ: u32 = 200;

/// Rows that one call reads at most; a rare match far back takes several calls.
const MOST_READ: u32 = 5_000;

/// Orders that were asked for, newest first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FoundOrders {
    /// At most as many as were asked for; fewer do not mean that there are no more.
    pub orders: Vec<Order>,
    /// Where the next call goes on; `None`: there are no more.
    pub next: Option<OrderId>,
}

impl Engine {
    /// The orders of a company that match, newest first, page by page (R1).
    ///
    /// One call reads a bounded number of rows: with a narrow filter a page may hold fewer orders than its limit, or none, and
    /// still say where to go on.
    ///
    /// # Errors
    /// Storage failures only.
    pub async fn find_orders(
        &self,
        tenant: Tenant,
        filter: &OrderFilter,
        page: Page<OrderId>,
    ) -> Result<FoundOrders> {
        let mut found = FoundOrders::default();
        let mut rest = MOST_READ;
        let mut after = page.after;
        let wanted = usize::try_from(page.limit).unwrap_or(usize::MAX);
        while rest > 0 {
            let limit = READ.min(rest);
            let rows = self
                .store
                .orders(tenant, filter.customer, Page { limit, after })
                .await?;
            rest = rest.saturating_sub(limit);
            let last_page = u32::try_from(rows.len()).is_ok_and(|count| count < limit);
            for order in rows {
                if filter.ends_before(order.created_at) {
                    found.next = None;
                    return Ok(found);
                }
                if found.orders.len() == wanted {
                    found.next = after;
                    return Ok(found);
                }
                after = Some(order.id);
                if filter.matches(&order) {
                    found.orders.push(order);
                }
            }
            if last_page {
                found.next = None;
                return Ok(found);
            }
        }
        found.next = after;
        Ok(found)
    }
}
