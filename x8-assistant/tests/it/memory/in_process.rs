//! The reference.

use std::sync::Arc;

use x8_assistant::{
    memory::{ChatMemory, InProcessMemory, Limits},
    testing::suite,
};
use x8_core::testing::Checked;

#[test]
fn a2_the_reference_keeps_what_the_port_promises() -> Checked {
    let make = |limits: Limits| async move {
        let memory: Arc<dyn ChatMemory> = Arc::new(InProcessMemory::new(limits));
        Ok(memory)
    };
    pollster::block_on(suite::memory::all(&make))
}
