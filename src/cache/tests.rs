use std::fs;

use super::*;
use crate::crypto::aead::Key;
use crate::crypto::signing::SigningKey;
use crate::device::AppKey;

const HOST: &str = "vault.example";
const DAY: Duration = Duration::from_hours(24);

struct Ground {
    home: tempfile::TempDir,
    device: Device,
}

impl Ground {
    fn new() -> Self {
        Self {
            home: tempfile::tempdir().unwrap(),
            device: device(),
        }
    }

    fn directory(&self) -> PathBuf {
        self.home.path().join("cache")
    }

    fn cache(&self) -> Cache {
        self.of(&self.device, HOST)
    }

    fn of(&self, device: &Device, host: &str) -> Cache {
        Cache::new(self.directory(), device, host)
    }

    fn files(&self) -> Vec<PathBuf> {
        let entries = fs::read_dir(self.directory()).into_iter().flatten();
        let mut paths: Vec<_> = entries.map(|entry| entry.unwrap().path()).collect();
        paths.sort();
        paths
    }

    fn only_file(&self) -> PathBuf {
        let [file] = &self.files()[..] else {
            panic!("one file is there, not {:?}", self.files());
        };
        file.clone()
    }
}

fn device() -> Device {
    Device {
        client_id: "client".to_owned(),
        signing_key: SigningKey::generate().unwrap(),
        app_key: AppKey(Key::generate().unwrap()),
        owner_key: None,
    }
}

fn question(text: &str) -> Question {
    Question(text.as_bytes().to_vec())
}

fn keep(cache: &Cache, asked: &str, answer: &[u8]) {
    let now = clock::reading();
    cache.keep(&question(asked), answer, now, DAY).unwrap();
}

fn recalled(cache: &Cache, asked: &str) -> Option<Vec<u8>> {
    let entry = cache.recall(&question(asked)).unwrap()?;
    Some(entry.answer.expose().clone())
}

#[test]
fn only_the_same_device_host_and_question_recall() {
    let ground = Ground::new();
    let cache = ground.cache();
    assert_eq!(recalled(&cache, "all"), None);
    assert!(!ground.directory().exists());
    keep(&cache, "all", b"canary");
    assert_eq!(recalled(&ground.cache(), "all").unwrap(), b"canary");
    let other_key = Device {
        signing_key: SigningKey::generate().unwrap(),
        ..ground.device.clone()
    };
    let other_name = Device {
        client_id: "another".to_owned(),
        ..ground.device.clone()
    };
    let other_app = Device {
        app_key: AppKey(Key::generate().unwrap()),
        ..ground.device.clone()
    };
    for device in [other_key, other_name, other_app, device()] {
        assert_eq!(recalled(&ground.of(&device, HOST), "all"), None);
    }
    let elsewhere = ground.of(&ground.device, "other.example");
    assert_eq!(recalled(&elsewhere, "all"), None);
    assert_eq!(recalled(&cache, "al"), None);
    assert_eq!(ground.files().len(), 1);
}

#[test]
fn the_questions_of_a_device_and_host_are_known() {
    let ground = Ground::new();
    let cache = ground.cache();
    let questions = || {
        let kept = cache.questions().unwrap().into_iter();
        let text = |kept: Result<Question, Error>| {
            let told = |error: Error| error.to_string();
            kept.map_or_else(told, |kept| String::from_utf8(kept.0).unwrap())
        };
        kept.map(text).collect::<Vec<_>>()
    };
    assert!(questions().is_empty());
    let now = clock::reading();
    for (asked, age) in [("old", 3), ("new", 1), ("middle", 2)] {
        let at = now - Duration::from_secs(age);
        cache.keep(&question(asked), b"canary", at, DAY).unwrap();
    }
    keep(&ground.of(&device(), HOST), "another's", b"canary");
    keep(
        &ground.of(&ground.device, "other.example"),
        "elsewhere",
        b"canary",
    );
    assert_eq!(questions(), ["new", "middle", "old"]);
    let own = ground.files().into_iter().find(|file| {
        let name = file.file_name().unwrap().to_str().unwrap();
        name.starts_with(&cache.keys.beginning_of_names().unwrap())
    });
    let own = own.unwrap();
    let mut changed = fs::read(&own).unwrap();
    changed[30] ^= 1;
    fs::write(&own, changed).unwrap();
    let told = questions();
    assert!(
        told.iter().any(|one| one.ends_with("is damaged")),
        "{told:?}"
    );
    assert!(!own.exists());
    assert!(!questions().iter().any(|one| one.ends_with("is damaged")));
}

#[test]
fn a_file_in_the_place_of_another_is_damaged() {
    let ground = Ground::new();
    let (mine, others) = (ground.cache(), ground.of(&device(), HOST));
    keep(&others, "all", b"canary-1");
    let foreign = ground.only_file();
    keep(&mine, "all", b"canary-2");
    let own = ground.files().into_iter().find(|path| *path != foreign);
    fs::copy(&foreign, own.unwrap()).unwrap();
    let damaged = || mine.recall(&question("all"));
    assert!(matches!(damaged(), Err(Error::Damaged { .. })));
    // It is told of once.
    assert!(damaged().unwrap().is_none());
    assert_eq!(recalled(&others, "all").unwrap(), b"canary-1");
}

