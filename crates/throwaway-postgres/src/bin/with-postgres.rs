//! Runs a command with `TEST_DATABASE_URL` set to a throwaway cluster: `with-postgres COMMAND ..`.
#![expect(clippy::print_stderr, reason = "a command-line program talks to its user")]

use std::process::{Command, ExitCode};

use cardlift_throwaway_postgres::{Cluster, ClusterOptions};

const VARIABLE: &str = "TEST_DATABASE_URL";

fn main() -> ExitCode {
    let mut arguments = std::env::args_os().skip(1);
    let Some(program) = arguments.next() else {
        eprintln!("with-postgres: say which command to run: with-postgres COMMAND ..");
        return ExitCode::from(2);
    };
    let mut command = Command::new(program);
    command.args(arguments);
    let named = std::env::var_os(VARIABLE).is_some_and(|url| !url.is_empty());
    // The cluster stops when this goes, and also when this process is killed.
    let _cluster = if named {
        eprintln!("with-postgres: using the server that {VARIABLE} names");
        None
    } else {
        match Cluster::start(&ClusterOptions::default()) {
            Ok(cluster) => {
                eprintln!("with-postgres: started a cluster on port {}", cluster.port());
                command.env(VARIABLE, cluster.url("postgres"));
                Some(cluster)
            }
            Err(error) => {
                eprintln!("with-postgres: {error}");
                return ExitCode::FAILURE;
            }
        }
    };
    match command.status() {
        Ok(status) => {
            let code = status.code().and_then(|code| u8::try_from(code).ok());
            code.map_or(ExitCode::FAILURE, ExitCode::from)
        }
        Err(error) => {
            eprintln!("with-postgres: {}: {error}", command.get_program().display());
            ExitCode::from(127)
        }
    }
}
