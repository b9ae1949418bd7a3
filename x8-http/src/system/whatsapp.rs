//! WhatsApp through WAHA.

use std::sync::Arc;

use x8_channels::waha::{HmacKeys, WahaConfig, WahaConnector, WahaSender, WahaVerifier};
use x8_core::{
    Result, Secret,
    port::{Connector, Sender},
};

use crate::Config;

/// The adapters of WhatsApp; webhooks are verified whether or not a WAHA server is configured.
pub(super) struct Whatsapp {
    pub(super) senders: Vec<Arc<dyn Sender>>,
    pub(super) connector: Option<Arc<dyn Connector>>,
    pub(super) verifier: WahaVerifier,
}

impl Whatsapp {
    pub(super) fn new(config: &Config, key: &Secret) -> Result<Self> {
        let keys = HmacKeys {
            current: config.webhook_secret(key),
            previous: config.waha.webhook_secret_previous.clone(),
        };
        let verifier = WahaVerifier::new(&keys)?;
        let Some(url) = &config.waha.url else {
            return Ok(Self {
                senders: Vec::new(),
                connector: None,
                verifier,
            });
        };
        let api_key = config.waha.key.clone().unwrap_or_else(|| Secret::new(""));
        let waha = WahaConfig::new(url, api_key, &config.waha.webhook_url, keys.current);
        Ok(Self {
            senders: vec![Arc::new(WahaSender::new(&waha)?)],
            connector: Some(Arc::new(WahaConnector::new(waha)?)),
            verifier,
        })
    }
}
