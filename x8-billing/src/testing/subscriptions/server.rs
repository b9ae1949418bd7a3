//! How the stand-in meets a request.

use super::{book::Book, routes};
use crate::testing::{
    RecordedRequest,
    fake::answered,
    stand_in::{Reply, Seen, Vendor},
};

impl Vendor for Book {
    fn meet(&mut self, seen: Seen) -> Reply {
        let request = RecordedRequest::of(seen);
        self.requests.push(request.clone());
        let ((status, body), replayed) = routes::answer(self, &request);
        if request.method == "POST" && std::mem::take(&mut self.cut) {
            return Reply::Cut;
        }
        answered(status, &body, replayed)
    }
}
