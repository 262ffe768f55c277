//! Files broken on purpose, to see that a check can fail.

use agentwright::bundle::File;
use serde::Deserialize;
use serde_json::Value;

/// One change of one file.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Broken {
    pub name: String,
    /// The only agent it is made from; the first that has what it changes, if left out.
    #[serde(default)]
    pub agent: Option<String>,
    /// The file's path; the first that fits, where there is a `*` in it.
    file: String,
    /// In a JSON or YAML file, the place to change: keys joined by `/`. `*` stands for the first entry, `*key=value` for
    /// the first whose field `key` is that string, `*key` for the first that has that field.
    #[serde(default)]
    at: Option<String>,
    /// The new value there; the place is removed if it is left out.
    #[serde(default)]
    value: Option<toml::Value>,
    /// The key of an entry that is added at the place, for what must not be there.
    #[serde(default)]
    add: Option<String>,
    /// In any file: this text, which has to be in it, becomes another.
    #[serde(default)]
    text: Option<[String; 2]>,
}

impl Broken {
    /// The files with the change; `None` where they do not have what it changes.
    pub fn of(&self, files: &[File]) -> Option<Vec<File>> {
        let (before, after) = self.file.split_once('*').unwrap_or((&self.file, ""));
        let fits = |file: &&File| match self.file.contains('*') {
            true => file.path.starts_with(before) && file.path.ends_with(after),
            false => file.path == self.file,
        };
        let changed = files.iter().filter(fits).find_map(|file| Some((file.path.clone(), self.change(file)?)))?;
        let mut files = files.to_vec();
        let file = files.iter_mut().find(|file| file.path == changed.0)?;
        assert_ne!(file.bytes, changed.1, "“{}” changes nothing", self.name);
        file.bytes = changed.1;
        Some(files)
    }

    fn change(&self, file: &File) -> Option<Vec<u8>> {
        let text = std::str::from_utf8(&file.bytes).unwrap();
        if let Some([old, new]) = &self.text {
            return text.contains(old.as_str()).then(|| text.replacen(old.as_str(), new, 1).into_bytes());
        }
        let yaml = file.path.ends_with(".yaml") || file.path.ends_with(".yml");
        let mut document: Value = match yaml {
            true => serde_yaml_ng::from_str(text).unwrap(),
            false => serde_json::from_str(text).unwrap(),
        };
        let keys: Vec<&str> = self.at.as_deref().unwrap_or_default().split('/').filter(|key| !key.is_empty()).collect();
        self.set(&mut document, &keys)?;
        Some(match yaml {
            true => serde_yaml_ng::to_string(&document).unwrap().into_bytes(),
            false => serde_json::to_vec_pretty(&document).unwrap(),
        })
    }

    fn set(&self, place: &mut Value, keys: &[&str]) -> Option<()> {
        let value = self.value.as_ref().map(|value| serde_json::to_value(value).unwrap());
        let Some((key, rest)) = keys.split_first() else {
            match (&self.add, place) {
                (Some(key), Value::Object(fields)) => fields.insert(key.clone(), value?),
                (None, place) => Some(std::mem::replace(place, value?)),
                _ => return None,
            };
            return Some(());
        };
        let key = found(place, key)?;
        if rest.is_empty() && value.is_none() {
            match place {
                Value::Object(fields) => fields.remove(&key).map(drop)?,
                Value::Array(items) => drop(items.remove(key.parse().ok()?)),
                _ => return None,
            }
            return Some(());
        }
        match place {
            Value::Object(fields) => self.set(fields.get_mut(&key)?, rest),
            Value::Array(items) => self.set(items.get_mut(key.parse::<usize>().ok()?)?, rest),
            _ => None,
        }
    }
}

/// The key that a word of a path stands for.
fn found(place: &Value, word: &str) -> Option<String> {
    let Some(wanted) = word.strip_prefix('*') else { return Some(word.to_owned()) };
    let fits = |value: &Value| match wanted.split_once('=') {
        _ if wanted.is_empty() => true,
        Some((key, text)) => value.get(key).and_then(Value::as_str) == Some(text),
        None => value.get(wanted).is_some_and(|value| value.as_array().is_none_or(|items| !items.is_empty())),
    };
    match place {
        Value::Object(fields) => fields.iter().find(|(_, value)| fits(value)).map(|(key, _)| key.clone()),
        Value::Array(items) => items.iter().position(fits).map(|at| at.to_string()),
        _ => None,
    }
}
