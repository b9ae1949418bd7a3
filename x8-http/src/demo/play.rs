//! Plays one script: sets the company up as its owner would, then writes as its customer.

use reqwest::Method;
use serde_json::{Value, json};
use x8_channels::testing::{FakeWaha, message, status};
use x8_core::{Error, Result};

use super::{
    CompanyOutcome, Transcript,
    client::Client,
    script::{PASSWORD, Script},
    until,
};

/// A company that is ready to be written to.
struct Shop<'a> {
    api: Client,
    phone: &'a FakeWaha,
    script: &'a Script,
    print: &'a Transcript,
    company: i64,
    session: String,
}

/// Sets up, plays, pays, and answers how it ended.
pub(super) async fn play(
    client: &Client,
    phone: &FakeWaha,
    script: &Script,
    print: &Transcript,
) -> Result<CompanyOutcome> {
    print.heading(&format!("{} ({})", script.company, script.kind));
    let shop = set_up(client, phone, script, print).await?;
    let chat = format!("{}@c.us", script.customer.0);
    let mut heard = 0;
    for (index, line) in script.lines.iter().enumerate() {
        print.says(script.customer.1, line);
        let event = message(&shop.session, &chat, line, &format!("3EB0{:08}", index + 1));
        shop.api.deliver(FakeWaha::webhook(&event)).await?;
        heard = shop.hear(&chat, heard, heard + 1).await?;
    }
    let link = until("the payment link", async || Ok(shop.link(&chat))).await?;
    heard = shop.hear(&chat, heard, heard).await?;
    shop.show_order().await?;
    pay(&shop, &link).await?;
    until("the booking", async || shop.booked().await).await?;
    // A receipt and a booking message follow the money.
    shop.hear(&chat, heard, heard + 2).await?;
    shop.show_order().await?;
    shop.outcome().await
}

async fn set_up<'a>(
    client: &Client,
    phone: &'a FakeWaha,
    script: &'a Script,
    print: &'a Transcript,
) -> Result<Shop<'a>> {
    let owner = json!({ "email": script.owner, "password": PASSWORD });
    client.post("/api/v1/auth/register", &owner).await?;
    let tokens = client.post("/api/v1/auth/login", &owner).await?;
    let api = client.with_token(text(&tokens, "access_token")?);
    let wanted = json!({ "name": script.company, "company_type": script.kind });
    let company = number(&api.post("/api/v1/companies", &wanted).await?, "id")?;
    api.upload(company, script.file_name, script.file).await?;
    print.note(&format!("{} loaded", script.file_name));
    let wanted = json!({ "company_id": company, "phone_number": format!("+{}", script.number) });
    let channel = api
        .post("/api/v1/integrations/whatsapp/connect", &wanted)
        .await?;
    let session = text(&channel, "session")?.to_owned();
    phone.scan(&session, script.number);
    api.deliver(FakeWaha::webhook(&status(&session, "WORKING")))
        .await?;
    print.note(&format!("WhatsApp session {session} linked"));
    Ok(Shop {
        api,
        phone,
        script,
        print,
        company,
        session,
    })
}

/// Opens the payment page, shows what it shows, and presses its button.
async fn pay(shop: &Shop<'_>, link: &str) -> Result<()> {
    let page = shop.api.page(Method::GET, link).await?;
    let marked = if page.to_lowercase().contains("sandbox") {
        "marked as sandbox"
    } else {
        "NOT marked as sandbox"
    };
    shop.print.note(&format!(
        "the customer opens the payment page ({marked}) and pays"
    ));
    shop.api
        .page(Method::POST, &format!("{link}/pay"))
        .await
        .map(drop)
}

impl Shop<'_> {
    /// What reached the customer's phone.
    fn received(&self, chat: &str) -> Vec<String> {
        let sent = self.phone.sent().into_iter();
        sent.filter(|sent| sent.session == self.session && sent.chat == chat)
            .map(|sent| sent.text)
            .collect()
    }

    /// Prints what the customer received after the first `heard`, once there are at least `wanted`.
    async fn hear(&self, chat: &str, heard: usize, wanted: usize) -> Result<usize> {
        let received = until("a reply", async || {
            let received = self.received(chat);
            Ok((received.len() >= wanted).then_some(received))
        })
        .await?;
        for text in received.iter().skip(heard) {
            self.print.says(self.script.company, text);
        }
        Ok(received.len())
    }

    fn link(&self, chat: &str) -> Option<String> {
        let received = self.received(chat);
        let words = received.iter().flat_map(|text| text.split_whitespace());
        words
            .filter(|word| word.contains("/sandbox/pay/"))
            .map(str::to_owned)
            .next_back()
    }

    async fn newest_order(&self) -> Result<Value> {
        let orders = self
            .api
            .get(&format!("/api/v1/orders?company_id={}", self.company))
            .await?;
        orders
            .get(0)
            .cloned()
            .ok_or_else(|| Error::internal("demo.order", "no order was made"))
    }

    async fn booking(&self, order: &str) -> Result<Option<Value>> {
        let bookings = self
            .api
            .get(&format!(
                "/api/v1/calendar/bookings?company_id={}",
                self.company
            ))
            .await?;
        let own = |booking: &&Value| booking.get("order_id").and_then(Value::as_str) == Some(order);
        Ok(bookings
            .as_array()
            .and_then(|all| all.iter().find(own))
            .cloned())
    }

    /// The booking, once its copy is in the company's calendar.
    async fn booked(&self) -> Result<Option<Value>> {
        let order = self.newest_order().await?;
        let booking = self.booking(text(&order, "id")?).await?;
        Ok(booking
            .filter(|booking| booking.get("calendar").and_then(Value::as_str) == Some("written")))
    }

    async fn show_order(&self) -> Result<()> {
        let order = self.newest_order().await?;
        let total = text(order.get("total_sum").unwrap_or(&Value::Null), "amount")?;
        let (state, paid) = (text(&order, "state")?, text(&order, "payment_status")?);
        let items = text(&order, "order_description")?;
        self.print
            .state(&format!("order {state}, {paid}, {total} EUR: {items}"));
        Ok(())
    }

    async fn outcome(&self) -> Result<CompanyOutcome> {
        let order = self.newest_order().await?;
        let booking = self.booking(text(&order, "id")?).await?;
        Ok(CompanyOutcome {
            name: self.script.company.to_owned(),
            kind: self.script.kind.to_owned(),
            order_state: text(&order, "state")?.to_owned(),
            payment_status: text(&order, "payment_status")?.to_owned(),
            total_cents: number(order.get("total_sum").unwrap_or(&Value::Null), "minor")?,
            booking_state: match &booking {
                Some(booking) => text(booking, "status")?.to_owned(),
                None => "none".to_owned(),
            },
        })
    }
}

fn text<'a>(value: &'a Value, key: &str) -> Result<&'a str> {
    value
        .get(key)
        .and_then(Value::as_str)
        .ok_or_else(|| missing(key, value))
}

fn number(value: &Value, key: &str) -> Result<i64> {
    value
        .get(key)
        .and_then(Value::as_i64)
        .ok_or_else(|| missing(key, value))
}

fn missing(key: &str, value: &Value) -> Error {
    Error::internal("demo.answer", format!("`{key}` is missing in {value}"))
}
