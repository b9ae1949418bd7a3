//! A catalogue file, read.

use std::{collections::BTreeMap, sync::Arc};

use pyo3::{prelude::*, sync::PyOnceLock, types::PyBytes};
use x8_core::{
    catalog::{Kind, Offering},
    import::{self, DecimalMark, ImportOptions, Report},
};

use super::{Catalogue, read_kind};
use crate::{
    convert::to_python,
    error::{invalid, raise},
};

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
