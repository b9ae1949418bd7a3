use std::sync::Arc;

use serde_json::json;
use tokio::{net::TcpListener, sync::oneshot};
use x8_http::serve;

use crate::app::TestApp;

#[tokio::test]
async fn r7_requests_in_flight_are_finished_and_no_new_ones_taken() {
    let app = TestApp::new().await;
    let owner = app.shop("a@example.com").await;
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let base = format!("http://{}", listener.local_addr().unwrap());
    let (stop, stopped) = oneshot::channel::<()>();
    let server = tokio::spawn(serve(listener, Arc::clone(&app.app), async move {
        let _told = stopped.await;
    }));
    let turn = json!({"company_id": owner.company, "sender": "x", "text": "wait for me"});
    let request = reqwest::Client::new()
        .post(format!("{base}/api/v1/assistant/reply"))
        .bearer_auth(&owner.token)
        .json(&turn);
    let in_flight = tokio::spawn(request.send());
    app.parrot.busy.notified().await;
    stop.send(()).unwrap();
    // The listener closes before the request in flight ends.
    while reqwest::get(format!("{base}/health")).await.is_ok() {
        tokio::task::yield_now().await;
    }
    app.parrot.go_on.notify_one();
    let answer = in_flight.await.unwrap().unwrap();
    assert_eq!(answer.status(), 200);
    server.await.unwrap().unwrap();
}
