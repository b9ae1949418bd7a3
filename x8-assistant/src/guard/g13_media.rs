//! G13: images, videos and links come from rows only.
//!
//! `imageurl` is a row's image, once per conversation and offering, and never with an order. With the privacy policy it
//! is empty unless the catalogue has exactly one row. `videourl` is a row's video when the policy goes out or when the
//! customer asks for a video. A link in the words must be a row's website or video; image links never stand in the
//! words. A sentence with any other link is removed.

use x8_core::{catalog::Offering, text::fold};

use super::{
    Action, Rule,
    lexicon::{List, hits},
    links,
    text::{Edit, has_any},
    tongue::Phrase,
    work::Work,
};

pub(super) fn apply(work: &mut Work<'_>) {
    work.image = image(work);
    work.video = video(work);
    let claims = [
        ("imageurl", work.claims.imageurl.clone(), work.image.clone()),
        ("videourl", work.claims.videourl.clone(), work.video.clone()),
    ];
    for (key, claimed, own) in claims {
        let claimed = claimed.unwrap_or_default();
        if claimed == own {
            continue;
        }
        let action = if own.is_empty() {
            Action::Removed
        } else {
            Action::Replaced
        };
        work.find(Rule::G13, action, format!("{key} {claimed}"));
    }
}

fn image(work: &Work<'_>) -> String {
    let rows = work.catalog.offerings();
    if work.order.is_some() {
        return String::new();
    }
    let row = if work.context.privacy_policy_sent {
        match rows {
            [only] => Some(only),
            _several => None,
        }
    } else {
        let claimed = work.claims.imageurl.as_deref();
        claimed.and_then(|claimed| {
            rows.iter()
                .find(|row| row.media.image.as_deref() == Some(claimed) && unseen(work, row))
        })
    };
    row.filter(|row| unseen(work, row))
        .and_then(|row| row.media.image.as_deref().map(str::to_owned))
        .unwrap_or_default()
}

fn unseen(work: &Work<'_>, row: &Offering) -> bool {
    !work.context.shown_images.contains(&row.sku)
}

fn video(work: &Work<'_>) -> String {
    const VIDEO: [&str; 4] = ["video", "видео", "ролик", "clip"];
    let rows = work.catalog.offerings();
    let asked = has_any(&fold(&work.context.customer_text), &VIDEO);
    if !asked && !work.context.privacy_policy_sent {
        return String::new();
    }
    let claimed = work.claims.videourl.as_deref();
    let named = rows
        .iter()
        .filter_map(|row| row.media.video.as_deref())
        .find(|own| Some(*own) == claimed);
    let distinct: std::collections::BTreeSet<&str> = rows
        .iter()
        .filter_map(|row| row.media.video.as_deref())
        .collect();
    let only = distinct
        .first()
        .copied()
        .filter(|_| distinct.len() == 1 && work.context.privacy_policy_sent);
    named.or(only).unwrap_or_default().to_owned()
}

/// Removes sentences whose links no row vouches for.
pub(super) fn links(work: &mut Work<'_>) {
    let mut lost_all = false;
    let before = work.text.is_empty();
    work.edit(Rule::G13, |work, sentence| {
        let foreign = links::find(sentence)
            .into_iter()
            .any(|link| !own_link(work, &link));
        if foreign { Edit::Remove } else { Edit::Keep }
    });
    if work.text.is_empty() && !before {
        lost_all = true;
    }
    if lost_all {
        work.text = work.tongue.say(&Phrase::NoLink);
    }
}

fn own_link(work: &Work<'_>, link: &str) -> bool {
    let bare = |text: &str| {
        let text = text.trim().trim_end_matches('/').to_lowercase();
        let text = text
            .strip_prefix("https://")
            .or_else(|| text.strip_prefix("http://"))
            .unwrap_or(&text)
            .to_owned();
        text.strip_prefix("www.").unwrap_or(&text).to_owned()
    };
    let wanted = bare(link);
    work.catalog.offerings().iter().any(|row| {
        let media = [row.media.website.as_deref(), row.media.video.as_deref()];
        let exact = media.into_iter().flatten().any(|own| bare(own) == wanted);
        let texts = [
            row.contacts.contact.as_deref(),
            row.contacts.service.as_deref(),
            row.contacts.address.as_deref(),
            Some(row.description.as_str()),
        ];
        // A text that gives orders to the assistant vouches for nothing (G15).
        let told = |text: &str| {
            links::find(text).iter().any(|own| bare(own) == wanted)
                && !hits(&fold(text)).has(List::INSTRUCTION)
        };
        exact
            || texts
                .into_iter()
                .flatten()
                .chain(row.details.values().map(String::as_str))
                .any(told)
    })
}
