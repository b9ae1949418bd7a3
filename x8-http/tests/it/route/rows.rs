//! Rows of a knowledge base one by one (K11), and searching them (K12).

use axum::http::Method;
use futures_util::future::join_all;
use serde_json::{Value, json};
use x8_core::tenant::Role;

use crate::app::{Answer, Owner, TestApp};

const ROW: &str = "/api/v1/knowledge-base/row";
const FLOWERS: &str = "product_name,sku,description,price_eur,cities,stock_units\n\
    Bouquet of 10 roses,201,Red,29.90,Madrid,5\nDutch tulips,202,Yellow,19.90,Valencia,0\n";

impl TestApp {
    async fn add(&self, owner: &Owner, table: &str, row: &Value) -> Answer {
        self.post(&format!("{ROW}/{table}"), &owner.token, row)
            .await
    }

    async fn edit(&self, owner: &Owner, path: &str, row: &Value) -> Answer {
        let path = format!("{ROW}/{path}");
        self.call(Method::PATCH, &path, Some(&owner.token), Some(row))
            .await
    }

    async fn take_out(&self, owner: &Owner, path: &str) -> Answer {
        let path = format!("{ROW}/{path}");
        self.call(Method::DELETE, &path, Some(&owner.token), None)
            .await
    }

    /// The live rows as `(sku, name)`.
    async fn rows(&self, owner: &Owner) -> Vec<(String, String)> {
        let live = self.app.store().live_catalog(owner.tenant()).await.unwrap();
        let rows = live.offerings().iter();
        rows.map(|row| (row.sku.to_string(), row.name.to_string()))
            .collect()
    }

    async fn flowers(&self, email: &str) -> Owner {
        let owner = self.owner(email).await;
        let company = owner.company.to_string();
        let fields = [("company_id", company.as_str())];
        self.upload(&owner.token, &fields, FLOWERS.as_bytes())
            .await
            .expect(200);
        owner
    }
}

#[tokio::test]
async fn k11_what_is_worth_a_look_in_a_row_is_told() {
    let app = TestApp::new().await;
    let owner = app.flowers("a@example.com").await;
    let lily = json!({"name": "Lily", "description": "White", "price": 1, "sku": "LILY"});
    let added = app.add(&owner, "COMP001", &lily).await.expect(201);
    assert_eq!(added["warnings"][0]["rule"], "K6");
    assert_eq!(added["warnings"][0]["text"], "LILY");
}

#[tokio::test]
async fn k11_rows_are_added_changed_and_taken_out_each_as_a_version() {
    let app = TestApp::new().await;
    let owner = app.flowers("a@example.com").await;
    let lily = json!({"Название товара": "Лилия", "description": "White", "price": "4,50"});
    let added = app.add(&owner, "COMP001", &lily).await.expect(201);
    assert_eq!(added["row"]["sku"], "203", "the next free integer (K6)");
    assert_eq!(added["warnings"], json!([]));
    assert_eq!(added["row"]["price"]["minor"], 450);
    assert_eq!(added["knowledge_base"]["version"], 2);
    assert_eq!(
        added["knowledge_base"]["name"],
        "DB Product Northern Flowers"
    );

    let table = added["knowledge_base"]["id"].to_string();
    let changed = app
        .edit(
            &owner,
            &format!("{table}/203"),
            &json!({"price": 5, "unit": "stem"}),
        )
        .await
        .expect(200);
    assert_eq!(changed["row"]["price"]["minor"], 500);
    assert_eq!(
        changed["row"]["description"], "White",
        "what is not named stays"
    );
    assert_eq!(changed["knowledge_base"]["version"], 3);

    let name = "DB%20Product%20Northern%20Flowers";
    let gone = app
        .take_out(&owner, &format!("{name}/201"))
        .await
        .expect(200);
    assert_eq!(gone["row"]["name"], "Bouquet of 10 roses");
    let left: Vec<String> = app
        .rows(&owner)
        .await
        .into_iter()
        .map(|(sku, _)| sku)
        .collect();
    assert_eq!(left, ["202", "203"]);

    let back = format!("/api/v1/knowledge-base/{table}/rollback");
    app.call(Method::POST, &back, Some(&owner.token), None)
        .await
        .expect(200);
    assert_eq!(
        app.rows(&owner).await.len(),
        3,
        "row changes can be rolled back (K7)"
    );
}

