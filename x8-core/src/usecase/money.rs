//! Money that came: taken for its order, on its way, gone back in part, or sent back because it does not fit (O12, P5–P7).

use super::{Engine, moves, settle::Outcome};
use crate::{
    Money,
    conversation::MessageType,
    error::Result,
    order::{Order, OrderEvent, OrderState, Payment, Step},
    port::{Alert, Changes, JobKind, NewJob, Notice, Page},
    tenant::{Company, Tenant},
};

impl Engine {
    /// O12, P6: whatever came is taken, or goes back. Money that is not the order's total is never taken for it, and its link
    /// cannot be paid again: it goes back by itself (P5).
    pub(super) async fn money_came(
        &self,
        changes: &mut Changes,
        company: &Company,
        order: &mut Order,
        payment: Payment,
    ) -> Result<Outcome> {
        if let Some(known) = &order.payment {
            if known.reference == payment.reference {
                return Ok(Outcome::Known);
            }
            return Ok(self.extra_payment(changes, company, order, &payment));
        }
        let before = order.state;
        let event = if payment.amount == order.totals.total {
            OrderEvent::PaymentArrived {
                newer_exists: self.newer_exists(company.tenant(), order).await?,
            }
        } else {
            OrderEvent::MoneyDiffers
        };
        let other_link = order
            .checkout
            .as_ref()
            .is_some_and(|checkout| checkout.session != payment.session);
        order.payment = Some(payment.clone());
        let late = company.settings.late_payment;
        let effects = moves::advance(changes, order, event, late)?;
        if order.state == before {
            return Ok(Outcome::Known);
        }
        order.trail.processing = false;
        if event == OrderEvent::MoneyDiffers {
            amount_differs(changes, order, &payment);
        }
        if other_link {
            let expire = JobKind::ExpireCheckout { order: order.id };
            changes.jobs.push(NewJob::new(expire, changes.at));
        }
        Ok(Outcome::Moved(effects))
    }

    /// P6: an order is paid once. A second payment goes back, and the customer and the owner hear of it.
    fn extra_payment(
        &self,
        changes: &mut Changes,
        company: &Company,
        order: &mut Order,
        extra: &Payment,
    ) -> Outcome {
        let message = format!(
            "a second payment of {} ({}) came for a paid order; it is being sent back",
            extra.amount, extra.reference
        );
        let noted = |step: &Step| step.note.as_deref() == Some(message.as_str());
        if order.trail.steps.iter().any(noted) {
            return Outcome::Known;
        }
        let total = extra.amount;
        let text = self.notices.write(
            &order.language,
            &company.settings.time_zone,
            &Notice::RefundStarted { total },
        );
        changes
            .messages
            .push(moves::notice(order, MessageType::Type3, text));
        let job = JobKind::ReturnPayment {
            order: order.id,
            reference: extra.reference.clone(),
        };
        changes.jobs.push(NewJob::new(job, changes.at));
        moves::note(order, changes.at, message.clone());
        changes.alerts.push(Alert {
            code: "extra_payment",
            order: Some(order.id),
            message,
        });
        Outcome::Moved(Vec::new())
    }

    async fn newer_exists(&self, tenant: Tenant, order: &Order) -> Result<bool> {
        let newest = self
            .store
            .orders(
                tenant,
                Some(order.customer),
                Page {
                    limit: 1,
                    after: None,
                },
            )
            .await?;
        Ok(newest
            .first()
            .is_some_and(|other| other.id != order.id && other.created_at >= order.created_at))
    }
}

/// The customer is done and the money takes its time: the link can be paid no longer, so nobody is sent to it any more.
pub(super) fn processing(changes: &mut Changes, order: &mut Order, session: &str) -> Outcome {
    let waits = order.state == OrderState::AwaitingPayment && !order.trail.processing;
    let Some(checkout) = order
        .checkout
        .as_mut()
        .filter(|checkout| waits && checkout.session == session)
    else {
        return Outcome::Known;
    };
    checkout.expires_at = checkout.expires_at.min(changes.at);
    order.trail.processing = true;
    moves::note(
        order,
        changes.at,
        "the customer has paid by a method that takes days; the money is on its way",
    );
    Outcome::Moved(Vec::new())
}

/// P7: a part went back at the provider. The order stands; the log says how much.
pub(super) fn partly_refunded(
    changes: &Changes,
    order: &mut Order,
    returned: Money,
) -> Result<Outcome> {
    let known = match order.trail.returned {
        Some(known) => known.at_least(returned)?,
        None => false,
    };
    if known {
        return Ok(Outcome::Known);
    }
    order.trail.returned = Some(returned);
    let note = format!("{returned} of the payment went back so far");
    moves::note(order, changes.at, note);
    Ok(Outcome::Moved(Vec::new()))
}

fn amount_differs(changes: &mut Changes, order: &mut Order, payment: &Payment) {
    let message = format!(
        "{} came ({}) for an order of {}; it is being sent back",
        payment.amount, payment.reference, order.totals.total
    );
    order.problem = Some(message.clone());
    moves::note(order, changes.at, message.clone());
    changes.alerts.push(Alert {
        code: "paid_amount_differs",
        order: Some(order.id),
        message,
    });
}
