//! Knowledge-base import and pricing.

use std::sync::Arc;

use pyo3::{
    prelude::*,
    types::{PyBytes, PyDict},
};
use pythonize::pythonize;
use serde::Serialize;
use x8_core::{
    catalog::{Catalog, Kind, Offering},
    import::{self, DecimalMark, ImportOptions},
    order::CartLine,
};

use crate::error::{invalid, raise};

/// The rows of one catalogue version.
#[pyclass(frozen, module = "x8")]
pub(crate) struct Catalogue {
    catalog: Arc<Catalog>,
}

impl Catalogue {
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
            .map_err(|error| invalid("catalogue.read", error.to_string()))?;
        Ok(Self {
            catalog: Arc::new(Catalog::detached(rows)),
        })
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

    fn __len__(&self) -> usize {
        self.catalog.offerings().len()
    }

    fn __repr__(&self) -> String {
        format!("Catalogue({} rows)", self.catalog.offerings().len())
    }
}

/// What came of an import.
#[pyclass(frozen, module = "x8")]
pub(crate) struct ImportResult {
    ok: bool,
    report: serde_json::Value,
    text: String,
    catalogue: Py<Catalogue>,
}

#[pymethods]
impl ImportResult {
    /// Whether nothing was refused.
    #[getter]
    fn ok(&self) -> bool {
        self.ok
    }

    /// Encoding, delimiter, rows, errors, warnings, and how each price was read.
    #[getter]
    fn report<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        to_python(py, &self.report)
    }

    /// The accepted rows.
    #[getter]
    fn catalogue(&self, py: Python<'_>) -> Py<Catalogue> {
        self.catalogue.clone_ref(py)
    }

    fn __str__(&self) -> &str {
        &self.text
    }

    fn __repr__(&self) -> String {
        format!(
            "ImportResult(ok={})",
            if self.ok { "True" } else { "False" }
        )
    }
}

/// The canonical column of a header, or None (K1).
#[pyfunction]
pub(crate) fn normalize_header(header: &str, kind: &str) -> PyResult<Option<&'static str>> {
    Ok(import::normalize_header(read_kind(kind)?, header).map(|column| column.name()))
}

/// Reads a catalogue file.
#[pyfunction]
#[pyo3(signature = (data, kind, *, decimal=None, partial=false))]
pub(crate) fn import_catalogue(
    py: Python<'_>,
    data: &Bound<'_, PyBytes>,
    kind: &str,
    decimal: Option<&str>,
    partial: bool,
) -> PyResult<ImportResult> {
    let mut options = ImportOptions::new(read_kind(kind)?);
    options.partial = partial;
    if let Some(mark) = decimal {
        let read = DecimalMark::parse(mark);
        options.decimal = Some(read.ok_or_else(|| {
            invalid(
                "catalogue.import",
                format!("decimal is `.` or `,`, not `{mark}`"),
            )
        })?);
    }
    let bytes = data.as_bytes();
    let read = py
        .detach(|| import::import(bytes, &options))
        .map_err(|error| raise(&error))?;
    let report = serde_json::to_value(&read.report)
        .map_err(|error| invalid("catalogue.import", error.to_string()))?;
    let catalogue = Py::new(
        py,
        Catalogue {
            catalog: Arc::new(Catalog::detached(read.offerings)),
        },
    )?;
    Ok(ImportResult {
        ok: read.report.ok,
        report,
        text: read.report.to_string(),
        catalogue,
    })
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

fn to_python<'py>(py: Python<'py>, value: &impl Serialize) -> PyResult<Bound<'py, PyAny>> {
    Ok(pythonize(py, value)?)
}
