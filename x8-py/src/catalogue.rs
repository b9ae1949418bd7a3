//! Knowledge-base import and pricing.

use std::{
    collections::BTreeMap,
    sync::{Arc, OnceLock},
};

use pyo3::{
    prelude::*,
    sync::PyOnceLock,
    types::{PyBytes, PyDict, PyFloat},
};
use pythonize::depythonize;
use serde_json::{Map, Value, json};
use x8_core::{
    catalog::{
        Areas, Catalog, Kind, Offering,
        search::{Hit, Query, Search},
    },
    import::{self, DecimalMark, ImportOptions, Report, ReportRow},
    order::{Area, CartLine},
};

use crate::{
    convert::to_python,
    error::{invalid, raise},
};

mod rows;

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

/// One accepted row.
#[pyclass(frozen, module = "x8")]
pub(crate) struct Row {
    offerings: Arc<Vec<Offering>>,
    at: usize,
}

impl Row {
    fn own(&self) -> PyResult<&Offering> {
        let row = self.offerings.get(self.at);
        row.ok_or_else(|| invalid("catalogue.read", "the row is gone".to_owned()))
    }
}

#[pymethods]
impl Row {
    /// The key.
    #[getter]
    fn sku(&self) -> PyResult<&str> {
        Ok(self.own()?.sku.as_str())
    }

    /// `product` or `service`.
    #[getter]
    fn kind(&self) -> PyResult<&'static str> {
        Ok(match self.own()?.kind {
            Kind::Product => "product",
            Kind::Service => "service",
        })
    }

    /// `product_name` or `service_name`.
    #[getter]
    fn name(&self) -> PyResult<&str> {
        Ok(&self.own()?.name)
    }

    /// What it is.
    #[getter]
    fn description(&self) -> PyResult<&str> {
        Ok(&self.own()?.description)
    }

    /// The price in integer cents; 0 is free.
    #[getter]
    fn price_cents(&self) -> PyResult<i64> {
        Ok(self.own()?.price.minor())
    }

    /// The currency's code.
    #[getter]
    fn currency(&self) -> PyResult<String> {
        Ok(self.own()?.price.currency().code().to_owned())
    }

    /// What one unit is, when given.
    #[getter]
    fn unit(&self) -> PyResult<Option<&str>> {
        Ok(self.own()?.unit.as_deref())
    }

    /// Where it is available; empty: everywhere, or only online.
    #[getter]
    fn areas(&self) -> PyResult<Vec<String>> {
        Ok(self.own()?.areas.places().to_vec())
    }

    /// Whether it works remotely.
    #[getter]
    fn online(&self) -> PyResult<bool> {
        Ok(self.own()?.areas.online())
    }

    /// Unknown columns, by their header.
    #[getter]
    fn attributes(&self) -> PyResult<BTreeMap<String, String>> {
        Ok(self.own()?.extra.clone())
    }

    fn __repr__(&self) -> PyResult<String> {
        let own = self.own()?;
        Ok(format!("Row({}, {})", own.sku, own.price))
    }
}

/// What came of an import.
#[pyclass(frozen, module = "x8")]
pub(crate) struct ImportResult {
    ok: bool,
    report: Report,
    offerings: Arc<Vec<Offering>>,
    catalogue: PyOnceLock<Py<Catalogue>>,
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

    /// The accepted rows as a catalogue that prices carts; made when it is first asked for.
    #[getter]
    fn catalogue(&self, py: Python<'_>) -> PyResult<Py<Catalogue>> {
        let made = self.catalogue.get_or_try_init(py, || {
            let rows = self.offerings.as_ref().clone();
            Py::new(py, Catalogue::of(rows))
        })?;
        Ok(made.clone_ref(py))
    }

    /// What publishing this import would change in `live`: `added`, `removed`, `changed` with old and new values (K7).
    fn diff<'py>(&self, py: Python<'py>, live: &Catalogue) -> PyResult<Bound<'py, PyAny>> {
        let diff = py.detach(|| import::diff(live.catalog.offerings(), &self.offerings));
        to_python(py, &diff)
    }

    /// The accepted rows one by one, in file order. They share their memory with the import.
    fn offerings(&self) -> Vec<Row> {
        let rows = 0..self.offerings.len();
        rows.map(|at| Row {
            offerings: Arc::clone(&self.offerings),
            at,
        })
        .collect()
    }

    fn __str__(&self) -> String {
        self.report.to_string()
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
#[pyo3(signature = (data, kind, *, decimal=None, partial=false, encoding=None, sheet=None))]
pub(crate) fn import_catalogue(
    py: Python<'_>,
    data: &Bound<'_, PyBytes>,
    kind: &str,
    decimal: Option<&str>,
    partial: bool,
    encoding: Option<String>,
    sheet: Option<String>,
) -> PyResult<ImportResult> {
    let mut options = ImportOptions::new(read_kind(kind)?);
    options.encoding = encoding;
    options.sheet = sheet;
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
    // Report, rows and catalogue become Python objects only when they are asked for.
    Ok(ImportResult {
        ok: read.report.ok,
        report: read.report,
        offerings: read.offerings,
        catalogue: PyOnceLock::new(),
    })
}

/// Reads one row under the rules of a file (K11): `ok`, the typed `row` as in a report, the `errors`, and the
/// `warnings` of a row that was read.
///
/// Keys are normalised like headers. A value is text as in a cell, an int, a float, a Decimal or a list of texts; None and
/// NaN are empty cells.
#[pyfunction]
pub(crate) fn validate_row<'py>(
    py: Python<'py>,
    row: &Bound<'py, PyDict>,
    kind: &str,
) -> PyResult<Bound<'py, PyAny>> {
    let kind = read_kind(kind)?;
    let columns = cells(row)?;
    let answer = match py.detach(|| import::row(kind, &columns)) {
        Ok(one) => {
            let read = serde_json::to_value(ReportRow {
                row: 1,
                offering: &one.offering,
            });
            let mut read = read.map_err(|error| invalid("row.validate", error.to_string()))?;
            if let Some(columns) = read.as_object_mut() {
                // There is no file, so there is no line.
                let _line = columns.remove("row");
            }
            json!({"ok": true, "row": read, "errors": [], "warnings": one.warnings})
        }
        Err(errors) => json!({"ok": false, "row": null, "errors": errors, "warnings": []}),
    };
    to_python(py, &answer)
}

fn cells(row: &Bound<'_, PyDict>) -> PyResult<Map<String, Value>> {
    let mut columns = Map::new();
    for (name, value) in row {
        let name: String = name.extract()?;
        let value = read_cell(&name, &value)?;
        columns.insert(name, value);
    }
    Ok(columns)
}

fn read_cell(name: &str, value: &Bound<'_, PyAny>) -> PyResult<Value> {
    if let Ok(number) = value.cast::<PyFloat>()
        && number.value().is_infinite()
    {
        return Err(invalid("row.validate", format!("{name} is infinite")));
    }
    if value.get_type().name()? == "Decimal" {
        return Ok(Value::String(value.str()?.to_string()));
    }
    depythonize(value).map_err(|error| invalid("row.validate", format!("{name}: {error}")))
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
