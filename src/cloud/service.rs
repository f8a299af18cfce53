//! A service that is asked with the access tokens of an identity.

use serde::de::DeserializeOwned;

use super::token::{AccessToken, TokenKeeper};
use super::transport::{Call, ReadTold, Transport};
use super::{Cloud, Error, Operation, ServiceError};
use crate::http::{Http, Method, host_of};
use crate::json;
use crate::limits::Limit;
use crate::sensitive::Sensitive;

/// Gets access tokens.
pub(crate) trait TokenSource {
    type Error;

    async fn token(&self, transport: &Transport) -> Result<AccessToken, ServiceError<Self::Error>>;

    /// What each call has besides the token.
    fn header(&self) -> Option<(&'static str, String)> {
        None
    }
}

pub(crate) struct BearerService<S> {
    cloud: Cloud,
    base: String,
    read_told: ReadTold,
    source: S,
    transport: Transport,
    token: TokenKeeper,
}

impl<S: TokenSource> BearerService<S> {
    /// Sends nothing. `base` has no `/` at its end.
    pub(crate) fn new(
        http: Http,
        cloud: Cloud,
        base: String,
        read_told: ReadTold,
        source: S,
    ) -> Result<Self, ServiceError<S::Error>> {
        Ok(Self {
            cloud,
            base,
            read_told,
            source,
            transport: Transport::new(http)?,
            token: TokenKeeper::default(),
        })
    }

    pub(crate) fn base(&self) -> &str {
        &self.base
    }

    pub(crate) fn source(&self) -> &S {
        &self.source
    }

    pub(crate) fn transport(&self) -> &Transport {
        &self.transport
    }

    /// Gets a token, so that wrong credentials are found out before anything else is asked.
    pub(crate) async fn sign_in(&self) -> Result<(), ServiceError<S::Error>> {
        self.fresh_token().await.map(drop)
    }

    async fn fresh_token(&self) -> Result<AccessToken, ServiceError<S::Error>> {
        let ask = || self.source.token(&self.transport);
        self.token.get(ask).await
    }

    /// Sends a call once.
    pub(crate) async fn call(
        &self,
        operation: Operation,
        method: Method,
        path: &str,
        body: Option<Vec<u8>>,
    ) -> Result<Sensitive<Vec<u8>>, ServiceError<S::Error>> {
        let token = self.fresh_token().await?;
        let mut headers = vec![("authorization", token.header())];
        headers.extend(self.source.header());
        if body.is_some() {
            headers.push(("content-type", "application/json".to_owned()));
        }
        let call = Call {
            cloud: self.cloud,
            operation,
            method,
            url: &format!("{}/{path}", self.base),
            headers: &headers,
            body: body.unwrap_or_default().into(),
            limit: Limit::CLOUD_SECRET,
            read_told: self.read_told,
        };
        Ok(self.transport.call(&call).await?)
    }

    /// Sends a call that changes something. The answer is `A`, and another one is somebody else's.
    pub(crate) async fn change<A: DeserializeOwned>(
        &self,
        operation: Operation,
        method: Method,
        path: &str,
        body: Option<Vec<u8>>,
    ) -> Result<A, ServiceError<S::Error>> {
        let answer = self.call(operation, method, path, body).await?;
        let (cloud, host) = (self.cloud, host_of(&self.base));
        let unconfirmed = |_| Error::Unconfirmed { cloud, host };
        Ok(json::object(answer.expose()).map_err(unconfirmed)?)
    }

    pub(crate) fn read<A: DeserializeOwned>(
        &self,
        answer: &Sensitive<Vec<u8>>,
    ) -> Result<A, Error> {
        json::object(answer.expose()).map_err(|_| self.unexpected())
    }

    /// The error for an answer that is not understood.
    pub(crate) fn unexpected(&self) -> Error {
        Error::Unexpected {
            cloud: self.cloud,
            host: host_of(&self.base),
        }
    }
}
