//! A model promises what the catalogue does not: the guard mends the figures and says what it did.

use std::{io::Write as _, sync::Arc};

use x8_assistant::guard::{Context, Guard};
use x8_core::{
    catalog::{Catalog, Kind},
    import::{ImportOptions, import},
};

/// What a careless model might answer: a wrong total, a discount nobody gave, somebody else's chat.
const REPLY: &str = r#"Sure! ```json
{"response": "Two bouquets, with a 20% discount that is 40 EUR in all. The payment link follows.",
 "sender": "somebody else", "send_payment_link": true, "city": "barcelona", "total_sum": 40,
 "items": [{"lineItems": [{"SKU": 201, "price": "", "shippingRate": "", "quantity": 2}]}],
 "client_name": "Ann Lee", "recipient_phone_number": "+34611222333"}
```"#;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let file = include_bytes!("../../data/flowers_products_cp1251.csv");
    let catalog =
        Catalog::detached(import(file, &ImportOptions::new(Kind::Product))?.into_offerings());
    let context: Context = serde_json::from_str(
        r#"{"channel": "whatsapp", "sender": "+34611222333", "language": "en",
            "customer_text": "two bouquets of 10 to Barcelona, Ann Lee, +34611222333"}"#,
    )?;
    let verdict = Guard::new(Arc::new(catalog)).check(REPLY, &context);
    let mut out = std::io::stdout().lock();
    writeln!(out, "{}", serde_json::to_string_pretty(&verdict)?)?;
    Ok(())
}
