//! Makes the files that the import is measured with: the same bytes on every machine.

use std::fmt::Write as _;

use rust_xlsxwriter::{Workbook, XlsxError};

/// Seventeen columns, their names in three languages.
const HEADERS: [&str; 17] = [
    "Название товара",
    "SKU",
    "Описание",
    "Единица измерения",
    "Website",
    "Фото",
    "Enlace de vídeo",
    "Цена, €",
    "Стоимость доставки",
    "Envío gratis desde",
    "Остаток",
    "Срок доставки, ч",
    "Напоминание об оплате",
    "Контакт поставщика",
    "Servicio del proveedor",
    "Адрес склада",
    "Города",
];

/// Numbers without order that are the same in every run.
struct Lot(u64);

impl Lot {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        (self.0 >> 33) % limit
    }

    fn one<'a>(&mut self, of: &[&'a str]) -> &'a str {
        usize::try_from(self.below(1_000)).map_or("", |at| of[at % of.len()])
    }

    /// Some cells are missing in every real file.
    fn maybe(&mut self, text: String) -> String {
        if self.below(10) < 3 {
            String::new()
        } else {
            text
        }
    }
}

fn row(number: u64, lot: &mut Lot) -> [String; 17] {
    let name = lot.one(&[
        "Роза красная",
        "Тюльпан",
        "Orquídea blanca",
        "Tea rose",
        "Букет «Весна»",
    ]);
    let text = lot.one(&[
        "Свежие цветы с доставкой",
        "Flores frescas del día",
        "Fresh flowers, cut today",
    ]);
    let city = lot.one(&[
        "Madrid, Valencia",
        "Barcelona",
        "Málaga, Sevilla, Córdoba",
        "Online",
        "Москва, Казань",
    ]);
    let (euros, cents) = (lot.below(400), lot.below(100));
    let (fee, from) = (lot.below(20), lot.below(200) + 20);
    let (stock, hours, reminder) = (lot.below(1_000), lot.below(72) + 1, lot.below(48) + 1);
    [
        format!("{name} {number}"),
        number.to_string(),
        text.to_owned(),
        lot.one(&["шт", "букет", "ramo", ""]).to_owned(),
        lot.maybe(format!("https://example.com/p/{number}")),
        lot.maybe(format!("https://example.com/i/{number}.jpg")),
        String::new(),
        format!("{euros},{cents:02}"),
        lot.maybe(format!("{fee},50")),
        lot.maybe(from.to_string()),
        lot.maybe(stock.to_string()),
        lot.maybe(hours.to_string()),
        lot.maybe(reminder.to_string()),
        lot.maybe("+34 600 000 000".to_owned()),
        lot.maybe("servicio@example.com".to_owned()),
        lot.maybe("Calle Mayor 1".to_owned()),
        city.to_owned(),
    ]
}

/// Delimited by semicolons, with decimal commas and missing cells. `padding` widens the description.
pub(crate) fn csv(rows: u64, padding: usize) -> String {
    let mut lot = Lot(7);
    let mut text = HEADERS.join(";") + "\n";
    for number in 1..=rows {
        let mut cells = row(number, &mut lot);
        let _infallible = write!(cells[2], "{:.<padding$}", "");
        text += &cells.join(";");
        text.push('\n');
    }
    text
}

/// The same rows as a workbook, its numbers in number cells.
pub(crate) fn xlsx(rows: u32) -> Result<Vec<u8>, XlsxError> {
    let mut lot = Lot(7);
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    for (column, header) in (0..).zip(HEADERS) {
        sheet.write(0, column, header)?;
    }
    for number in 1..=rows {
        let cells = row(u64::from(number), &mut lot);
        for (column, cell) in (0_u16..).zip(&cells) {
            let plain: Option<f64> = cell.replace(',', ".").parse().ok();
            match plain.filter(|_| matches!(column, 1 | 7..=12)) {
                Some(value) => sheet.write(number, column, value)?,
                None if cell.is_empty() => continue,
                None => sheet.write(number, column, cell)?,
            };
        }
    }
    book.save_to_buffer()
}
