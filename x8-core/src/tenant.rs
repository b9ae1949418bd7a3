//! Users, companies and who may see what (T1–T6).

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{
    Secret,
    booking::OpeningHours,
    id::{CompanyId, UserId},
    order::LatePayment,
};

mod quiet;

pub use quiet::QuietHours;

/// The role of a SaaS account (T1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum Role {
    /// Owns companies.
    #[default]
    Client,
    /// Works for the clients assigned to them.
    Manager,
    /// Sees everything.
    Admin,
}

/// A SaaS account.
#[derive(Clone, Debug)]
pub struct User {
    /// Key.
    pub id: UserId,
    /// Unique, lower case.
    pub email: String,
    /// bcrypt or argon2id hash; absent for accounts that sign in elsewhere.
    pub password_hash: Option<Secret>,
    /// As the person writes it.
    pub full_name: Option<String>,
    /// T1.
    pub role: Role,
    /// Sees everything, whatever the role.
    pub is_superuser: bool,
    /// A disabled account can do nothing.
    pub is_active: bool,
    /// The one manager this client is assigned to (T2).
    pub manager: Option<UserId>,
    /// End of the trial (E1).
    pub trial_ends_at: Option<Timestamp>,
    /// When the account was made.
    pub created_at: Timestamp,
}

/// Who is asking. Made from a verified token, never from request fields.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Caller {
    /// The account.
    pub user: UserId,
    /// Its role.
    pub role: Role,
    /// Its superuser flag.
    pub is_superuser: bool,
}

impl Caller {
    /// T3: whether something owned by `owner`, whose manager is `manager`, exists for this caller.
    ///
    /// ```
    /// use x8_core::{id::UserId, tenant::{Caller, Role}};
    /// let manager = Caller { user: UserId(2), role: Role::Manager, is_superuser: false };
    /// assert!(manager.sees(UserId(7), Some(UserId(2))));
    /// assert!(!manager.sees(UserId(7), Some(UserId(3))), "somebody else's client");
    /// ```
    #[must_use]
    pub fn sees(&self, owner: UserId, manager: Option<UserId>) -> bool {
        self.user == owner
            || self.is_superuser
            || match self.role {
                Role::Admin => true,
                Role::Manager => manager == Some(self.user),
                Role::Client => false,
            }
    }
}

impl From<&User> for Caller {
    fn from(user: &User) -> Self {
        Self {
            user: user.id,
            role: user.role,
            is_superuser: user.is_superuser,
        }
    }
}

/// What a company sells (T5).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum CompanyType {
    /// Goods with delivery.
    Product,
    /// Services with appointments.
    Service,
    /// Both; each offering decides for itself.
    Hybrid,
}

/// Whether a company works (T5). Only active companies answer customers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum CompanyStatus {
    /// Answers customers.
    #[default]
    Active,
    /// Switched off by its owner.
    Inactive,
    /// Switched off by the platform.
    Suspended,
}

/// A tenant.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Company {
    /// Key.
    pub id: CompanyId,
    /// `COMP001`, `COMP002`, … (T4).
    pub public_id: String,
    /// Display name; not unique.
    pub name: String,
    /// The one user it belongs to (T4).
    pub owner: UserId,
    /// T5.
    pub kind: CompanyType,
    /// Free words about the shop, kept for the existing front end.
    pub shop_type: Option<String>,
    /// T5.
    pub status: CompanyStatus,
    /// Time zone, opening hours and policies.
    pub settings: CompanySettings,
    /// When it was made.
    pub created_at: Timestamp,
}

impl Company {
    /// The handle under which every store call about this company is made (T6).
    #[must_use]
    pub fn tenant(&self) -> Tenant {
        Tenant(self.id)
    }
}

/// A company about to be created.
#[derive(Clone, Debug)]
pub struct NewCompany {
    /// Display name, 1–255 characters.
    pub name: String,
    /// T5.
    pub kind: CompanyType,
    /// Free words about the shop.
    pub shop_type: Option<String>,
    /// Time zone, opening hours and policies.
    pub settings: CompanySettings,
}

/// Policies of one company, stored as one JSON document; absent keys take the defaults.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct CompanySettings {
    /// IANA name, `Europe/Madrid` by default.
    pub time_zone: String,
    /// When bookings may start and how many at once (B3).
    pub opening: OpeningHours,
    /// What to do with a payment that arrives for a dead order (O12).
    pub late_payment: LatePayment,
    /// Minutes a payment link and its slot hold live; at least 31, as Stripe demands (P4).
    pub link_minutes: u32,
    /// Minutes a customer has to choose another time when the one that was paid for is lost (B4); at least 30.
    pub offer_minutes: u32,
    /// When no reminder goes out (P10); `None`: at no time.
    pub quiet_hours: Option<QuietHours>,
    /// Address or text of the privacy policy, 1 to 500 characters; goes out once per conversation, with its first reply (G13).
    pub privacy_policy: Option<String>,
    /// What language models may cost in a calendar month of the company's time zone, in millionths of the operator's
    /// currency; above it the guided model answers. `None`: no limit.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub model_budget: Option<u64>,
}

impl Default for CompanySettings {
    fn default() -> Self {
        Self {
            time_zone: "Europe/Madrid".to_owned(),
            opening: OpeningHours::default(),
            late_payment: LatePayment::default(),
            link_minutes: 60,
            offer_minutes: 24 * 60,
            quiet_hours: Some(QuietHours::default()),
            privacy_policy: None,
            model_budget: None,
        }
    }
}

/// Proof that access to one company was established; the first argument of every tenant-bound store call (T6).
///
/// It comes from a [`Company`] that a [`Caller`] may see, from a verified webhook's channel, or from a stored job.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Tenant(CompanyId);

impl Tenant {
    /// Binds a handle without a check. For store adapters (reading a row that names its company) and for tests.
    #[must_use]
    pub const fn assume(company: CompanyId) -> Self {
        Self(company)
    }

    /// The company.
    #[must_use]
    pub const fn company(self) -> CompanyId {
        self.0
    }
}
