#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| agentwright_fuzz::addresses(data));
