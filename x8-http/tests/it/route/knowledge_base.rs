use axum::http::Method;
use serde_json::json;
use x8_core::tenant::Role;

use crate::app::TestApp;

const ROSES: &str = "product_name,sku,description,price_eur,cities\n\
    Rose,1,Red,\"3.50\",Madrid\nTulip,2,Yellow,4.25,Madrid\n";
const FEWER: &str = "product_name,sku,description,price_eur,cities\nRose,1,Red,3.75,Madrid\n";

#[tokio::test]
async fn k7_upload_diff_read_and_roll_back() {
    let app = TestApp::new().await;
    let owner = app.owner("a@example.com").await;
    let first = app
        .upload(&owner.token, &[("company_id", "COMP001")], ROSES.as_bytes())
        .await
        .expect(200);
    assert_eq!(first["rows"], 2);
    assert_eq!(first["knowledge_base"]["version"], 1);
    assert_eq!(
        first["knowledge_base"]["name"],
        "DB Product Northern Flowers"
    );

    let fields = [("company_id", "1"), ("dry_run", "true")];
    let dry = app
        .upload(&owner.token, &fields, FEWER.as_bytes())
        .await
        .expect(200);
    assert_eq!(dry["knowledge_base"], json!(null));
    assert_eq!(dry["diff"]["removed"], json!(["2"]));
    let second = app
        .upload(&owner.token, &[("company_id", "1")], FEWER.as_bytes())
        .await
        .expect(200);
    assert_eq!(
        second["knowledge_base"]["version"], 2,
        "the dry run published nothing"
    );

    let listed = app
        .get("/api/v1/knowledge-base/list?company_id=1", &owner.token)
        .await
        .expect(200);
    assert_eq!(listed[0]["is_live"], true);
    let (new, old) = (listed[0]["id"].clone(), listed[1]["id"].clone());
    let rows = app
        .get(&format!("/api/v1/knowledge-base/{new}/rows"), &owner.token)
        .await
        .expect(200);
    assert_eq!(rows[0]["price"]["minor"], 375);
    let rows = app
        .get(&format!("/api/v1/knowledge-base/{old}/rows"), &owner.token)
        .await
        .expect(200);
    assert_eq!(rows[1]["name"], "Tulip", "earlier versions stay readable");

    let path = format!("/api/v1/knowledge-base/{old}/rollback");
    let live = app
        .call(Method::POST, &path, Some(&owner.token), None)
        .await
        .expect(200);
    assert_eq!(live["version"], 1);
}

#[tokio::test]
async fn r1_rows_come_in_pages() {
    let app = TestApp::new().await;
    let owner = app.owner("a@example.com").await;
    let fields = [("company_id", "1")];
    let first = app
        .upload(&owner.token, &fields, ROSES.as_bytes())
        .await
        .expect(200);
    let path = format!(
        "/api/v1/knowledge-base/{}/rows?limit=1",
        first["knowledge_base"]["id"]
    );
    let rows = app.get(&path, &owner.token).await;
    assert_eq!(rows.expect(200).as_array().map(Vec::len), Some(1));
    let next = rows.headers["x-next-cursor"].to_str().unwrap();
    let rows = app
        .get(&format!("{path}&cursor={next}"), &owner.token)
        .await;
    assert_eq!(rows.expect(200)[0]["name"], "Tulip");
}

#[tokio::test]
async fn k5_refused_rows_come_back_with_the_report_and_nothing_is_loaded() {
    let app = TestApp::new().await;
    let owner = app.owner("a@example.com").await;
    let bad = "product_name,sku,description,price_eur\nRose,1,Red,-3.50\nTulip,1,Yellow,4.25\n";
    let answer = app
        .upload(&owner.token, &[("company_id", "1")], bad.as_bytes())
        .await
        .expect(422);
    assert!(answer["detail"].is_string());
    assert!(
        answer["report"]["errors"]
            .as_array()
            .is_some_and(|errors| !errors.is_empty())
    );
    let listed = app
        .get("/api/v1/knowledge-base/list?company_id=1", &owner.token)
        .await
        .expect(200);
    assert_eq!(listed, json!([]));
}

#[tokio::test]
async fn k2_files_that_are_no_table_are_refused() {
    let app = TestApp::new().await;
    let owner = app.owner("a@example.com").await;
    let fields = [("company_id", "1")];
    for (what, bytes, status) in [
        ("nothing", Vec::new(), 422),
        ("a document", b"%PDF-1.7".to_vec(), 501),
        (
            "an unclosed quote",
            b"product_name,description\n\"Rose,Red\n".to_vec(),
            422,
        ),
        ("no name column", b"colour\nred\n".to_vec(), 422),
        ("too much", vec![b'x'; 26 * 1024 * 1024], 413),
    ] {
        let answer = app.upload(&owner.token, &fields, &bytes).await;
        assert_eq!(
            answer.status.as_u16(),
            status,
            "{what}: {}",
            answer.detail()
        );
    }
}

