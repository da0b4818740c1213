//! The master key is changed while imports go on, in each way that docs/OPERATIONS.md tells.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use cardlift_tests::{Backend, DOCUMENTED, DOCUMENTED_CARD, MASTER_KEY, Program, Run, import};
use tokio::sync::{RwLock, watch};
use tokio::task::JoinHandle;
use tokio::time::timeout;

/// How long anything may take before the test gives up on it.
const PATIENCE: Duration = Duration::from_secs(60);

/// How long the vault takes for an answer, in milliseconds, at least.
const LATENCY: &str = "25";

/// So many imports, one after the other, take longer than what a server knows of an account's Stripe key
/// is good for, which is half a second: each server has opened the key anew by then.
const MANY: usize = 40;

/// So many, and each of two servers has had one.
const FEW: usize = 4;

/// Where a process has its master keys.
#[derive(Clone)]
enum Keys {
    Here(String),
    File(PathBuf),
}

/// A database with a customer, a Stripe key and an API key, and a vault that has the customer's card.
struct Place {
    backend: Backend,
    vault: String,
    key: String,
    _sandbox: Program,
}

struct Server {
    program: Program,
    base: String,
    keys: Keys,
}

/// Servers, and imports that go on.
struct Servers {
    place: Place,
    all: Vec<Server>,
    /// Those that get imports.
    taking: Arc<RwLock<Vec<String>>>,
    /// How many imports there were.
    done: watch::Receiver<usize>,
    importing: JoinHandle<()>,
}

impl Place {
    async fn new(backend: Backend, keys: &Keys) -> Self {
        let sandbox = ["sandbox", "--listen", "127.0.0.1:0", "--latency-ms", LATENCY];
        let (sandbox, vault) = Program::serve(Run::new(&sandbox)).await;
        let mut place = Self { backend, vault, key: String::new(), _sandbox: sandbox };
        place.run(keys, &["account", "set-key"]).input("sk_test_kept").succeed().await;
        place.backend.load_documented().await;
        let off = ["account", "limit", "--per-minute", "off", "--per-day", "off"];
        place.run(keys, &off).succeed().await;
        let key = place.run(keys, &["key", "create"]).succeed().await;
        key.trim().clone_into(&mut place.key);
        place
    }

    /// The program with these arguments and these master keys.
    fn run(&self, keys: &Keys, arguments: &[&str]) -> Run {
        let run = self.backend.run(arguments).env("STRIPE_API_BASE", &self.vault);
        match keys {
            Keys::Here(keys) => run.env("CARDLIFT_MASTER_KEY", keys),
            Keys::File(file) => {
                run.without("CARDLIFT_MASTER_KEY").env("CARDLIFT_MASTER_KEY_FILE", file)
            }
        }
    }

    async fn serve(&self, keys: Keys) -> Server {
        let serve = self.run(&keys, &["serve", "--listen", "127.0.0.1:0"]);
        let (program, base) = Program::serve(serve).await;
        Server { program, base, keys }
    }

    /// A new master key.
    async fn new_key(&self) -> String {
        let made = self.backend.run(&["master-key", "new"]).succeed().await;
        made.trim().to_owned()
    }

    /// Seals everything under the first of these keys, or under a new one that is put before them.
    async fn rotate(&self, keys: &Keys) {
        let rotated = self.run(keys, &["master-key", "rotate"]).succeed().await;
        assert!(rotated.starts_with("3 secrets are sealed under"), "{rotated}");
    }

    /// Everything can be opened with this key, and nothing with the one that there was.
    async fn is_sealed_under(&self, new: &str) {
        let check = &["master-key", "check"][..];
        let checked = self.run(&Keys::Here(new.to_owned()), check).succeed().await;
        assert!(checked.contains("3 secrets, all of which can be opened"), "{checked}");
        let old = Keys::Here(MASTER_KEY.to_owned());
        for arguments in [check, &["serve", "--listen", "127.0.0.1:0"]] {
            let refused = self.run(&old, arguments).finish().await;
            assert_eq!(refused.code, Some(1), "{}{}", refused.stdout, refused.stderr);
            assert!(refused.stderr.contains("which is not at hand"), "{}", refused.stderr);
            assert!(!refused.stderr.contains(MASTER_KEY), "{}", refused.stderr);
        }
    }
}

impl Servers {
    /// One for each of these, and imports that are under way.
    async fn start(place: Place, each: Vec<Keys>) -> Self {
        let mut servers = Vec::new();
        for keys in each {
            servers.push(place.serve(keys).await);
        }
        let bases: Vec<_> = servers.iter().map(|server| server.base.clone()).collect();
        let taking = Arc::new(RwLock::new(bases));
        let (count, done) = watch::channel(0);
        let importing = tokio::spawn(go_on(taking.clone(), place.key.clone(), count));
        let mut started = Self { place, all: servers, taking, done, importing };
        started.go_by(FEW).await;
        started
    }

