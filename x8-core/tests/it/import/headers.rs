//! K1: which header is which column.

use x8_core::{
    ErrorKind,
    catalog::{DetailField, Kind},
    import::{Column, normalize_header},
};

use super::{errors, products, read};

#[test]
fn k1_spelling_does_not_matter() {
    for header in [
        "Product Name",
        "PRODUCT_NAME",
        "Product-Name",
        "product.name",
        "productName",
        " product  name: ",
        "\u{feff}product_name",
        "product\u{a0}name",
        "Product Name *",
        "Product name (required)",
        "Название товара",
        "НАЗВАНИЕ  ТОВАРА",
        "Name",
        "Nombre del Producto",
    ] {
        assert_eq!(
            normalize_header(Kind::Product, header),
            Some(Column::ProductName),
            "{header:?}"
        );
    }
}

#[test]
fn k1_units_beside_a_name_do_not_matter() {
    for (header, column) in [
        ("цена, €", Column::PriceEur),
        ("Цена (EUR)", Column::PriceEur),
        ("Price [€]", Column::PriceEur),
        ("€ price", Column::PriceEur),
        ("Precio en euros", Column::PriceEur),
        ("Срок доставки, ч", Column::DeliveryTimeHours),
        ("Delivery time (h)", Column::DeliveryTimeHours),
        ("Изображение (URL)", Column::ImageUrl),
        ("Напоминание об оплате, ч", Column::PaymentReminder),
        ("Остаток, шт.", Column::StockUnits),
        ("артикул", Column::Sku),
        ("Preis (€)", Column::PriceEur),
        ("Prezzo", Column::PriceEur),
        ("Preço, €", Column::PriceEur),
        ("Prix TTC", Column::PriceEur),
    ] {
        assert_eq!(
            normalize_header(Kind::Product, header),
            Some(column),
            "{header}"
        );
    }
}

#[test]
fn k1_words_that_change_the_meaning_leave_a_header_unknown() {
    for header in [
        "Price (old)",
        "Price, cents",
        "Price per month",
        "Delivery time, days",
        "Delivery time, min",
        "Reminder (days)",
        "",
        "…",
    ] {
        assert_eq!(normalize_header(Kind::Product, header), None, "{header}");
    }
}

#[test]
fn k1_each_table_has_its_own_columns() {
    assert_eq!(
        normalize_header(Kind::Service, "Name"),
        Some(Column::ServiceName)
    );
    assert_eq!(normalize_header(Kind::Service, "product_name"), None);
    assert_eq!(
        normalize_header(Kind::Service, "cities"),
        Some(Column::Location),
        "an alias in this table"
    );
    assert_eq!(
        normalize_header(Kind::Product, "cities"),
        Some(Column::Cities)
    );
    for kind in [Kind::Product, Kind::Service] {
        for column in Column::ALL.iter().filter(|column| column.belongs_to(kind)) {
            assert_eq!(
                normalize_header(kind, column.name()),
                Some(*column),
                "{kind:?}"
            );
            assert_eq!(
                normalize_header(kind, &column.name().replace('_', " ").to_uppercase()),
                Some(*column)
            );
        }
    }
}

#[test]
fn k1_two_headers_for_one_column_are_refused_by_name() {
    let error = products("name,description,Price,цена\nA,a,1,2\n").unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Invalid);
    assert_eq!(
        error.public(),
        "the headers `Price` and `цена` both mean price_eur; keep one of them or rename the other"
    );
    let error = read(Kind::Service, "name,description,cities,location\nA,a,x,y\n").unwrap_err();
    assert!(
        error.public().contains("`cities` and `location`"),
        "{error}"
    );
}

#[test]
fn k1_missing_required_columns_are_named_with_what_was_found() {
    let error = products("product_name,price\nA,1\n").unwrap_err();
    assert!(error.public().contains("no column description"), "{error}");
    assert!(
        error.public().contains("`product_name`, `price`"),
        "{error}"
    );
    let error = products("service_name,description,service_category\nA,a,b\n").unwrap_err();
    assert!(
        error.public().contains("the table of the other type"),
        "{error}"
    );
}

#[test]
fn k1_unknown_headers_are_kept_and_never_dropped() {
    let import =
        products("name,description,price,Colour,Colour,,Colour (2)\nA,a,1,red,dark,x,y\n").unwrap();
    let extra: Vec<(&str, &str)> = import.offerings[0]
        .extra
        .iter()
        .map(|(name, text)| (name.as_str(), text.as_str()))
        .collect();
    assert_eq!(
        extra,
        [
            ("Colour", "red"),
            ("Colour (2)", "y"),
            ("Colour (3)", "dark"),
            ("column 6", "x")
        ],
        "every cell has a name of its own"
    );
}

#[test]
fn k1_a_near_miss_is_a_suggestion_and_nothing_more() {
    let import =
        products("name,description,price,sku,Descripton2,warehous adress\nA,a,1,1,x,y\n").unwrap();
    let warnings: Vec<&str> = import
        .report
        .warnings
        .iter()
        .map(|warning| warning.message.as_str())
        .collect();
    assert_eq!(
        warnings,
        [
            "`warehous adress` is not known and is kept as an attribute; did you mean warehouse_address?"
        ]
    );
    assert_eq!(import.offerings[0].contacts.address, None);
    assert_eq!(import.offerings[0].extra["warehous adress"], "y");
}

