//! The server, through its router in-process: same tree as `src/route`.

#[cfg(test)]
mod app;
#[cfg(test)]
mod cli;
#[cfg(test)]
mod config;
#[cfg(test)]
mod crash;
#[cfg(test)]
mod guard;
#[cfg(test)]
mod import;
#[cfg(test)]
mod openapi;
#[cfg(test)]
mod replay;
#[cfg(test)]
mod route;
#[cfg(test)]
mod shutdown;
#[cfg(test)]
mod tenants;
#[cfg(test)]
mod wrong_input;
