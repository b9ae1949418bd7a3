//! The command `x8 import` against a database file.

use std::process::{Command, Output};

use serde_json::{Value, json};
use tempfile::TempDir;
use x8_core::{
    port::{Accounts as _, Catalogs as _, Companies as _},
    sqlite::SqliteStore,
    tenant::{Role, Tenant},
    testing::fixture::{self, NOW},
};

const FLOWERS: &str =
    "product_name,sku,description,price_eur\nRose,1,Red,3.50\nTulip,2,Yellow,4.25\n";
const FEWER: &str = "product_name,sku,description,price_eur\nRose,1,Red,3.75\nLily,3,White,1\n";

/// A folder with a database of one company, and files to import.
struct Shop {
    folder: TempDir,
    store: SqliteStore,
    tenant: Tenant,
}

impl Shop {
    async fn open() -> Self {
        let folder = TempDir::new().unwrap();
        let store = SqliteStore::open(&url(&folder)).await.unwrap();
        let owner = fixture::new_user("owner@example.com", Role::Client);
        let owner = store.create_user(owner).await.unwrap();
        let company = fixture::new_company("Flowers");
        let company = store.create_company(owner.id, company, NOW).await.unwrap();
        let tenant = company.tenant();
        Self {
            folder,
            store,
            tenant,
        }
    }

    fn import(&self, csv: &str, more: &[&str]) -> Output {
        let file = self.folder.path().join("kb.csv");
        std::fs::write(&file, csv).unwrap();
        Command::new(env!("CARGO_BIN_EXE_x8"))
            .env("DATABASE_URL", url(&self.folder))
            .args(["import", "--type", "product", "--company", "1"])
            .args(more)
            .arg(&file)
            .output()
            .unwrap()
    }

    async fn live(&self) -> (u32, usize) {
        let live = self.store.live_catalog(self.tenant).await.unwrap();
        (live.version, live.offerings().len())
    }
}

fn url(folder: &TempDir) -> String {
    format!("sqlite://{}", folder.path().join("x8.db").display())
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

#[tokio::test]
async fn k7_a_dry_run_shows_the_diff_and_publishes_nothing() {
    let shop = Shop::open().await;
    let done = shop.import(FLOWERS, &[]);
    assert!(done.status.success(), "{}", text(&done.stderr));
    assert_eq!(shop.live().await, (1, 2));

    let dry = shop.import(FEWER, &["--dry-run"]);
    let shown = text(&dry.stdout);
    for line in [
        "added 3\n",
        "removed 2\n",
        "changed 1: price_cents 350 → 375\n",
    ] {
        assert!(shown.contains(line), "{line} is not in {shown}");
    }
    let json: Value =
        serde_json::from_slice(&shop.import(FEWER, &["--dry-run", "--json"]).stdout).unwrap();
    assert_eq!(json["ok"], true);
    assert_eq!(json["diff"]["added"], json!(["3"]));
    assert_eq!(
        json["diff"]["changed"][0]["columns"][0],
        json!({"column": "price_cents", "old": 350, "new": 375})
    );
    let same = shop.import(FLOWERS, &["--dry-run"]);
    assert!(text(&same.stdout).contains("nothing changes"));
    assert_eq!(shop.live().await, (1, 2), "nothing was published");

    let refused = shop.import("product_name,description,price_eur\nA,a,-1\n", &[]);
    assert_eq!(refused.status.code(), Some(2));
    assert_eq!(
        shop.live().await,
        (1, 2),
        "a refused file is not published (K5)"
    );
    assert!(shop.import(FEWER, &[]).status.success());
    assert_eq!(shop.live().await, (2, 2));
    let some = shop.import(
        "product_name,description,price_eur\nA,a,-1\nB,b,1\n",
        &["--partial"],
    );
    assert_eq!(some.status.code(), Some(2), "a row was refused");
    assert_eq!(shop.live().await, (3, 1), "the good row was published");
}

#[tokio::test]
async fn k2_a_file_beyond_the_limit_is_refused_before_it_is_loaded() {
    let shop = Shop::open().await;
    let file = shop.folder.path().join("large.csv");
    // It has a length and no content: loading it would find nothing but zeros, and say that it is no text.
    let large = std::fs::File::create(&file).unwrap();
    large.set_len(200 * 1024 * 1024).unwrap();
    let done = Command::new(env!("CARGO_BIN_EXE_x8"))
        .args(["import", "--type", "product", "--dry-run", "--json"])
        .arg(&file)
        .output()
        .unwrap();
    assert_eq!(done.status.code(), Some(1));
    let told: Value = serde_json::from_slice(&done.stdout).unwrap();
    let error = told["error"].as_str().unwrap();
    assert!(
        error.contains("209715200") && error.contains("33554432"),
        "{error}"
    );
}