#[test]
fn names_and_contents_reveal_nothing() {
    let ground = Ground::new();
    keep(&ground.cache(), "all of vault.example", b"canary canary");
    let file = ground.only_file();
    let name = file.file_name().unwrap().to_str().unwrap();
    assert!(keys::is_name(name), "{name}");
    let content = fs::read(&file).unwrap();
    for text in ["canary", "example", "client"] {
        let is_there = content
            .windows(text.len())
            .any(|part| part == text.as_bytes());
        assert!(!is_there && !name.contains(text), "{text}");
    }
}

#[test]
fn the_age_counts_from_the_asking() {
    let ground = Ground::new();
    let cache = ground.cache();
    let hour = Duration::from_hours(1);
    let asked = clock::reading() - hour;
    cache.keep(&question("all"), b"canary", asked, DAY).unwrap();
    let age = cache.recall(&question("all")).unwrap().unwrap().age;
    assert!(age >= hour && age < 2 * hour, "{age:?}");
}

#[test]
fn a_clock_that_was_set_back_is_noticed() {
    let ground = Ground::new();
    let cache = ground.cache();
    let (now, hour) = (clock::reading(), Duration::from_hours(1));
    let outcome = || cache.recall(&question("all"));
    cache
        .keep(&question("all"), b"canary", now + hour, DAY)
        .unwrap();
    assert!(matches!(outcome(), Err(Error::Future { .. })));
    // The answer is of the past, and the last use is not.
    cache
        .keep(&question("all"), b"canary", now - hour, DAY)
        .unwrap();
    assert!(outcome().unwrap().is_some());
    let file = fs::File::options().write(true).open(ground.only_file());
    file.unwrap().set_modified(now + hour).unwrap();
    assert!(matches!(outcome(), Err(Error::Future { .. })));
}

#[test]
fn one_device_is_forgotten_or_all() {
    let ground = Ground::new();
    let (other, elsewhere) = (device(), ground.of(&ground.device, "other.example"));
    assert_eq!(ground.cache().forget().unwrap(), 0);
    keep(&ground.cache(), "all", b"canary");
    keep(&ground.cache(), "one", b"canary");
    keep(&elsewhere, "all", b"canary");
    keep(&ground.of(&other, HOST), "all", b"canary");
    fs::write(ground.directory().join("ksm_cache.bin"), "theirs").unwrap();
    assert_eq!(ground.cache().forget().unwrap(), 3);
    assert!(recalled(&ground.of(&other, HOST), "all").is_some());
    assert_eq!(clear(&ground.directory()).unwrap(), 1);
    assert_eq!(ground.only_file().file_name().unwrap(), "ksm_cache.bin");
}

#[test]
fn what_was_not_used_for_long_makes_room() {
    let ground = Ground::new();
    let cache = ground.cache();
    let back = |file: &Path, age: Duration| {
        let file = fs::File::options().write(true).open(file).unwrap();
        file.set_modified(clock::reading() - age).unwrap();
    };
    keep(&cache, "old", b"canary");
    back(&ground.only_file(), DAY + Duration::from_secs(5));
    keep(&cache, "new", b"canary");
    assert!(recalled(&cache, "old").is_none() && recalled(&cache, "new").is_some());
    // The least recently used goes.
    let first = ground.only_file();
    for number in 1..limits::CACHED_ANSWERS {
        let name = format!("{:032x}-{number:032x}.sealed", 7);
        fs::write(ground.directory().join(name), "").unwrap();
    }
    back(&first, Duration::from_secs(60));
    keep(&cache, "one more", b"canary");
    assert_eq!(ground.files().len(), limits::CACHED_ANSWERS);
    assert!(recalled(&cache, "new").is_none() && recalled(&cache, "one more").is_some());
}

#[test]
fn what_is_too_long_is_not_kept() {
    let ground = Ground::new();
    let size = usize::try_from(Limit::CACHED_ANSWER.bytes()).unwrap() + 1;
    let kept = ground
        .cache()
        .keep(&question("all"), &vec![0; size], clock::reading(), DAY);
    assert!(matches!(kept, Err(Error::TooLarge(_))));
    assert!(!ground.directory().exists());
}

#[test]
fn names_are_told_from_other_files() {
    let whole = format!("{}-{}.sealed", "0".repeat(32), "f".repeat(32));
    let (capital, short) = (whole.replace('f', "F"), &whole[..whole.len() - 1]);
    assert!(keys::is_name(&whole));
    for other in [&capital, short, &whole[1..], "ksm_cache.bin", ""] {
        assert!(!keys::is_name(other), "{other}");
    }
}
