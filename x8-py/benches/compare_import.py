"""Import of the same files by x8 and by what a Python backend would use, in one run.

    cargo build --release -p x8-core --features spreadsheet --example measure_import
    pip install pandas pydantic polars openpyxl python-calamine x8
    python x8-py/benches/compare_import.py target/release/examples/measure_import

Every contender runs alone in a process of its own, three times; the best time counts. pandas and openpyxl do what the
import does: decode, map the headers, read numbers and areas, validate every row. polars only types the columns.

The factors are against the first contender: by the clock, and by processor time, which a busy machine changes less. Peaks
are of whole processes, the file in memory included; of x8 in Rust also as a multiple of the file.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

COLUMNS = {
    "Название товара": "product_name",
    "SKU": "sku",
    "Описание": "description",
    "Единица измерения": "unit",
    "Website": "website_url",
    "Фото": "image_url",
    "Enlace de vídeo": "video_url",
    "Цена, €": "price_eur",
    "Стоимость доставки": "logistics_price_eur",
    "Envío gratis desde": "free_delivery",
    "Остаток": "stock_units",
    "Срок доставки, ч": "delivery_time_hours",
    "Напоминание об оплате": "payment_reminder",
    "Контакт поставщика": "supplier_contact",
    "Servicio del proveedor": "supplier_company_services",
    "Адрес склада": "warehouse_address",
    "Города": "cities",
}
MONEY = ("price_eur", "logistics_price_eur", "free_delivery")
COUNTS = ("stock_units", "delivery_time_hours", "payment_reminder")


def validated(frame: Any) -> int:
    """The rows of a pandas frame of texts as Pydantic models."""
    from decimal import Decimal

    from pydantic import BaseModel, Field, TypeAdapter, field_validator

    class Row(BaseModel):
        product_name: str = Field(min_length=1)
        sku: int
        description: str = Field(min_length=1)
        unit: str | None
        website_url: str | None
        image_url: str | None
        video_url: str | None
        price_eur: Decimal = Field(ge=0, decimal_places=2)
        logistics_price_eur: Decimal | None = Field(ge=0, decimal_places=2)
        free_delivery: Decimal | None = Field(ge=0, decimal_places=2)
        stock_units: int | None
        delivery_time_hours: int | None
        payment_reminder: int | None
        supplier_contact: str | None
        supplier_company_services: str | None
        warehouse_address: str | None
        cities: list[str]

        @field_validator("website_url", "image_url", "video_url")
        @classmethod
        def web(cls, url: str | None) -> str | None:
            if url is not None and not url.startswith(("http://", "https://")):
                raise ValueError("not a web address")
            return url

    frame = frame.rename(columns=COLUMNS)
    for name in MONEY:
        frame[name] = frame[name].str.replace(",", ".", regex=False)
    frame["cities"] = [[city.strip() for city in text.split(",")] for text in frame["cities"]]
    records = frame.astype(object).where(frame != "", None).to_dict("records")
    return len(TypeAdapter(list[Row]).validate_python(records))


def pandas_csv(path: str) -> int:
    import pandas

    return validated(pandas.read_csv(path, sep=";", dtype=str, keep_default_na=False))


def polars_csv(path: str) -> int:
    import polars

    frame = polars.read_csv(path, separator=";", infer_schema=False).rename(COLUMNS)
    column = polars.col
    return frame.with_columns(
        column("sku").cast(polars.Int64),
        *(column(name).str.replace(",", ".", literal=True).cast(polars.Decimal(12, 2)) for name in MONEY),
        *(column(name).cast(polars.UInt32) for name in COUNTS),
        column("cities").str.split(","),
    ).height


def excel(path: str, engine: str) -> int:
    import pandas

    frame = pandas.read_excel(path, dtype=str, keep_default_na=False, engine=engine)
    return validated(frame)


def x8_rows(path: str) -> int:
    import x8

    read = x8.import_catalogue(Path(path).read_bytes(), "product")
    if not read.ok:
        raise SystemExit(str(read))
    return len(read.offerings())


CONTENDERS: dict[str, Callable[[str], int]] = {
    "pandas + pydantic": pandas_csv,
    "polars": polars_csv,
    "openpyxl": lambda path: excel(path, "openpyxl"),
    "calamine through pandas": lambda path: excel(path, "calamine"),
    "x8 from Python": x8_rows,
}


def alone(name: str, path: str) -> None:
    """Runs one contender and prints what it took."""
    best, cpu, rows = float("inf"), float("inf"), 0
    for _ in range(3):
        start, busy = time.perf_counter(), time.process_time()
        rows = CONTENDERS[name](path)
        best, cpu = min(best, time.perf_counter() - start), min(cpu, time.process_time() - busy)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(json.dumps({"rows": rows, "seconds": best, "cpu": cpu, "peak_kb": peak}))


def measured(name: str, command: list[str], base: dict[str, Any] | None) -> dict[str, Any] | None:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        print(f"{name:26} not measured: {done.stderr.strip().splitlines()[-1:]}")
        return None
    found: dict[str, Any] = json.loads(done.stdout)
    found.setdefault("cpu", found["seconds"])
    speed = found["rows"] / found["seconds"]
    per_cpu = found["rows"] / found["cpu"]
    ratio = ""
    if base is not None:
        more = found["rows"] / base["rows"]
        wall, cpu = (base[time] / found[time] * more for time in ("seconds", "cpu"))
        ratio = f"  {wall:5.1f}x clock {cpu:5.1f}x CPU"
    if "file_kb" in found:
        ratio += f"  {found['peak_kb'] / found['file_kb']:.2f}x the file"
    print(f"{name:26} {speed:11,.0f} rows/s {per_cpu:11,.0f} per CPU-s {found['peak_kb'] / 1024:7.0f} MB{ratio}")
    return found


def main(measure: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([measure, "write", folder], check=True)
        for kind, names in (
            ("csv", ("pandas + pydantic", "polars", "x8 from Python")),
            ("xlsx", ("openpyxl", "calamine through pandas", "x8 from Python")),
        ):
            path = Path(folder, f"products.{kind}")
            print(f"{kind}: {path.stat().st_size / 1e6:.1f} MB; the factor is against {names[0]}")
            base = None
            for name in names:
                found = measured(name, [sys.executable, __file__, "--one", name, str(path)], base)
                base = base or found
            measured("x8 in Rust", [measure, "read", str(path)], base)
        large = Path(folder, "large.csv")
        print(f"large csv: {large.stat().st_size / 1e6:.1f} MB")
        measured("x8 in Rust", [measure, "read", str(large)], None)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--one"]:
        alone(sys.argv[2], sys.argv[3])
    else:
        main(sys.argv[1])