#[tokio::test]
async fn k2_the_largest_upload_is_a_setting_and_the_answer_names_it() {
    let small = |name: &str| (name == "X8_MAX_UPLOAD_MB").then(|| "1".to_owned());
    let app = TestApp::with(&small).await;
    let owner = app.owner("a@example.com").await;
    let head = b"product_name,description\n".to_vec();
    let mb = 1024 * 1024;
    let fields = [("company_id", "1")];
    let whole = [head.clone(), b"Rose,Red\n".to_vec(), vec![b'\n'; mb - 40]].concat();
    app.upload(&owner.token, &fields, &whole).await.expect(200);
    // Beyond the limit, with and without room for the rest of the form.
    for (bytes, named) in [(mb + 1, "1048576"), (2 * mb, "1 MB")] {
        let file = [head.clone(), vec![b'\n'; bytes - head.len()]].concat();
        let answer = app.upload(&owner.token, &fields, &file).await;
        assert_eq!(answer.status.as_u16(), 413);
        assert!(answer.detail().contains(named), "{}", answer.detail());
    }
}

#[tokio::test]
async fn t5_a_hybrid_company_has_both_tables() {
    let app = TestApp::new().await;
    let (_, token) = app.user("a@example.com", Role::Client).await;
    let wanted = json!({"name": "Both", "company_type": "Hybrid"});
    app.post("/api/v1/companies", &token, &wanted)
        .await
        .expect(201);
    let problem = app
        .upload(&token, &[("company_id", "1")], ROSES.as_bytes())
        .await
        .expect(422);
    assert_eq!(problem["detail"][0]["loc"], json!(["body", "type"]));
    let fields = |kind| [("company_id", "1"), ("type", kind)];
    app.upload(&token, &fields("product"), ROSES.as_bytes())
        .await
        .expect(200);
    let lessons = "service_name,sku,description,price_eur\nLesson,9,One hour,20\n";
    let both = app
        .upload(&token, &fields("service"), lessons.as_bytes())
        .await
        .expect(200);
    assert_eq!(both["diff"]["removed"], json!([]), "the products stay");
    let clash = "service_name,sku,description,price_eur\nLesson,1,One hour,20\n";
    assert_eq!(
        app.upload(&token, &fields("service"), clash.as_bytes())
            .await
            .status,
        422,
        "K6"
    );
}

#[tokio::test]
async fn k6_tables_without_skus_stand_beside_each_other() {
    let app = TestApp::new().await;
    let (_, token) = app.user("a@example.com", Role::Client).await;
    let wanted = json!({"name": "Both", "company_type": "Hybrid"});
    app.post("/api/v1/companies", &token, &wanted)
        .await
        .expect(201);
    let fields = |kind| [("company_id", "1"), ("type", kind)];
    let goods = "product_name,description,price_eur\nPolish,Red,7\n";
    let work = "service_name,description,price_eur\nManicure,Classic,30\n";
    for (kind, file, added) in [
        ("product", goods, json!(["1"])),
        ("service", work, json!(["2"])),
        ("product", goods, json!([])),
        ("service", work, json!([])),
    ] {
        let uploaded = app
            .upload(&token, &fields(kind), file.as_bytes())
            .await
            .expect(200);
        assert_eq!(uploaded["diff"]["added"], added, "{kind}");
        assert_eq!(uploaded["diff"]["removed"], json!([]), "{kind}");
    }
}

#[tokio::test]
async fn wrong_form_fields_are_named() {
    let app = TestApp::new().await;
    let owner = app.owner("a@example.com").await;
    for (fields, field) in [
        (vec![], "company_id"),
        (vec![("company_id", "x")], "company_id"),
        (vec![("company_id", "1"), ("dry_run", "perhaps")], "dry_run"),
        (vec![("company_id", "1"), ("decimal", ";")], "decimal"),
        (vec![("company_id", "1"), ("type", "thing")], "type"),
        (vec![("company_id", "1"), ("type", "service")], "type"),
    ] {
        let problem = app
            .upload(&owner.token, &fields, ROSES.as_bytes())
            .await
            .expect(422);
        assert_eq!(
            problem["detail"][0]["loc"],
            json!(["body", field]),
            "{fields:?}"
        );
    }
}
