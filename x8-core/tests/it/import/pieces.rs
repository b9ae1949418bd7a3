//! Files that are decoded in pieces read like the same text in one piece (K2).

use proptest::prelude::*;
use x8_core::{
    catalog::Kind,
    import::{Import, ImportOptions, import},
};

/// Cells that a reader in pieces could tear: quotes, doubled quotes, line ends of all kinds, amounts.
fn file(cells: &[(String, u32)], ends: &str) -> String {
    let mut text = format!("sku;Название товара;Описание;Цена, €{ends}");
    for (number, (cell, cents)) in cells.iter().enumerate() {
        let cell = cell.replace('"', "\"\"").replace('\n', ends);
        let (euros, cents) = (cents / 100, cents % 100);
        text += &format!(
            "{};Роза {number};\"а{cell}\";{euros},{cents:02}{ends}",
            number + 1
        );
    }
    text
}

fn read(bytes: &[u8], encoding: Option<&str>) -> Import {
    let options = ImportOptions {
        encoding: encoding.map(str::to_owned),
        ..ImportOptions::new(Kind::Product)
    };
    import(bytes, &options).unwrap()
}

/// All but the encoding.
fn same(one: &Import, other: &Import) {
    let plain = |read: &Import| {
        let mut report = read.report.clone();
        report.encoding = "";
        report.warnings.clear();
        report
    };
    assert_eq!(one.offerings, other.offerings);
    assert_eq!(plain(one), plain(other));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]

    #[test]
    fn k2_a_code_page_and_utf16_read_like_utf8(
        cells in proptest::collection::vec(("[аб\"; \n]{0,30}", 0_u32..1_000_000), 1..40),
        old in any::<bool>(),
    ) {
        // Larger than several pieces; every row is at another place of its piece.
        let times = 3_000 / cells.len();
        let many: Vec<(String, u32)> = cells.iter().cycle().take(cells.len() * times).cloned().collect();
        let text = file(&many, if old { "\r" } else { "\r\n" });
        let whole = file(&many, "\n");
        let wanted = read(whole.as_bytes(), None);
        prop_assert_eq!(wanted.offerings.len(), many.len());
        for (row, (_, cents)) in wanted.offerings.iter().zip(&many) {
            prop_assert_eq!(row.price.minor(), i64::from(*cents));
        }
        same(&read(text.as_bytes(), None), &wanted);
        let wide: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
        same(&read(&[&[0xfe, 0xff], wide.as_slice()].concat(), None), &wanted);
        // The euro sign is one byte here, as every letter.
        let narrow: Vec<u8> = text.chars().map(windows_1251).collect();
        same(&read(&narrow, Some("windows-1251")), &wanted);
    }
}

fn windows_1251(letter: char) -> u8 {
    match letter {
        '€' => 0x88,
        'А'..='я' => u8::try_from(u32::from(letter) - u32::from('А') + 0xc0).unwrap(),
        ascii => u8::try_from(u32::from(ascii)).unwrap(),
    }
}

#[test]
fn k2_a_record_larger_than_a_piece_is_one_record() {
    let long = "слово, \"цитата\"\n".repeat(20_000);
    let cells = [(long.clone(), 129_950), ("коротко".to_owned(), 350)];
    let text = file(&cells, "\n");
    let narrow: Vec<u8> = text.chars().map(windows_1251).collect();
    let options = |limit| {
        let mut options = ImportOptions::new(Kind::Product);
        options.encoding = Some("windows-1251".to_owned());
        options.limits.cell = limit;
        options
    };
    let read = import(&narrow, &options(1_000_000)).unwrap();
    let prices: Vec<i64> = read.offerings.iter().map(|row| row.price.minor()).collect();
    assert_eq!(prices, [129_950, 350]);
    assert_eq!(
        read.offerings[0].description,
        format!("а{}", long.trim_end())
    );
    assert!(
        import(&narrow, &options(100_000)).is_err(),
        "beyond the limit of a cell"
    );
    // A quote that is never closed is told with its line, wherever it stands.
    let open = text.replace("коротко\"", "коротко");
    let narrow: Vec<u8> = open.chars().map(windows_1251).collect();
    let error = import(&narrow, &options(1_000_000)).unwrap_err();
    assert!(error.public().contains("line 20003"), "{}", error.public());
}

#[test]
fn k2_a_broken_character_far_inside_is_found() {
    let mut bytes = file(&vec![("текст".to_owned(), 100); 20_000], "\n").into_bytes();
    let wide = String::from_utf8(bytes.clone()).unwrap();
    let mut wide: Vec<u8> = wide.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let at = wide.len() / 4 * 2;
    // Half of a pair stands alone.
    wide[at..at + 2].copy_from_slice(&0xd800_u16.to_le_bytes());
    let wide = [&[0xff, 0xfe], wide.as_slice()].concat();
    let error = import(&wide, &ImportOptions::new(Kind::Product)).unwrap_err();
    assert!(error.public().contains("UTF-16"), "{}", error.public());
    let end = bytes.len() - 3;
    bytes[end] = 0xff;
    assert!(import(&bytes, &ImportOptions::new(Kind::Product)).is_err());
}
