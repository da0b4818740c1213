//! Looks whether the files were replaced.

use std::hash::{BuildHasher as _, RandomState};
use std::sync::Arc;
use std::time::Duration;

use metrics::counter;
use rustls::sign::CertifiedKey;
use tokio::time::interval;

use super::pair::{Contents, PairFiles, PairProblem};
use super::served::Served;

/// How often the files are looked at.
const LOOK_EVERY: Duration = Duration::from_secs(1);

/// Serves what the files hold, for as long as it runs: a new pair as soon as it is whole. While it
/// is not, the one before is served on.
pub(crate) async fn keep_current(files: PairFiles, served: Arc<Served>) {
    let mut looks = Looks::default();
    let mut look = interval(LOOK_EVERY);
    loop {
        look.tick().await;
        let files = files.clone();
        // It ends unless the runtime does.
        let Ok(found) = tokio::task::spawn_blocking(move || files.read()).await else { return };
        if looks.settled(&found) {
            take(&served, found.and_then(|contents| contents.parse()));
        }
    }
}

fn take(served: &Served, pair: Result<CertifiedKey, PairProblem>) {
    match pair {
        Ok(pair) => {
            if served.replace(pair) {
                counter!("cardlift_tls_reloads_total", "outcome" => "taken").increment(1);
                tracing::info!("a new certificate is served");
            }
        }
        Err(problem) => {
            counter!("cardlift_tls_reloads_total", "outcome" => "refused").increment(1);
            tracing::warn!(
                setting = problem.setting(),
                %problem,
                "the certificate or its key can't be used: the one before is served on"
            );
        }
    }
}

/// What was found in the files: hashes, so that no key is kept.
#[derive(Default)]
struct Looks {
    hasher: RandomState,
    last: Option<u64>,
    settled: Option<u64>,
}

impl Looks {
    /// Whether this is to be acted on: it was there the last time too, so nobody is in the middle of
    /// writing it, and it was not acted on before.
    fn settled(&mut self, found: &Result<Contents, PairProblem>) -> bool {
        let found = Some(self.hasher.hash_one(found));
        let again = std::mem::replace(&mut self.last, found) == found;
        again && std::mem::replace(&mut self.settled, found) != found
    }
}

#[cfg(test)]
mod tests {
    use super::super::pair::tests::{files, made};
    use super::*;

    #[test]
    fn what_is_found_is_acted_on_once_it_stays_and_only_once() {
        let (cert, key) = made("localhost");
        let (_folder, files) = files(&cert, &key);
        let mut looks = Looks::default();
        let mut look = || looks.settled(&files.read());
        assert_eq!([look(), look(), look()], [false, true, false], "what was there at the start");
        let (other_cert, other_key) = made("localhost");
        std::fs::write(&files.cert, other_cert).expect("written");
        assert!(!look(), "half of a new pair");
        std::fs::write(&files.key, other_key).expect("written");
        assert_eq!([look(), look(), look()], [false, true, false], "the new pair");
        std::fs::remove_file(&files.key).expect("removed");
        assert_eq!([look(), look(), look()], [false, true, false], "no key");
        std::fs::write(&files.key, key).expect("written");
        assert_eq!([look(), look(), look()], [false, true, false], "another's key");
    }
}
