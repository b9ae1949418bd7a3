//! Forms: sign-in by JSON or `OAuth2` form, and file uploads.

use std::{collections::BTreeMap, sync::Arc};

use axum::{
    body::Bytes,
    extract::{FromRequest, Multipart, Request, multipart::MultipartError},
    http::{StatusCode, header},
};
use serde::Deserialize;
use utoipa::ToSchema;

use super::{Raw, from_slice};
use crate::{
    App,
    error::{ApiError, Result},
};

/// E-mail and password, as JSON `{email, password}` or as an `OAuth2` password form (`username`, `password`).
#[derive(Clone, Deserialize, ToSchema)]
pub struct Credentials {
    /// The account.
    #[serde(alias = "username")]
    pub email: String,
    /// The password.
    pub password: String,
}

impl std::fmt::Debug for Credentials {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Credentials").finish_non_exhaustive()
    }
}

impl<S: Send + Sync> FromRequest<S> for Credentials {
    type Rejection = ApiError;

    async fn from_request(request: Request, state: &S) -> Result<Self> {
        let kind = request
            .headers()
            .get(header::CONTENT_TYPE)
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default();
        if kind.starts_with("application/x-www-form-urlencoded") {
            let form = axum::Form::<Self>::from_request(request, state).await;
            return form.map(|axum::Form(value)| value).map_err(|rejection| {
                ApiError::field("body", "username", "missing", rejection.body_text())
            });
        }
        let Raw(body) = Raw::from_request(request, state).await?;
        from_slice(&body)
    }
}

/// A multipart form with one file, at most as large as the server is told to take.
#[derive(Debug, Default)]
pub struct Upload {
    /// The name the client gave to the file.
    pub file_name: String,
    /// Its bytes.
    pub bytes: Bytes,
    fields: BTreeMap<String, String>,
}

impl Upload {
    /// A text field of the form.
    #[must_use]
    pub fn text(&self, name: &str) -> Option<&str> {
        self.fields
            .get(name)
            .map(|text| text.trim())
            .filter(|text| !text.is_empty())
    }

    /// A yes-or-no field; absent is no.
    ///
    /// # Errors
    /// 422 for any other word.
    pub fn flag(&self, name: &str) -> Result<bool> {
        match self.text(name).map(str::to_ascii_lowercase).as_deref() {
            None | Some("false" | "0" | "no" | "off") => Ok(false),
            Some("true" | "1" | "yes" | "on") => Ok(true),
            Some(word) => Err(ApiError::field(
                "body",
                name,
                "bool_parsing",
                format!("`{word}` is neither true nor false"),
            )),
        }
    }
}

impl FromRequest<Arc<App>> for Upload {
    type Rejection = ApiError;

    async fn from_request(request: Request, app: &Arc<App>) -> Result<Self> {
        let most = app.config.max_upload_mb;
        let broken = |error| broken(&error, most);
        let mut form = Multipart::from_request(request, app)
            .await
            .map_err(|rejection| {
                ApiError::field("body", "file", "missing", rejection.body_text())
            })?;
        let mut upload = Self::default();
        let mut seen = false;
        while let Some(part) = form.next_field().await.map_err(broken)? {
            let name = part.name().unwrap_or_default().to_owned();
            if name == "file" {
                seen = true;
                upload.file_name = part.file_name().unwrap_or("upload").to_owned();
                upload.bytes = part.bytes().await.map_err(broken)?;
            } else {
                let text = part.text().await.map_err(broken)?;
                let _previous = upload.fields.insert(name, text);
            }
        }
        if seen {
            Ok(upload)
        } else {
            Err(ApiError::field(
                "body",
                "file",
                "missing",
                "missing field `file`",
            ))
        }
    }
}

fn broken(error: &MultipartError, most: u32) -> ApiError {
    if error.status() == StatusCode::PAYLOAD_TOO_LARGE {
        ApiError::new(
            StatusCode::PAYLOAD_TOO_LARGE,
            format!("the upload is larger than the {most} MB that this server accepts; split it"),
        )
    } else {
        ApiError::field("body", "file", "value_error", error.body_text())
    }
}
