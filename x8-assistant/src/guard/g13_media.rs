//! G13: images, videos and links come from rows only.
//!
//! `imageurl` is a row's image, once per conversation and offering, and never with an order. With the privacy policy it
//! is empty unless the catalogue has exactly one row. `videourl` is a row's video when the policy goes out or when the
//! customer asks for a video. A link in the words must be a row's website or video; image links never stand in the
//! words. A sentence with any other link is removed.

use std::collections::{BTreeSet, HashMap, HashSet};

use x8_core::{catalog::Offering, text::fold};

use super::{
    Action, Rule,
    cues::Cues,
    lexicon::{List, hits},
    links,
    look::Look,
    page::{Checks, Sentence},
    text::Edit,
    tongue::Phrase,
    work::Work,
};

/// Words for a video, folded.
pub(super) const VIDEO: [&str; 4] = ["video", "видео", "ролик", "clip"];

/// Media and links of the rows.
#[derive(Debug)]
pub(super) struct Links {
    /// The rows of each image.
    images: HashMap<String, Vec<usize>>,
    videos: BTreeSet<String>,
    /// Websites, videos, and the links in the rows' texts, without their scheme.
    links: HashSet<String>,
}

impl Links {
    pub(super) fn of(rows: &[Offering]) -> Self {
        let mut images: HashMap<String, Vec<usize>> = HashMap::new();
        for (at, row) in rows.iter().enumerate() {
            if let Some(image) = &row.media.image {
                images.entry(image.to_string()).or_default().push(at);
            }
        }
        let videos = rows
            .iter()
            .filter_map(|row| row.media.video.as_deref().map(str::to_owned));
        Self {
            images,
            videos: videos.collect(),
            links: rows.iter().flat_map(told).collect(),
        }
    }
}

/// The links that a row vouches for.
fn told(row: &Offering) -> Vec<String> {
    let media = [row.media.website.as_deref(), row.media.video.as_deref()];
    let mut own: Vec<String> = media.into_iter().flatten().map(bare).collect();
    let texts = [
        row.contacts.contact.as_deref(),
        row.contacts.service.as_deref(),
        row.contacts.address.as_deref(),
        Some(row.description.as_str()),
    ];
    let details = row.details.values().map(String::as_str);
    for text in texts.into_iter().flatten().chain(details) {
        let told = links::find(text);
        // A text that gives orders to the assistant vouches for nothing (G15).
        if !told.is_empty() && !hits(&fold(text)).has(List::INSTRUCTION) {
            own.extend(told.iter().map(|link| bare(link)));
        }
    }
    own
}

/// A link without its scheme, `www.` and last slash.
fn bare(link: &str) -> String {
    let text = link.trim().trim_end_matches('/').to_lowercase();
    let text = text
        .strip_prefix("https://")
        .or_else(|| text.strip_prefix("http://"))
        .unwrap_or(&text);
    text.strip_prefix("www.").unwrap_or(text).to_owned()
}

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
            let shown = work.facts.links.images.get(claimed)?;
            let mut shown = shown.iter().filter_map(|at| rows.get(*at));
            shown.find(|row| unseen(work, row))
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
    let policy = work.context.privacy_policy_sent;
    if !policy && !work.heard(Cues::VIDEO) {
        return String::new();
    }
    let videos = &work.facts.links.videos;
    let claimed = work.claims.videourl.as_deref();
    let named = claimed.and_then(|claimed| videos.get(claimed));
    let only = videos.first().filter(|_| videos.len() == 1 && policy);
    named.or(only).cloned().unwrap_or_default()
}

/// Whether a link can stand in a sentence without disguise.
fn may_link(sentence: &Sentence<'_>) -> bool {
    // Full-width letters are of scripts far away; a point of another form is no plain letter.
    let wide = sentence.looks(Look::FAR) || !sentence.looks(Look::AS_WRITTEN);
    if wide {
        links::may_stand_in(sentence)
    } else {
        sentence.looks(Look::INNER.or(Look::AT)) && links::may_stand_in_plain(sentence)
    }
}

/// Removes sentences whose links no row vouches for.
pub(super) fn links(work: &mut Work<'_>) {
    let before = work.text().is_empty();
    work.edit_once(Rule::G13, Checks::LINKS, |work, sentence| {
        if !sentence.says(Cues::DISGUISE) && !may_link(sentence) {
            return Edit::Keep;
        }
        let own = |link: &String| work.facts.links.links.contains(&bare(link));
        if links::find(sentence).iter().all(own) {
            Edit::Keep
        } else {
            Edit::Remove
        }
    });
    if work.text().is_empty() && !before {
        work.say(work.tongue.say(&Phrase::NoLink));
    }
}