#[tokio::test]
async fn k11_the_rules_of_a_file_hold_and_a_refused_row_changes_nothing() {
    let app = TestApp::new().await;
    let owner = app.flowers("a@example.com").await;
    for (row, column, rule) in [
        (
            json!({"name": "A", "description": "a", "price": "1,299"}),
            "price_eur",
            "K3",
        ),
        (
            json!({"name": "A", "description": "a", "sku": 201}),
            "sku",
            "K6",
        ),
        (
            json!({"name": "A", "description": "a", "image_url": "ftp://x"}),
            "image_url",
            "K8",
        ),
        (json!({"name": "A"}), "description", "K1"),
    ] {
        let problem = app.add(&owner, "COMP001", &row).await.expect(422);
        assert_eq!(
            problem["detail"][0]["loc"],
            json!(["body", column]),
            "{problem}"
        );
        assert_eq!(problem["detail"][0]["type"], rule);
    }
    let problem = app
        .edit(&owner, "COMP001/201", &json!({"price": "-1"}))
        .await
        .expect(422);
    assert_eq!(problem["detail"][0]["type"], "K3");
    assert_eq!(
        app.edit(&owner, "COMP001/999", &json!({})).await.status,
        404
    );
    assert_eq!(app.take_out(&owner, "COMP001/999").await.status, 404);
    let listed = app
        .get("/api/v1/knowledge-base/list?company_id=1", &owner.token)
        .await;
    assert_eq!(listed.expect(200).as_array().map(Vec::len), Some(1));
}

#[tokio::test]
async fn k11_a_change_of_a_version_that_is_live_no_longer_is_refused() {
    let app = TestApp::new().await;
    let owner = app.flowers("a@example.com").await;
    let price = json!({"price": "31.90"});
    app.edit(&owner, "COMP001/201?version=1", &price)
        .await
        .expect(200);
    let late = app.edit(&owner, "COMP001/201?version=1", &price).await;
    late.expect(409);
    assert!(
        late.detail().contains("version 2 is live"),
        "{}",
        late.detail()
    );
    assert_eq!(
        app.take_out(&owner, "COMP001/201?version=1").await.status,
        409
    );
    app.take_out(&owner, "COMP001/201?version=2")
        .await
        .expect(200);
}

#[tokio::test]
async fn k11_of_changes_at_once_none_is_lost() {
    let app = TestApp::new().await;
    let owner = app.flowers("a@example.com").await;
    let rows: Vec<Value> = (0..12)
        .map(|at| json!({"name": format!("Rose {at}"), "description": "Red", "sku": 500 + at}))
        .collect();
    let done = join_all(rows.iter().map(|row| app.add(&owner, "COMP001", row))).await;
    for answer in done {
        answer.expect(201);
    }
    assert_eq!(app.rows(&owner).await.len(), 14);
    let versions = app
        .app
        .store()
        .catalog_versions(owner.tenant())
        .await
        .unwrap();
    assert_eq!(versions.len(), 13);
    assert_eq!(versions.iter().filter(|(_, live)| *live).count(), 1);
}

#[tokio::test]
async fn k7_uploads_at_once_are_all_versions_and_keep_the_other_table() {
    let app = TestApp::new().await;
    let (_, token) = app.user("a@example.com", Role::Client).await;
    let wanted = json!({"name": "Both", "company_type": "Hybrid"});
    app.post("/api/v1/companies", &token, &wanted)
        .await
        .expect(201);
    let lessons = "service_name,sku,description,price_eur\nLesson,9,One hour,20\n";
    let fields = |kind| [("company_id", "1"), ("type", kind)];
    let (products, services) = (fields("product"), fields("service"));
    let (one, other) = futures_util::future::join(
        app.upload(&token, &products, FLOWERS.as_bytes()),
        app.upload(&token, &services, lessons.as_bytes()),
    )
    .await;
    let mut versions =
        [one.expect(200), other.expect(200)].map(|done| done["knowledge_base"]["version"].clone());
    versions.sort_by_key(Value::as_u64);
    assert_eq!(versions, [json!(1), json!(2)]);
    let listed = app
        .get("/api/v1/knowledge-base/list?company_id=1", &token)
        .await
        .expect(200);
    let live = listed
        .as_array()
        .unwrap()
        .iter()
        .find(|one| one["is_live"] == true);
    let path = format!("/api/v1/knowledge-base/{}/rows", live.unwrap()["id"]);
    let rows = app.get(&path, &token).await.expect(200);
    assert_eq!(
        rows.as_array().map(Vec::len),
        Some(3),
        "both tables are there: {rows}"
    );
}

