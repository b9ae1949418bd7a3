//! The system of record in memory: the reference for every other adapter.
