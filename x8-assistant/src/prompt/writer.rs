//! The writer of sales prompts: the text of the company's kind, filled with the turn (A12).

use serde_json::json;
use x8_core::{
    Result,
    behaviour::Behaviour,
    conversation::Flow,
    order::{CartLine, PaymentStatus},
    port::TurnInput,
    tenant::CompanyType,
};

use super::{
    Prompt, PromptMessage, PromptWriter, Role, facts,
    library::{self, Library},
    quote::{quoted, spoken},
    tasks::Tasks,
};
use crate::{agenda::Plan, contract::language_name, guard, phrases};

/// Writes the prompts that ship with this crate. Cheap to share behind an `Arc`; holds nothing of any tenant.
///
/// What code enforces is not begged for: a prompt holds the role, the rows this turn is about, what is known, the next
/// steps and the form of the reply. Everything foreign in it (catalogue, behaviour, chat) is quoted so that it cannot
/// pass for the prompt's own words (G15).
#[derive(Debug)]
pub struct Prompts {
    library: Library,
}

impl Prompts {
    /// Compiles the texts.
    ///
    /// # Errors
    /// `Internal` when a text does not compile; a test makes sure that all do.
    pub fn new() -> Result<Self> {
        Ok(Self {
            library: Library::new()?,
        })
    }

    /// Which prompt in which version a company of this kind is written for now (`product/1`), as turns keep it.
    #[must_use]
    pub fn version(kind: CompanyType) -> String {
        library::version(library::name(kind))
    }

    fn system(&self, input: &TurnInput, plan: &Plan, name: &str) -> Result<String> {
        let language = plan.session.language.as_deref();
        let heard = language.is_none_or(|code| phrases::spoken(code) == code);
        let facts = facts::of(input, plan, heard);
        let tasks = Tasks {
            library: &self.library,
            input,
            plan,
        };
        let shop = input
            .company
            .shop_type
            .as_deref()
            .map(|shop| quoted(shop, 80));
        let first = !input.history.iter().any(|one| one.flow == Flow::Outbound);
        self.library.render(
            name,
            &json!({
                "company": quoted(&input.company.name, 80),
                "shop": shop,
                "language": language.map_or_else(|| "the customer's language".to_owned(), language_name),
                "room": guard::limit(input.platform.source()) * 86 / 100,
                "first": first,
                "rows": facts.lines,
                "more": facts.more,
                "behaviour": wishes(&input.behaviour),
                "known": known(input, plan),
                "tasks": tasks.all()?,
                "heard": heard,
            }),
        )
    }
}

impl PromptWriter for Prompts {
    fn write(&self, input: &TurnInput, plan: &Plan, window: &[PromptMessage]) -> Result<Prompt> {
        let name = library::name(input.company.kind);
        let quoted = |one: &PromptMessage| PromptMessage::new(one.role, spoken(&one.text));
        let mut messages: Vec<PromptMessage> = window.iter().map(quoted).collect();
        messages.push(PromptMessage::new(
            Role::User,
            spoken(&input.customer_text()),
        ));
        Ok(Prompt {
            version: library::version(name),
            system: self.system(input, plan, name)?,
            messages,
        })
    }
}

/// A10: `style: Be brief`, in the order of merging.
fn wishes(behaviour: &Behaviour) -> Vec<String> {
    let line = |line: &x8_core::behaviour::Line| {
        format!("{}: {}", line.part.as_str(), quoted(&line.text, 300))
    };
    behaviour.lines.iter().map(line).collect()
}

/// What the customer has told. Name and phone are not repeated: code has them, and no model needs to spell them.
fn known(input: &TurnInput, plan: &Plan) -> String {
    let session = &plan.session;
    let mut known: Vec<String> = Vec::new();
    known.extend(
        session
            .city
            .as_ref()
            .map(|city| format!("place {}", quoted(city, 60))),
    );
    known.extend(session.name.is_some().then(|| "name given".to_owned()));
    known.extend(session.phone.is_some().then(|| "phone given".to_owned()));
    let line = |line: &CartLine| match line.quantity {
        0 => quoted(line.sku.as_str(), 40),
        quantity => format!("{quantity} × {}", quoted(line.sku.as_str(), 40)),
    };
    if !session.cart.is_empty() {
        let lines: Vec<String> = session.cart.iter().map(line).collect();
        known.push(format!("chosen {}", lines.join(", ")));
    }
    known.push(
        match input.payment_status {
            PaymentStatus::NoPaymentLink => "no payment link open",
            PaymentStatus::PaymentLinkSent => "a payment link is open and unpaid",
            PaymentStatus::Paid => "the newest order is paid",
        }
        .to_owned(),
    );
    known.join("; ")
}
