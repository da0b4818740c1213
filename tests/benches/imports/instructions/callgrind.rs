//! Valgrind's callgrind: what a process executes, instruction by instruction.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;

/// A run of a program that is counted.
#[derive(Debug)]
pub(crate) struct Callgrind {
    /// What is written at the end of the run: its instructions, function by function.
    out: PathBuf,
}

impl Callgrind {
    pub(crate) fn new(folder: &Path, name: &str) -> Self {
        std::fs::create_dir_all(folder).expect("a folder");
        Self { out: folder.join(name) }
    }

    /// What runs this program, and counts. It gets whatever is behind.
    pub(crate) fn command(&self, program: &Path) -> Command {
        let mut command = Command::new("valgrind");
        // Nobody talks to it: that would take ptrace, which not every machine allows.
        command.args(["--tool=callgrind", "--quiet", "--vgdb=no"]);
        let mut out = OsString::from("--callgrind-out-file=");
        out.push(&self.out);
        command.arg(out).arg(program);
        command
    }

    /// All instructions of the run, which is over.
    pub(crate) fn total(&self) -> u64 {
        let text = std::fs::read_to_string(&self.out).expect("what callgrind writes");
        let totals = text.lines().rev().find_map(|line| line.strip_prefix("totals: "));
        totals.and_then(|total| total.trim().parse().ok()).expect("callgrind's totals")
    }
}
