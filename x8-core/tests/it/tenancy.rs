//! T1–T6: who may see what.

use proptest::{option, prelude::*, sample::select};
use x8_core::{
    Secret,
    booking::OpeningHours,
    id::{CompanyId, UserId},
    order::LatePayment,
    tenant::{Caller, Company, CompanySettings, CompanyStatus, CompanyType, Role, Tenant, User},
};

const ROLES: [Role; 3] = [Role::Client, Role::Manager, Role::Admin];

fn caller(user: i64, role: Role, is_superuser: bool) -> Caller {
    Caller {
        user: UserId(user),
        role,
        is_superuser,
    }
}

#[test]
fn t1_a_new_account_is_a_client_and_words_are_those_of_the_tables() {
    assert_eq!(Role::default(), Role::Client);
    assert_eq!(
        serde_json::to_string(&ROLES).unwrap(),
        r#"["CLIENT","MANAGER","ADMIN"]"#
    );
    assert!(serde_json::from_str::<Role>("\"OWNER\"").is_err());
}

#[test]
fn t3_each_role_sees_its_own_and_no_more() {
    // (who, owner, the owner's manager, seen)
    let cases = [
        (caller(1, Role::Client, false), 1, None, true),
        (caller(1, Role::Client, false), 2, None, false),
        (caller(1, Role::Client, false), 2, Some(1), false),
        (caller(5, Role::Manager, false), 2, Some(5), true),
        (caller(5, Role::Manager, false), 2, Some(6), false),
        (caller(5, Role::Manager, false), 2, None, false),
        (caller(5, Role::Manager, false), 5, None, true),
        (caller(9, Role::Admin, false), 2, Some(5), true),
        (caller(9, Role::Client, true), 2, Some(5), true),
    ];
    for (who, owner, manager, seen) in cases {
        assert_eq!(
            who.sees(UserId(owner), manager.map(UserId)),
            seen,
            "{who:?} → {owner} of {manager:?}"
        );
    }
}

proptest! {
    #[test]
    fn t3_nobody_sees_a_stranger(
        user in 1_i64..5, owner in 1_i64..5, manager in option::of(1_i64..5), role in select(ROLES.to_vec()), is_superuser: bool,
    ) {
        let seen = caller(user, role, is_superuser).sees(UserId(owner), manager.map(UserId));
        let own = user == owner;
        let assigned = role == Role::Manager && manager == Some(user);
        let all = is_superuser || role == Role::Admin;
        prop_assert_eq!(seen, own || assigned || all);
    }

    #[test]
    fn t2_two_managers_never_share_a_client(owner in 10_i64..20, manager in 1_i64..5) {
        let seeing = (1_i64..5)
            .filter(|user| caller(*user, Role::Manager, false).sees(UserId(owner), Some(UserId(manager))))
            .count();
        prop_assert_eq!(seeing, 1);
    }
}

#[test]
fn t1_a_caller_takes_its_rights_from_the_stored_account() {
    let user = User {
        id: UserId(3),
        email: "owner@example.com".to_owned(),
        password_hash: Some(Secret::new("$2b$12$hash")),
        full_name: None,
        role: Role::Manager,
        is_superuser: false,
        is_active: true,
        manager: None,
        trial_ends_at: None,
        created_at: jiff::Timestamp::UNIX_EPOCH,
    };
    assert_eq!(Caller::from(&user), caller(3, Role::Manager, false));
    assert!(!format!("{user:?}").contains("$2b$"), "hashes do not print");
}

#[test]
fn t5_types_and_statuses_keep_the_words_of_the_tables() {
    let types = [
        CompanyType::Product,
        CompanyType::Service,
        CompanyType::Hybrid,
    ];
    assert_eq!(
        serde_json::to_string(&types).unwrap(),
        r#"["Product","Service","Hybrid"]"#
    );
    let statuses = [
        CompanyStatus::Active,
        CompanyStatus::Inactive,
        CompanyStatus::Suspended,
    ];
    assert_eq!(
        serde_json::to_string(&statuses).unwrap(),
        r#"["ACTIVE","INACTIVE","SUSPENDED"]"#
    );
}

#[test]
fn t6_a_companys_handle_names_that_company() {
    let company = Company {
        id: CompanyId(4),
        public_id: "COMP004".to_owned(),
        name: "Flores".to_owned(),
        owner: UserId(1),
        kind: CompanyType::Product,
        shop_type: None,
        status: CompanyStatus::Active,
        settings: CompanySettings::default(),
        created_at: jiff::Timestamp::UNIX_EPOCH,
    };
    assert_eq!(company.tenant(), Tenant::assume(CompanyId(4)));
    assert_eq!(company.tenant().company(), company.id);
}

#[test]
fn p4_settings_without_keys_take_safe_defaults() {
    let settings: CompanySettings = serde_json::from_str("{}").unwrap();
    assert_eq!(settings, CompanySettings::default());
    assert!(
        (31..=24 * 60).contains(&settings.link_minutes),
        "what the provider accepts"
    );
    assert_eq!(settings.late_payment, LatePayment::Refund);
    assert!(jiff::tz::TimeZone::get(&settings.time_zone).is_ok());
    let partial: CompanySettings =
        serde_json::from_str(r#"{"opening":{"lead_minutes":5}}"#).unwrap();
    assert_eq!(
        partial.opening,
        OpeningHours {
            lead_minutes: 5,
            ..OpeningHours::default()
        }
    );
}