    /// Waits until there were so many imports more.
    async fn go_by(&mut self, imports: usize) {
        let all = *self.done.borrow() + imports;
        let done = timeout(PATIENCE, self.done.wait_for(|done| *done >= all)).await;
        assert!(matches!(done, Ok(Ok(_))), "an import has failed, or has no end");
    }

    /// Restarts one after the other with what its keys become. Imports go to the others meanwhile.
    async fn restart_each(&mut self, keys_become: impl Fn(Keys) -> Keys) {
        for _ in 0..self.all.len() {
            let Server { program, base, keys } = self.all.remove(0);
            // Whoever asks it has its answer before it is taken out.
            self.taking.write().await.retain(|taking| *taking != base);
            assert_eq!(program.stop().await, Some(0));
            self.go_by(FEW).await;
            let server = self.place.serve(keys_become(keys)).await;
            self.taking.write().await.push(server.base.clone());
            self.all.push(server);
            self.go_by(FEW).await;
        }
    }

    /// Ends the imports, none of which has failed, and then the servers.
    async fn end(self) -> Place {
        let Self { place, all, done, importing, .. } = self;
        drop(done);
        importing.await.expect("no import has failed");
        for server in all {
            assert_eq!(server.program.stop().await, Some(0));
        }
        place
    }
}

/// Imports, one after the other, by each server in turn, until nobody counts them any more.
async fn go_on(taking: Arc<RwLock<Vec<String>>>, key: String, count: watch::Sender<usize>) {
    for number in 0.. {
        if count.is_closed() {
            return;
        }
        let bases = taking.read().await;
        let base = bases.get(number % bases.len()).expect("a server");
        let answer = import(base, &key, "", DOCUMENTED).await;
        assert_eq!((answer.status, answer.body.as_str()), (200, DOCUMENTED_CARD));
        drop(bases);
        count.send_replace(number + 1);
    }
}

fn write(file: &Path, keys: &[&str]) {
    std::fs::write(file, keys.join("\n")).expect("a file");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_master_key_in_the_environment_is_changed_while_imports_go_on() {
    let old = Keys::Here(MASTER_KEY.to_owned());
    let place = Place::new(Backend::postgres().await, &old).await;
    let new = &place.new_key().await;
    let mut servers = Servers::start(place, vec![old.clone(), old]).await;
    let both = format!("{new} {MASTER_KEY}");
    for keys in [format!("{MASTER_KEY} {new}"), both.clone()] {
        servers.restart_each(|_| Keys::Here(keys.clone())).await;
    }
    servers.place.rotate(&Keys::Here(both)).await;
    servers.go_by(MANY).await;
    servers.restart_each(|_| Keys::Here(new.clone())).await;
    servers.end().await.is_sealed_under(new).await;
}

/// No server is restarted before the old key is forgotten.
async fn a_master_key_in_a_file_is_changed_while_imports_go_on(backend: Backend, count: usize) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let file = folder.path().join("keys");
    write(&file, &[MASTER_KEY]);
    let keys = Keys::File(file.clone());
    let place = Place::new(backend, &keys).await;
    let mut servers = Servers::start(place, vec![keys.clone(); count]).await;
    servers.place.rotate(&keys).await;
    servers.go_by(MANY).await;
    let written = std::fs::read_to_string(&file).expect("a file");
    let keys: Vec<_> = written.lines().collect();
    let (new, rest) = keys.split_first().expect("keys");
    assert_eq!(rest, [MASTER_KEY], "the old one is the last");
    write(&file, &[new]);
    servers.go_by(MANY).await;
    if count > 1 {
        servers.restart_each(|same| same).await;
    }
    servers.end().await.is_sealed_under(new).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn on_sqlite_a_master_key_in_a_file_is_changed_while_imports_go_on() {
    a_master_key_in_a_file_is_changed_while_imports_go_on(Backend::sqlite(), 1).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn on_postgres_a_master_key_in_a_file_is_changed_while_imports_go_on() {
    let backend = Backend::postgres().await;
    a_master_key_in_a_file_is_changed_while_imports_go_on(backend, 2).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_master_key_in_copies_of_a_file_is_changed_while_imports_go_on() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let copies = ["first", "second"].map(|name| folder.path().join(name));
    let write_each = |keys: &[&str]| copies.iter().for_each(|copy| write(copy, keys));
    write_each(&[MASTER_KEY]);
    let each: Vec<_> = copies.iter().cloned().map(Keys::File).collect();
    let first = Keys::File(copies[0].clone());
    let place = Place::new(Backend::postgres().await, &first).await;
    let new = place.new_key().await;
    let new = new.as_str();
    let mut servers = Servers::start(place, each).await;
    for keys in [[MASTER_KEY, new], [new, MASTER_KEY]] {
        write_each(&keys);
        servers.go_by(FEW).await;
    }
    servers.place.rotate(&Keys::Here(format!("{new}\n{MASTER_KEY}"))).await;
    servers.go_by(MANY).await;
    write_each(&[new]);
    servers.restart_each(|same| same).await;
    servers.end().await.is_sealed_under(new).await;
}