#[tokio::test]
async fn k6_keys_given_to_both_tables_at_once_never_meet() {
    let app = TestApp::new().await;
    let (_, token) = app.user("a@example.com", Role::Client).await;
    let wanted = json!({"name": "Both", "company_type": "Hybrid"});
    app.post("/api/v1/companies", &token, &wanted)
        .await
        .expect(201);
    let files = [
        (
            "product",
            "product_name,description\nRose,Red\nTulip,Blue\n",
        ),
        (
            "service",
            "service_name,description\nLesson,Long\nTour,Far\n",
        ),
    ];
    let uploads = files.map(|(kind, csv)| {
        let (app, token) = (&app, &token);
        async move {
            let fields = [("company_id", "1"), ("type", kind)];
            app.upload(token, &fields, csv.as_bytes()).await
        }
    });
    for answer in join_all(uploads).await {
        answer.expect(200);
    }
    let path = "/api/v1/knowledge-base/2/rows";
    let rows = app.get(path, &token).await.expect(200);
    let rows = rows.as_array().cloned().unwrap_or_default();
    let mut keys: Vec<&str> = rows.iter().filter_map(|row| row["sku"].as_str()).collect();
    keys.sort_unstable();
    assert_eq!(keys, ["1", "2", "3", "4"]);
}

#[tokio::test]
async fn k7_two_companies_of_one_name_never_meet() {
    let app = TestApp::new().await;
    let (one, other) = (
        app.owner("a@example.com").await,
        app.owner("b@example.com").await,
    );
    let file = |prefix: &str| {
        let rows = (0..40).map(|at| format!("{prefix} {at},{at},About,{at}.50\n"));
        format!(
            "product_name,sku,description,price_eur\n{}",
            rows.collect::<String>()
        )
    };
    let uploads = (0..6).flat_map(|round| {
        [
            (&one, format!("mine{round}")),
            (&other, format!("theirs{round}")),
        ]
    });
    let done = join_all(uploads.map(|(owner, prefix)| {
        let (app, csv) = (&app, file(&prefix));
        async move {
            let company = owner.company.to_string();
            app.upload(&owner.token, &[("company_id", &company)], csv.as_bytes())
                .await
        }
    }))
    .await;
    for answer in done {
        answer.expect(200);
    }
    let table = "DB%20Product%20Northern%20Flowers";
    for (owner, prefix) in [(&one, "mine"), (&other, "theirs")] {
        // The shared display name means one's own company.
        let lily = json!({"name": format!("{prefix} lily"), "description": "White"});
        app.add(owner, table, &lily).await.expect(201);
        let rows = app.rows(owner).await;
        assert_eq!(rows.len(), 41);
        assert!(
            rows.iter().all(|(_, name)| name.starts_with(prefix)),
            "{rows:?}"
        );
        let versions = app
            .app
            .store()
            .catalog_versions(owner.tenant())
            .await
            .unwrap();
        assert_eq!(versions.len(), 7);
        assert_eq!(versions.iter().filter(|(_, live)| *live).count(), 1);
    }
}

#[tokio::test]
async fn k11_a_name_that_fits_several_companies_is_refused_naming_them() {
    let app = TestApp::new().await;
    let owner = app.flowers("a@example.com").await;
    let twin = json!({"name": "Northern Flowers", "company_type": "Product"});
    app.post("/api/v1/companies", &owner.token, &twin)
        .await
        .expect(201);
    let lily = json!({"name": "Lily", "description": "White"});
    let answer = app
        .add(&owner, "DB%20Product%20Northern%20Flowers", &lily)
        .await;
    answer.expect(409);
    let detail = answer.detail();
    assert!(
        detail.contains("COMP001") && detail.contains("COMP002"),
        "{detail}"
    );
    app.add(&owner, "COMP002", &lily).await.expect(201);
    assert_eq!(app.rows(&owner).await.len(), 2, "the first company's rows");
}

