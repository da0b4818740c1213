//! The conformance suite of the ports, and the in-memory adapter that passes it