#[test]
fn k3_a_table_whose_only_price_is_unknown_is_not_taken_for_free() {
    for header in [
        "Price (old)",
        "Prise",
        "Price per piece",
        "Amount €",
        "Price, cents",
    ] {
        let text = format!("name,description,sku,\"{header}\"\nA,a,1,5\n");
        let import = products(&text).unwrap();
        assert!(!import.report.ok && import.offerings.is_empty(), "{header}");
        assert_eq!(errors(&import), [("K1", 1, header, header)]);
        let options = x8_core::import::ImportOptions {
            partial: true,
            ..x8_core::import::ImportOptions::new(Kind::Product)
        };
        let import = x8_core::import::import(text.as_bytes(), &options).unwrap();
        assert!(
            !import.report.ok && import.offerings.is_empty(),
            "{header} with partial"
        );
    }
    let import = products("name,description,sku\nA,a,1\n").unwrap();
    assert!(import.report.ok && import.offerings[0].is_free());
    assert_eq!(import.report.warnings[0].rule, "K9");
}

#[test]
fn k3_a_price_header_in_another_currency_is_refused() {
    for header in ["Price ($)", "price_usd", "Цена, руб.", "Price, GBP"] {
        let error = products(&format!("name;description;{header}\nA;a;5\n")).unwrap_err();
        assert!(
            error.public().contains(header) && error.public().contains("in EUR"),
            "{header}: {error}"
        );
    }
    let dollars = x8_core::import::ImportOptions {
        currency: x8_core::Currency::USD,
        ..x8_core::import::ImportOptions::new(Kind::Product)
    };
    let file = |header: &str| format!("name;description;{header}\nA;a;$5\n");
    let import = x8_core::import::import(file("Price ($)").as_bytes(), &dollars).unwrap();
    assert_eq!(import.offerings[0].price.to_string(), "5.00 USD");
    for header in ["price_eur", "PriceEUR", "Цена, €"] {
        assert!(
            x8_core::import::import(file(header).as_bytes(), &dollars).is_err(),
            "{header}"
        );
    }
}

#[test]
fn k1_every_service_column_reaches_the_offering() {
    let text = "service_name,service_category,service_subcategory,sku,unit,duration,format,description,included,\
        not_included,what_guarantee,what_not_guarantee,suitable_for,not_suitable_for,specialist_initials,specialist_area,\
        website_url,image_url,video_url,price_eur,location,slots_available,payment_reminder,specialist_contact,company,\
        office_address,details,travel_fee_eur,free_travel_threshold,category,tags,price_id,delivery_id\n\
        n,c1,c2,7,u,90 min,f,d,i1,i2,w1,w2,s1,s2,p1,p2,https://a.example,https://b.example,https://c.example,5,Madrid,3,4,\
        sc,co,oa,de,6,70,ca,\"x, y\",price_1,rate_1\n";
    let row = &read(Kind::Service, text).unwrap().offerings[0];
    let details: Vec<&str> = row.details.values().map(String::as_str).collect();
    assert_eq!(
        details,
        [
            "c1", "c2", "f", "i1", "i2", "w1", "w2", "s1", "s2", "p1", "p2", "de"
        ]
    );
    assert_eq!(row.details[&DetailField::NotIncluded], "i2");
    let contacts = [
        &row.contacts.contact,
        &row.contacts.service,
        &row.contacts.address,
    ];
    assert_eq!(
        contacts.map(|text| text.as_deref()),
        [Some("sc"), Some("co"), Some("oa")]
    );
    let media = [&row.media.website, &row.media.image, &row.media.video];
    assert_eq!(
        media.map(|text| text.as_deref().unwrap_or("")),
        [
            "https://a.example",
            "https://b.example",
            "https://c.example"
        ]
    );
    let fee = row.fee.unwrap();
    assert_eq!(
        (fee.amount.minor(), fee.free_from.unwrap().minor()),
        (600, 7_000)
    );
    assert_eq!(
        (
            row.stock.unwrap().internal(),
            row.reminder_hours,
            row.duration_minutes
        ),
        (3, Some(4), Some(90))
    );
    assert_eq!(
        (row.category.as_deref(), row.tags.as_slice()),
        (Some("ca"), ["x".to_owned(), "y".to_owned()].as_slice())
    );
    assert_eq!(
        (row.price_id.as_deref(), row.delivery_id.as_deref()),
        (Some("price_1"), Some("rate_1"))
    );
    assert!(row.extra.is_empty());
}

#[test]
fn k2_endless_headers_are_kept_as_attributes_and_not_compared() {
    let long = "price ".repeat(5_000);
    let header = long.trim();
    let import = products(&format!("name,description,price,sku,{header}\nA,a,1,1,x\n")).unwrap();
    assert_eq!(import.offerings[0].extra[header], "x");
    assert_eq!(
        normalize_header(Kind::Product, &"price".repeat(10_000)),
        None
    );
}
