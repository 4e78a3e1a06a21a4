//! What cargo knows of the workspace, and its files.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

/// The workspace as the checks see it.
pub(crate) struct Workspace {
    pub(crate) root: PathBuf,
    pub(crate) members: BTreeMap<String, Member>,
    /// Everything beneath us, ours excluded.
    pub(crate) packages: Vec<Package>,
}

/// A crate of ours.
pub(crate) struct Member {
    pub(crate) folder: PathBuf,
    /// What it is built with.
    pub(crate) dependencies: BTreeSet<String>,
    /// What only its tests are built with.
    pub(crate) dev_dependencies: BTreeSet<String>,
}

/// A crate of somebody else's.
pub(crate) struct Package {
    pub(crate) name: String,
    pub(crate) version: String,
    pub(crate) license: Option<String>,
}

/// The root of the repository.
pub(crate) fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.parent().unwrap_or(here).to_owned()
}

impl Workspace {
    pub(crate) fn load() -> Result<Self, String> {
        let root = root();
        let cargo = std::env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned());
        let output = Command::new(cargo)
            .args(["metadata", "--format-version", "1", "--locked"])
            .current_dir(&root)
            .output()
            .map_err(|e| format!("cargo metadata cannot be run: {e}"))?;
        if !output.status.success() {
            return Err(format!(
                "cargo metadata failed: {}",
                String::from_utf8_lossy(&output.stderr).trim()
            ));
        }
        let metadata: Value =
            serde_json::from_slice(&output.stdout).map_err(|e| format!("cargo metadata: {e}"))?;
        Ok(Self::from_metadata(root, &metadata))
    }

    fn from_metadata(root: PathBuf, metadata: &Value) -> Self {
        let mut members = BTreeMap::new();
        let mut packages = Vec::new();
        for package in list(&metadata["packages"]) {
            let name = text(&package["name"]);
            if !package["source"].is_null() {
                let license = package["license"].as_str().map(str::to_owned);
                packages.push(Package {
                    name,
                    version: text(&package["version"]),
                    license,
                });
                continue;
            }
            let manifest = PathBuf::from(text(&package["manifest_path"]));
            let folder = manifest.parent().map(Path::to_owned).unwrap_or_default();
            let of_kind = |dev: bool| {
                let all = list(&package["dependencies"]).iter();
                let wanted = all.filter(|d| (d["kind"].as_str() == Some("dev")) == dev);
                wanted.map(|d| text(&d["name"])).collect::<BTreeSet<_>>()
            };
            let member = Member {
                folder,
                dependencies: of_kind(false),
                dev_dependencies: of_kind(true),
            };
            members.insert(name, member);
        }
        Self {
            root,
            members,
            packages,
        }
    }

    /// A path as people read it, from the root.
    pub(crate) fn short(&self, path: &Path) -> String {
        path.strip_prefix(&self.root)
            .unwrap_or(path)
            .display()
            .to_string()
    }
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

/// Folders nobody wrote.
const FOREIGN: &[&str] = &[
    "target",
    "node_modules",
    "dist",
    ".git",
    "artefacts",
    "storeloop-data",
];

/// The files under a folder with one of these endings, in order.
pub(crate) fn files(folder: &Path, endings: &[&str]) -> Vec<PathBuf> {
    let mut found = Vec::new();
    collect(folder, endings, &mut found);
    found.sort();
    found
}

fn collect(folder: &Path, endings: &[&str], found: &mut Vec<PathBuf>) {
    let Ok(entries) = std::fs::read_dir(folder) else {
        return;
    };
    for entry in entries.flatten() {
        let (path, name) = (entry.path(), entry.file_name());
        let name = name.to_string_lossy();
        let Ok(kind) = entry.file_type() else { continue };
        if kind.is_dir() && !FOREIGN.contains(&&*name) {
            collect(&path, endings, found);
        } else if kind.is_file() && endings.iter().any(|ending| name.ends_with(ending)) {
            found.push(path);
        }
    }
}