#[tokio::test]
async fn t3_no_name_reaches_another_tenants_rows() {
    let app = TestApp::new().await;
    let victim = app.flowers("a@example.com").await;
    let (_, token) = app.user("b@example.com", Role::Client).await;
    for name in [
        "COMP001",
        "comp001",
        "1",
        "DB%20Product%20Northern%20Flowers",
        "nothing",
        "%20",
    ] {
        let lily = json!({"name": "Lily", "description": "White"});
        let added = app.post(&format!("{ROW}/{name}"), &token, &lily).await;
        assert_eq!(added.status, 404, "{name}: {}", added.detail());
        for verb in [Method::PATCH, Method::DELETE] {
            let path = format!("{ROW}/{name}/201");
            let answer = app.call(verb, &path, Some(&token), Some(&json!({}))).await;
            assert_eq!(answer.status, 404, "{name}");
        }
    }
    assert_eq!(app.rows(&victim).await.len(), 2);
}

#[tokio::test]
async fn t5_a_hybrid_company_says_what_a_new_row_is() {
    let app = TestApp::new().await;
    let (_, token) = app.user("a@example.com", Role::Client).await;
    let wanted = json!({"name": "Both", "company_type": "Hybrid"});
    app.post("/api/v1/companies", &token, &wanted)
        .await
        .expect(201);
    let row = json!({"name": "Lesson", "description": "One hour", "duration": "60 min"});
    let add = async |table: &str| app.post(&format!("{ROW}/{table}"), &token, &row).await;
    let problem = add("COMP001").await.expect(422);
    assert_eq!(problem["detail"][0]["loc"], json!(["query", "type"]));
    let lesson = add("COMP001?type=service").await.expect(201);
    assert_eq!(lesson["row"]["duration_minutes"], 60);
    let named = add("DB%20Service%20Both").await.expect(201);
    assert_eq!(
        (&named["row"]["kind"], &named["row"]["sku"]),
        (&json!("service"), &json!("2"))
    );
}

#[tokio::test]
async fn k7_deleting_empties_the_live_version_and_can_be_rolled_back() {
    let app = TestApp::new().await;
    let owner = app.flowers("a@example.com").await;
    let path = "/api/v1/knowledge-base/1";
    let emptied = app
        .call(Method::DELETE, path, Some(&owner.token), None)
        .await
        .expect(200);
    assert_eq!(emptied["version"], 2);
    assert_eq!(app.rows(&owner).await, []);
    let again = app
        .call(Method::DELETE, path, Some(&owner.token), None)
        .await;
    assert_eq!(again.status, 409, "history stays");
    let back = format!("{path}/rollback");
    app.call(Method::POST, &back, Some(&owner.token), None)
        .await
        .expect(200);
    assert_eq!(app.rows(&owner).await.len(), 2);
}

#[tokio::test]
async fn k12_rows_are_found_by_word_area_and_stock() {
    let app = TestApp::new().await;
    let owner = app.flowers("a@example.com").await;
    let find = async |query: &str| {
        let path = format!("/api/v1/knowledge-base/1/search?{query}");
        let found = app.get(&path, &owner.token).await.expect(200);
        let found = found.as_array().cloned().unwrap_or_default();
        found
            .iter()
            .map(|hit| {
                (
                    hit["row"]["sku"].as_str().unwrap().to_owned(),
                    hit["why"].as_str().unwrap().to_owned(),
                )
            })
            .collect::<Vec<_>>()
    };
    let hit = |sku: &str, why: &str| vec![(sku.to_owned(), why.to_owned())];
    assert_eq!(find("text=rose").await, hit("201", "part_of_name"));
    assert_eq!(find("text=tulps").await, hit("202", "similar_name"));
    assert_eq!(find("text=202").await, hit("202", "sku"));
    assert_eq!(find("area=valencia").await, hit("202", "listed"));
    assert_eq!(find("available=true").await, hit("201", "listed"));
    assert_eq!(find("").await.len(), 2);
    assert_eq!(find("text=piano").await, []);
    let wrong = app
        .get("/api/v1/knowledge-base/1/search?limit=0", &owner.token)
        .await;
    assert_eq!(
        wrong.expect(422)["detail"][0]["loc"],
        json!(["query", "limit"])
    );
    app.edit(&owner, "COMP001/201", &json!({"name": "Peonies"}))
        .await
        .expect(200);
    let path = "/api/v1/knowledge-base/2/search?text=peony";
    let found = app.get(path, &owner.token).await.expect(200);
    assert_eq!(
        found[0]["row"]["sku"], "201",
        "the next version has an index of its own"
    );
}
