//! Knowledge-base import and pricing.

use std::sync::{Arc, OnceLock};

use pyo3::{prelude::*, types::PyDict};
use serde_json::json;
use x8_core::{
    catalog::{
        Areas, Catalog, Kind, Offering,
        search::{Hit, Query, Search},
    },
    import,
    order::{Area, CartLine},
};

use crate::{
    convert::to_python,
    error::{invalid, raise},
};

mod file;
mod rows;

pub(crate) use file::{ImportResult, Row, import_catalogue};
pub(crate) use rows::validate_row;

use rows::cells;

/// The rows of one catalogue version.
#[pyclass(frozen, module = "x8")]
pub(crate) struct Catalogue {
    catalog: Arc<Catalog>,
    /// Made when it is first asked.
    index: OnceLock<Search>,
}

impl Catalogue {
    fn of(rows: Vec<Offering>) -> Self {
        Self {
            catalog: Arc::new(Catalog::detached(rows)),
            index: OnceLock::new(),
        }
    }

    pub(crate) fn shared(&self) -> Arc<Catalog> {
        Arc::clone(&self.catalog)
    }
}

#[pymethods]
impl Catalogue {
    /// Reads rows in the stored JSON form (a text of a list).
    #[staticmethod]
    fn from_json(text: &str) -> PyResult<Self> {
        let rows: Vec<Offering> = serde_json::from_str(text)
            .map_err(|error| invalid("catalogue.read", format!("rows: {error}")))?;
        Ok(Self::of(rows))
    }

    /// Reads rows as a list of dicts, each under the rules of a file's row (K11), as `validate_row` does.
    ///
    /// A row without a SKU gets the next free integer. Wrong rows raise `InvalidError`, which tells all that is wrong.
    #[staticmethod]
    fn from_rows(rows: &Bound<'_, PyAny>, kind: &str) -> PyResult<Self> {
        let kind = read_kind(kind)?;
        let mut columns = Vec::new();
        for (at, row) in rows.try_iter()?.enumerate() {
            let row = row?;
            let Ok(row) = row.cast::<PyDict>() else {
                let what = row.get_type().name()?;
                let what = format!("rows[{at}]: a dict is needed, not {what}");
                return Err(invalid("catalogue.read", what));
            };
            columns.push(cells(row)?);
        }
        rows::read(kind, &columns).map(Self::of)
    }

    /// The rows as customers may see them: without stock.
    fn rows<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        let rows: Vec<_> = self
            .catalog
            .offerings()
            .iter()
            .map(Offering::public)
            .collect();
        to_python(py, &rows)
    }

    /// Prices a cart of (sku, quantity). A cart that cannot be priced raises `ConflictError`.
    #[pyo3(signature = (cart, *, online=false))]
    fn price<'py>(
        &self,
        py: Python<'py>,
        cart: Vec<(String, u32)>,
        online: bool,
    ) -> PyResult<Bound<'py, PyDict>> {
        let lines: Vec<CartLine> = cart
            .into_iter()
            .map(|(sku, quantity)| CartLine {
                sku: sku.into(),
                quantity,
            })
            .collect();
        let priced = x8_core::cart::price(&self.catalog, &lines, !online).map_err(|refusal| {
            raise(&x8_core::Error::conflict("cart.price", refusal.to_string()))
        })?;
        let answer = PyDict::new(py);
        answer.set_item("products_cents", priced.totals.products.minor())?;
        answer.set_item("delivery_cents", priced.totals.delivery.minor())?;
        answer.set_item("total_cents", priced.totals.total.minor())?;
        answer.set_item("currency", priced.totals.total.currency().code())?;
        answer.set_item("free_delivery", priced.totals.free_delivery)?;
        answer.set_item("reminder_hours", priced.reminder_hours)?;
        Ok(answer)
    }

    /// The rows that fit a question best (K12), without stock: `sku`, `score`, `why` and the `row`.
    ///
    /// `text` may be a SKU, a name or a question in English, Russian or Spanish; empty, it lists every row. `area` is a city
    /// or `online`; `available` leaves out what is sold out.
    #[pyo3(signature = (text, *, area=None, available=false, limit=10))]
    fn search<'py>(
        &self,
        py: Python<'py>,
        text: &str,
        area: Option<&str>,
        available: bool,
        limit: usize,
    ) -> PyResult<Bound<'py, PyAny>> {
        let query = Query {
            text,
            area: area.map(read_area),
            available_only: available,
            limit,
        };
        let hits = py.detach(|| {
            let index = self.index.get_or_init(|| Search::new(&self.catalog));
            index.find(&query)
        });
        let shown = |hit: Hit| {
            let row = self.catalog.get(&hit.sku)?.public();
            Some(json!({"sku": hit.sku, "score": hit.score, "why": hit.why, "row": row}))
        };
        let shown: Vec<_> = hits.into_iter().filter_map(shown).collect();
        to_python(py, &shown)
    }

    fn __len__(&self) -> usize {
        self.catalog.offerings().len()
    }

    fn __repr__(&self) -> String {
        format!("Catalogue({} rows)", self.catalog.offerings().len())
    }
}

/// The canonical column of a header, or None (K1).
#[pyfunction]
pub(crate) fn normalize_header(header: &str, kind: &str) -> PyResult<Option<&'static str>> {
    Ok(import::normalize_header(read_kind(kind)?, header).map(|column| column.name()))
}

fn read_area(word: &str) -> Area {
    let areas: Areas = std::iter::once(word).collect();
    if areas.online() {
        Area::Online
    } else {
        Area::Place(word.to_owned())
    }
}

fn read_kind(word: &str) -> PyResult<Kind> {
    match word.to_ascii_lowercase().as_str() {
        "product" => Ok(Kind::Product),
        "service" => Ok(Kind::Service),
        _other => Err(invalid(
            "catalogue.import",
            format!("kind is `product` or `service`, not `{word}`"),
        )),
    }
}
